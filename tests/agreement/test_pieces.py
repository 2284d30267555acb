"""What pages read of a run: the same with pieces as without, and only what changed is made anew."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from annotations.accounts.models import User
from annotations.agreement import (
    cases,
    chance,
    heads,
    kept,
    keys,
    parts,
    pieces,
    queries,
    results,
    services,
)
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.edges import edges
from annotations.agreement.measures.behind import Choice
from annotations.agreement.measures.counting import turned
from annotations.agreement.models import AgreementColumns, AgreementPair, AgreementRun
from annotations.agreement.parts import Part, Where
from annotations.agreement.standing import Look, standing
from annotations.assignments.models import Assignment
from annotations.corpora.models import Article
from tests.agreement.conftest import Study

pytestmark = pytest.mark.django_db

LABELS = ("QUOTE", "ACTOR", "CUE")
HEADS = [each(label) for label in LABELS for each in (heads.spans, heads.values)]


@pytest.fixture
def told(many: Study) -> Study:
    """Their layers were submitted on a day of their own each, the first on none that is known."""
    for at, row in enumerate(many.articles):
        submitted = datetime(2026, 3, 1 + at, tzinfo=UTC) if at else None
        Assignment.objects.filter(article=row, kind="annotator").update(submitted_at=submitted)
    return many


def keys_of(study: Study) -> set[UUID]:
    rows = AgreementColumns.objects.filter(campaign=study.campaign)
    return {*rows.values_list("key", flat=True)}


def both_ways(run: AgreementRun, look: Callable[[], Any]) -> Any:
    """What a page sees with the pieces of a run; and, the same, without."""
    assert AgreementColumns.objects.filter(campaign=run.campaign_id).exists()
    with_pieces = look()
    run.pieces, there = [], run.pieces
    without = look()
    run.pieces = there
    assert with_pieces == without
    return with_pieces


def test_columns_hold_what_is_counted_of_every_pair(told: Study) -> None:
    run = told.run()
    found = columns_of(run, HEADS)
    every = {key for _, key, _ in found.counts}
    assert len(every) > 8
    names = [found.names[at] for at in found.pair]
    for at, pair in enumerate(
        AgreementPair.objects.filter(campaign=told.campaign).order_by("article", "first", "second")
    ):
        assert (found.article[at], found.first[at]) == (pair.article_id, pair.first_id)
        assert found.revisions[at].tolist() == [pair.first_revision, pair.second_revision]
        people = (pair.first.annotator.username, pair.second.annotator.username)
        assert names[at] == tuple(sorted(people))
        assert found.turned[at] == (people[0] > people[1])
        cells = keys.cells_of(bytes(pair.counts)).tolist()
        numbered = keys.keys_of(number for number, _ in cells)
        counted = Counter({numbered[number]: count for number, count in cells})
        for key in every:
            wanted = counted[turned(key) if found.turned[at] else key]
            assert found.sums({key: 1})[at] == wanted, key


def test_lines_are_the_same(told: Study) -> None:
    run, pair = told.run(), ("annotator_a", "annotator_b")
    for sort in queries.SORTS:
        lines = both_ways(run, lambda sort=sort: [*queries.lines(run, LABELS, sort=sort)])
        assert len(lines) == 24
        some = both_ways(
            run, lambda sort=sort: [*queries.lines(run, ["QUOTE"], pair=pair, sort=sort)]
        )
        assert {(line.one, line.other) for line in some} == {pair}


def test_lines_stand_in_the_order_that_was_asked_for(told: Study) -> None:
    run = told.run()
    every = [*queries.lines(run, LABELS)]
    numbers: dict[str, Callable[[queries.Line], int]] = {
        "unlike": lambda line: line.unlike,
        "spans": lambda line: line.spans_of_one + line.spans_of_other,
        "equal": lambda line: line.exact,
        "overlapping": lambda line: line.overlap,
        "alone": lambda line: line.only_one + line.only_other,
    }
    assert numbers.keys() == queries.SORTS.keys()
    for sort, number in numbers.items():
        wanted = sorted(
            every,
            key=lambda line, n=number: (-n(line), -line.unlike, line.article, line.one, line.other),
        )
        assert [*queries.lines(run, LABELS, sort=sort)] == wanted


def test_parts_are_the_same(told: Study) -> None:
    run = told.run()

    def look(part: Part, by: parts.Dimension) -> Any:
        found = columns_of(run, parts.heads_of(LABELS))
        where = Where(part=part)
        grouped = parts.grouped(run, found, by, LABELS, "exact", where)
        return grouped, parts.between(found, LABELS, "overlap", where), chance.each(run, grouped)

    for by in ("week", "batch", "source", "language"):
        every, _, unlike = both_ways(run, lambda by=by: look(Part(), by))
        assert len(unlike) == len(every.groups)
        assert sum(group.f1.n for group in every.groups) == every.every.n
        part = Part(source="Kompas", batch="2026-01-01T00:00:00.000000")
        kompas, *_ = both_ways(run, lambda by=by, part=part: look(part, by))
        # the first, the fourth, and the tenth, which is a correction of the second
        assert kompas.every.articles == 3
        assert 0 < kompas.every.n < every.every.n
        nobody, *_ = both_ways(run, lambda by=by: look(Part(language="xx"), by))
        assert not nobody.groups


def test_a_batch_is_a_load_and_a_week_is_of_the_later_layer(told: Study) -> None:
    run = told.run()
    found = columns_of(run, parts.heads_of(LABELS))
    batches = parts.grouped(run, found, "batch", LABELS, "exact", Where()).groups
    assert [group.key for group in batches] == [
        f"2026-01-0{day}T00:00:00.000000" for day in (1, 2, 3)
    ]
    assert [group.f1.articles for group in batches] == [6, 4, 2]
    weeks = parts.grouped(run, found, "week", LABELS, "exact", Where()).groups
    assert [str(group.key) for group in weeks] == ["None", "2026-03-02", "2026-03-09"]
    assert [group.f1.articles for group in weeks] == [1, 7, 4]


def test_boundaries_and_values_are_the_same(told: Study) -> None:
    run = told.run()
    found = both_ways(run, lambda: edges(run, LABELS))
    assert found.end.n == 30
    assert found.strings
    both_ways(run, lambda: queries.confusions(run, "QUOTE"))


def test_cases_are_the_same(told: Study) -> None:
    run = told.run()
    for what, step, total in (
        ("lost", "found", 36),
        ("lost", "boundary", 46),
        ("lost", "label", 0),
        ("alone", "found", 36),
        ("matched", "found", 30),
        ("value", "found", 0),
        ("relation", "found", 0),
        ("entity", "found", 0),
    ):
        choice = Choice(what, LABELS, "overlap", step)
        page = both_ways(run, lambda choice=choice: cases.page(run, choice, Where()))
        assert page.total == total, (what, step)


def test_a_change_makes_one_piece_anew(told: Study) -> None:
    told.run()
    there = keys_of(told)
    assert len(there) > 3
    told.run()
    assert keys_of(told) == there
    for change in (
        lambda row: row.assignments.filter(campaign=told.campaign).update(revision=99),
        lambda row: Article.objects.filter(pk=row.pk).update(source="Lain"),
        lambda row: row.assignments.filter(campaign=told.campaign).update(
            submitted_at="2026-07-01T00:00Z"
        ),
    ):
        before = keys_of(told)
        change(told.articles[4])
        run = told.run()
        assert len(keys_of(told) - before) == len(before - keys_of(told)) == 1
        both_ways(run, lambda run=run: [*queries.lines(run, LABELS)])


def test_runs_over_layers_that_are_open_keep_pieces_of_their_own(told: Study) -> None:
    submitted = told.run()
    opened = told.run(include_open=True)
    assert not {*submitted.pieces} & {*opened.pieces}
    told.run()
    assert keys_of(told) == {UUID(key) for key in (*submitted.pieces, *opened.pieces)}


@pytest.mark.parametrize(
    "moved",
    [
        lambda: AgreementPair.objects.update(counts=None, opened=None),
        lambda: AgreementPair.objects.update(counts=b""),
        lambda: AgreementPair.objects.update(first_revision=99),
        lambda: AgreementPair.objects.all()[:1].get().delete(),
        lambda: Article.objects.update(source="Lain"),
        lambda: Assignment.objects.update(submitted_at=None),
    ],
)
def test_pieces_are_of_what_was_looked_at(told: Study, moved: Callable[[], object]) -> None:
    told.run()
    AgreementColumns.objects.all().delete()
    now = standing(Look.at(told.campaign, include_open=False))
    moved()
    with pytest.raises(kept.Moved):
        pieces.keep(told.campaign, now, include_open=False)


def test_the_words_of_a_text_go_when_it_is_taken_down(told: Study) -> None:
    run = told.run()
    assert edges(run, LABELS).end.n == 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [told.articles[3].pk])
    assert not AgreementColumns.objects.exists()
    # the page of the run shows what is left, until there is a newer one
    assert edges(run, LABELS).end.n == 26
    assert {line.article for line in queries.lines(run, LABELS)} == {
        row.pk for at, row in enumerate(told.articles) if at != 3
    }
    assert edges(told.run(), LABELS).end.n == 26


def test_no_piece_is_kept_while_a_text_is_taken_down(
    told: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = import_module("annotations.migrations.0023_columns_of_agreement_are_kept")
    assert f"pg_advisory_xact_lock({pieces._LOCK})" in migration.GOES_ALONG
    with monkeypatch.context() as few:
        few.setattr(pieces, "WORTHWHILE", 100)
        told.run()
    another = connection.copy()
    with another.cursor() as cursor, connection.cursor() as own:
        cursor.execute("SELECT pg_advisory_lock(%s)", [pieces._LOCK])
        own.execute("SET LOCAL lock_timeout = '50ms'")
        now = standing(Look.at(told.campaign, include_open=False))
        with pytest.raises(OperationalError):
            pieces.keep(told.campaign, now, include_open=False)
    another.close()
    assert not AgreementColumns.objects.exists()


def test_more_pairs_are_not_more_queries(
    many: Study, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    run = many.run()
    with django_assert_num_queries(2):
        found = columns_of(run, HEADS)
    with django_assert_num_queries(1):
        edges(run, LABELS)
    monkeypatch.setattr(pieces, "PAIRS", 100)
    again = many.run()
    assert len(again.pieces) < len(run.pieces)
    with django_assert_num_queries(2):
        assert_same(found, columns_of(again, HEADS))


def assert_same(one: Columns, other: Columns) -> None:
    assert one.totals() == other.totals()
    for each in ("article", "first", "second", "pair", "turned", "submitted"):
        assert getattr(one, each).tolist() == getattr(other, each).tolist()


def test_a_run_knows_in_numbers_what_it_is_of(study: Study) -> None:
    run = study.run(include_open=True)
    assert run.summary == results.summary(run)
    told = dict(run.summary)
    AgreementRun.objects.filter(pk=run.pk).update(summary={})
    migration = import_module("annotations.migrations.0023_columns_of_agreement_are_kept")
    with connection.cursor() as cursor:
        cursor.execute(migration.SUMMARISED)
    run.refresh_from_db()
    # what tells its layers from others is not known of older runs
    assert run.summary == told | {"print": None}


def test_nothing_changed_is_known_without_a_look_at_the_layers(
    many: Study, django_assert_num_queries: Any
) -> None:
    many.run()
    run = queries.newest(many.campaign)
    with django_assert_num_queries(1):
        assert not services.changes_since(run)
    layer = many.campaign.assignments.filter(revision__gt=0).first()
    Assignment.objects.filter(pk=layer.pk).update(revision=99)
    assert services.changes_since(run) == services.Changes(1, 0, 0)
    AgreementRun.objects.update(summary=run.summary | {"print": None})
    Assignment.objects.filter(pk=layer.pk).update(revision=layer.revision)
    assert not services.changes_since(queries.newest(many.campaign))


def test_people_who_are_renamed_stand_in_their_new_order(told: Study) -> None:
    told.run()
    User.objects.filter(username="aaa").update(username="zzz")
    run = told.run()
    lines = both_ways(run, lambda: [*queries.lines(run, LABELS)])
    assert {(line.one, line.other) for line in lines} == {
        ("annotator_a", "annotator_b"),
        ("annotator_a", "zzz"),
        ("annotator_b", "zzz"),
    }
