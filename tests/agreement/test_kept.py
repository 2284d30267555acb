"""Sums that are kept: the same figures as from nothing, and only what changed is summed again."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.agreement import kept, methods
from annotations.agreement.measures.bootstrap import Resampling
from annotations.agreement.measures.summing import Seen, Summed
from annotations.agreement.models import AgreementPair, AgreementRun, AgreementSum
from annotations.agreement.standing import Look, Standing, standing
from annotations.assignments.models import Assignment
from annotations.registry import merging
from annotations.registry.models import Entity
from tests.agreement.conftest import Study
from tests.agreement.drawn import some

in_database = pytest.mark.django_db


def pairs_of(texts: list[int], people: list[int], shares: list[float]) -> Standing:
    """Pairs of layers of the articles with these texts, each of two people."""
    text, number = np.array(texts, dtype=np.int64), np.arange(len(texts))
    return Standing(
        article=number,
        first=2 * number,
        second=2 * number + 1,
        revisions=np.ones((len(texts), 2), dtype=np.int64),
        pair=np.array(people, dtype=np.int64),
        turned=np.zeros(len(texts), dtype=bool),
        names=[("ani", "budi"), ("ani", "citra")],
        text=text,
        digest=text * 3,
        shares=np.array(shares),
        submitted=number,
        known=number,
        behind=number[:0],
        look=Look(number[:0], number[:0]),
    )


standings = st.lists(
    st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 1), st.sampled_from([1.0, 0.5])),
    unique_by=lambda row: row[0],
    min_size=1,
    max_size=60,
).map(lambda rows: pairs_of(*map(list, zip(*rows, strict=True))))


def keys(now: Standing) -> list[UUID]:
    resampling = Resampling.of(now.text, 9, 1)
    return [kept.key_of(now, rows, resampling) for rows in kept.cut(now)]


@some
@given(standings)
def test_every_pair_is_in_one_part_and_a_part_is_of_two_people_and_one_share(now: Standing) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "PAIRS", 4)
        parts = [rows.tolist() for rows in kept.cut(now)]
    assert sorted(row for part in parts for row in part) == list(range(len(now.text)))
    for part in parts:
        assert part
        assert len({(now.pair[row], now.shares[row]) for row in part}) == 1


@some
@given(standings, st.data())
def test_a_change_of_a_pair_touches_one_part(now: Standing, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(now.text) - 1))
    digest = now.digest.copy()
    digest[row] += 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "PAIRS", 4)
        before, after = keys(now), keys(replace(now, digest=digest))
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_parts_of_many_pairs_are_of_like_size() -> None:
    texts = list(range(30_000))  # numbers with a pattern
    now = pairs_of(texts, [0] * 30_000, [1.0] * 30_000)
    sizes = [len(rows) for rows in kept.cut(now)]
    assert len(sizes) == 8
    assert max(sizes) < kept.PAIRS
    more = pairs_of([*texts, -5], [0] * 30_001, [1.0] * 30_001)
    assert len({*keys(more)} - {*keys(now)}) == 1


@some
@given(
    st.lists(st.lists(st.integers(0, 2**40), min_size=3, max_size=3), min_size=0, max_size=5),
    st.integers(1, 20),
)
def test_sums_come_back_from_bytes(columns: list[list[int]], articles: int) -> None:
    values = np.array(columns, dtype=np.float64).reshape(-1, 3).T
    flags = np.arange(len(columns) * articles).reshape(len(columns), articles) % 3 == 0
    seen = Seen(
        np.arange(articles), [("k", str(at)) for at in range(len(columns))], np.packbits(flags, 1)
    )
    back = kept.from_bytes(kept.as_bytes(Summed(seen, values)), seen.articles, 3)
    assert {
        key: (back.values[:, at].tolist(), back.seen.flags()[at].tolist())
        for at, key in enumerate(back.seen.keys)
    } == {key: (values[:, at].tolist(), flags[at].tolist()) for at, key in enumerate(seen.keys)}


def parts_of(study: Study) -> set[UUID]:
    return {*AgreementSum.objects.filter(campaign=study.campaign).values_list("key", flat=True)}


def from_nothing(study: Study) -> AgreementRun:
    AgreementPair.objects.all().delete()
    AgreementSum.objects.all().delete()
    return study.run()


@in_database
def test_figures_from_kept_sums_are_those_from_nothing(
    many: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = many.run()
    there = parts_of(many)
    assert len(there) > 4
    assert many.run().results == first.results
    assert parts_of(many) == there
    layer = many.campaign.assignments.get(article=many.articles[2], annotator=many.annotator_a)
    layer.spans.filter(label__key="ACTOR").update(removed=True)
    Assignment.objects.filter(pk=layer.pk).update(revision=layer.revision + 1)
    changed = many.run()
    assert "Poisson" not in methods.paragraph(changed)
    monkeypatch.setattr(methods, "FEW", 11)
    assert "Poisson" in methods.paragraph(changed)
    assert len(parts_of(many) - there) == len(there - parts_of(many)) == 1
    assert changed.parameters["pairs_counted"] == 1
    assert changed.results != first.results
    # whoever dies leaves some of the parts
    AgreementSum.objects.filter(key__in=[*parts_of(many)][::2]).delete()
    assert many.run().results == changed.results
    assert from_nothing(many).results == changed.results
    # and how the pairs are cut decides nothing
    monkeypatch.setattr(kept, "PAIRS", 1_000)
    assert many.run().results == changed.results
    monkeypatch.setattr(kept, "WORTHWHILE", 1_000)
    assert many.run().results == changed.results
    assert not parts_of(many)


@in_database
def test_a_merge_of_entities_is_in_the_figures(many: Study, manager: User) -> None:
    registry = many.campaign.corpus.registry
    one, other = (
        Entity.objects.create(registry=registry, name=name, folded=name, type="other")
        for name in ("korut", "korea utara")
    )
    for name, entity in (("annotator_a", one), ("aaa", other)):
        layer = many.campaign.assignments.get(article=many.articles[3], annotator__username=name)
        layer.spans.filter(label__key="ACTOR").update(entity=entity)
    apart = many.run()
    merging.merge(one, other, by=manager)
    together = many.run()
    assert together.results != apart.results
    assert from_nothing(many).results == together.results


@in_database
@pytest.mark.parametrize(
    "moved",
    [
        lambda: AgreementPair.objects.update(counts=None, opened=None),
        lambda: AgreementPair.objects.update(counts=b""),
        lambda: AgreementPair.objects.all()[:1].get().delete(),
    ],
)
def test_counts_that_are_not_those_that_were_looked_at_are_not_summed(
    many: Study, moved: Callable[[], object]
) -> None:
    many.run()
    AgreementSum.objects.all().delete()
    now = standing(Look.at(many.campaign, include_open=False))
    moved()
    with pytest.raises(kept.Moved):
        kept.study(many.campaign, now, include_open=False, replicates=5, seed=1)


@in_database
def test_a_look_at_what_changed_renews_a_look_at_all(many: Study) -> None:
    many.run()
    before = Look.at(many.campaign, include_open=False)
    changed = many.articles[5].pk
    layer = many.campaign.assignments.filter(article=changed).first()
    assert layer is not None
    Assignment.objects.filter(pk=layer.pk).update(revision=99)
    fresh = Look.at(many.campaign, include_open=False, articles=[changed])
    assert {*fresh.layers[0], *fresh.pairs[0]} == {changed}
    renewed, anew = before.renewed(fresh, [changed]), Look.at(many.campaign, include_open=False)
    for one, other in ((renewed.layers, anew.layers), (renewed.pairs, anew.pairs)):
        assert sorted(one.T.tolist()) == sorted(other.T.tolist())
    now = standing(renewed)
    assert now.behind.tolist() == [changed]
    others = [each.pk for at, each in enumerate(many.articles) if at != 5]
    assert sorted({*now.article.tolist()} - {changed}) == sorted(others)
    assert now.article.tolist().count(changed) == 1
