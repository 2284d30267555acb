"""The articles that two runs have, and what sets their figures apart there: more than chance, or not?

Counts of layers as they were are not kept for ever. Articles whose layers are the same in both runs add
what is counted of them now; those of others are counted again, from their layers at the revisions of each run.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from django.db import connection

from annotations.accounts.models import User
from annotations.agreement.former import layers_at
from annotations.agreement.identities import Identities
from annotations.agreement.keys import cells_of
from annotations.agreement.layers import Compared
from annotations.agreement.material import Material, sides
from annotations.agreement.measures.counting import count
from annotations.agreement.measures.groups import REPLICATES
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.passes import Asked, Passes, differences
from annotations.agreement.measures.permutation import Difference
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.models import AgreementRun, AgreementState
from annotations.agreement.services import questions
from annotations.corpora.models import ArticleText
from annotations.schema.services import spec_of

MOST = 500
"""Pairs of layers that are counted again while somebody waits: some seconds of work at most."""
_AT_ONCE = 2_000  # articles whose counts are in memory

_LAYERS = """
SELECT string_agg(int8send(g.id) || int8send(g.article_id) || int8send(g.annotator_id)
                  || substr(a.sha256, 1, 8), '')
  FROM assignment g JOIN article a ON a.id = g.article_id WHERE g.id = ANY(%s)"""

_COUNTED = """
SELECT p.article_id, p.first_id, p.second_id, p.first_revision, p.second_revision, p.counts
  FROM agreement_pair p
 WHERE p.campaign_id = %s AND p.version = %s AND p.counts IS NOT NULL AND p.article_id = ANY(%s)
 ORDER BY p.article_id, p.first_id, p.second_id"""


class TooMany(Exception):
    """So many pairs of layers would have to be counted again."""

    def __init__(self, pairs: int) -> None:
        super().__init__(pairs)
        self.pairs = pairs


@dataclass(frozen=True, slots=True)
class Twice:
    """Of `shared` articles, those that both runs have, `changed` have other layers, or at other
    revisions. Articles of one run alone, and those whose layers or text are gone, are left out.
    `differences`: what sets the later run apart from the earlier, by figure."""

    shared: int
    changed: int
    only_before: Sequence[int]
    only_after: Sequence[int]
    gone: Sequence[int]
    differences: Mapping[Asked, Difference]
    seed: int


@dataclass(frozen=True, slots=True)
class _Layers:
    """The layers of a run, in order: their keys, revisions, articles, annotators, and what tells texts
    apart."""

    key: Ints
    revision: Ints
    article: Ints
    annotator: Ints
    text: Ints

    def of(self, articles: Ints) -> "_Layers":
        """Return those of these articles."""
        here = np.isin(self.article, articles)
        columns = (self.key, self.revision, self.article, self.annotator, self.text)
        return _Layers(*(column[here] for column in columns))

    def articles(self) -> tuple[Ints, Ints]:
        """Return the articles of which there are several layers, and how many."""
        found, layers = np.unique(self.article, return_counts=True)
        return found[layers > 1], layers[layers > 1]

    def pairs(self) -> int:
        layers = self.articles()[1]
        return int((layers * (layers - 1) // 2).sum())


def twice(before: AgreementRun, after: AgreementRun, *, most: int | None) -> Twice:
    """Return what sets two runs of one campaign apart on the articles that both have. Five queries, three
    for every two thousand articles that are alike, and ten where some are counted again. Raises
    TooMany."""
    first, second = _layers(before, after)
    shared = np.intersect1d(first.articles()[0], second.articles()[0])
    changed = np.intersect1d(shared, _unlike(first, second))
    alike, behind = _alike(after, second.of(np.setdiff1d(shared, changed)))
    sides = [first.of(changed), second.of(changed), second.of(behind)]
    again = sum(each.pairs() for each in sides)
    if most is not None and again > most:
        raise TooMany(again)
    one, other, same = (_recounted(after, each) for each in sides)
    both = sorted(one.keys() & other.keys())
    passes = Passes(
        [*alike, *(row for rows in same.values() for row in rows)],
        *([row for key in both for row in rows[key]] for rows in (one, other)),
    )
    spec, seed = spec_of(after.campaign.schema_id), after.parameters["seed"]
    ask = questions(spec, after.parameters)
    return Twice(
        shared=len(shared),
        changed=len(changed),
        only_before=np.setdiff1d(first.article, second.article).tolist(),
        only_after=np.setdiff1d(second.article, first.article).tolist(),
        gone=[key for key in [*changed.tolist(), *behind.tolist()] if key not in {*both, *same}],
        differences=differences(passes, ask, replicates=REPLICATES, seed=seed),
        seed=seed,
    )


def _layers(*runs: AgreementRun) -> Iterator[_Layers]:
    """Yield the layers of each run. One query."""
    wanted = {key for run in runs for key in run.layers["assignments"]}
    with connection.cursor() as cursor:
        cursor.execute(_LAYERS, [sorted(wanted)])
        (stored,) = cursor.fetchone() or (None,)
    known = np.frombuffer(stored or b"", ">i8").reshape(-1, 4).T.astype(np.int64)
    known = known[:, np.argsort(known[0])]
    for run in runs:
        told = [run.layers[name] for name in ("assignments", "revisions")]
        key, revision = np.array(told, dtype=np.int64)
        here = np.isin(key, known[0])
        at = np.searchsorted(known[0], key[here])
        yield _Layers(key[here], revision[here], *known[1:, at])


def _unlike(first: _Layers, second: _Layers) -> Ints:
    """Return the articles of which a layer is at another revision, or in one of both alone."""
    both = np.hstack(
        [np.stack([each.key, each.revision, each.article]) for each in (first, second)]
    )
    order = np.lexsort(both)
    (key, revision, article) = both[:, order]
    same = (np.diff(key) == 0) & (np.diff(revision) == 0)
    twice = np.zeros(len(key), dtype=bool)
    twice[1:] |= same
    twice[:-1] |= same
    return np.unique(article[~twice])


def _alike(run: AgreementRun, layers: _Layers) -> tuple[list[Row], Ints]:
    """Return the sums of the articles whose pairs are counted at the revisions of these layers, and the
    other articles."""
    articles, number = layers.articles()
    found: list[Row] = []
    behind: list[Ints] = []
    for first in range(0, len(articles), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        material, complete = _counted(run, layers, articles[some], number[some])
        behind.append(articles[some][~complete])
        found += _summed(material, 1 / (number[some] - 1), articles[some])
    return found, np.concatenate([np.zeros(0, dtype=np.int64), *behind])


def _counted(
    run: AgreementRun, layers: _Layers, articles: Ints, number: Ints
) -> tuple[Material, Flags]:
    """Return the counted pairs of these articles, which have so many layers, and of which of them all are
    there at the revisions of the layers. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [run.campaign_id, VERSION, articles.tolist()])
        rows = cursor.fetchall()
    article, first, second, *revisions = np.array([row[:5] for row in rows]).reshape(-1, 5).T
    at = np.searchsorted(layers.key, [first, second]).clip(max=len(layers.key) - 1)
    fresh = (layers.key[at] == [first, second]) & (layers.revision[at] == revisions)
    place = np.searchsorted(articles, article)
    fresh_pairs = np.bincount(place, fresh.all(axis=0), len(articles))
    complete = fresh_pairs == number * (number - 1) // 2
    some = fresh.all(axis=0) & complete[place]
    stored = [row[5] for row, wanted in zip(rows, some.tolist(), strict=True) if wanted]
    pair, turned, names = sides(*layers.annotator[at][:, some])
    cells = cells_of(b"".join(stored))
    sizes = np.array([len(each) for each in stored], dtype=np.int64) // cells.dtype.itemsize
    return (
        Material(
            article[some],
            first[some],
            second[some],
            np.stack(revisions, axis=1)[some],
            pair,
            turned,
            names,
            sizes,
            cells,
        ),
        complete,
    )


def _summed(material: Material, shares: Floats, articles: Ints) -> Iterator[Row]:
    """Yield what pairs add up to, by annotators and the shares of their articles."""
    table = material.table()
    share = shares[np.searchsorted(articles, table.article)]
    keys = [*table.columns]
    for pair, its in sorted({*zip(table.pair.tolist(), share.tolist(), strict=True)}):
        some = np.repeat((table.pair == pair) & (share == its), table.sizes)
        sums = np.bincount(table.cells[some], table.counts[some], len(keys)).astype(np.int64)
        counts = {keys[at]: int(sums[at]) for at in np.flatnonzero(sums).tolist()}
        yield Row(0, table.names[pair], its, counts)


def _recounted(run: AgreementRun, layers: _Layers) -> dict[int, list[Row]]:
    """Return the rows of the articles of these layers, as they were. Those whose text is gone are left
    out. Five queries, none where there are no layers."""
    if not len(layers.key):
        return {}
    campaign = run.campaign
    compared = Compared.of(spec_of(campaign.schema_id))
    state = AgreementState.objects.filter(campaign=campaign).first()
    identities = Identities.from_json(state.merged if state else {})
    revisions = dict(zip(layers.key.tolist(), layers.revision.tolist(), strict=True))
    marked = layers_at(campaign, revisions, compared, identities)
    people = dict(
        User.objects.filter(pk__in=np.unique(layers.annotator)).values_list("pk", "username")
    )
    texts = dict(
        ArticleText.objects.filter(article__in=np.unique(layers.article)).values_list(
            "article", "text"
        )
    )
    by_article: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    number = dict(zip(layers.article.tolist(), layers.text.tolist(), strict=True))
    for key, article, who in zip(
        *(each.tolist() for each in (layers.key, layers.article, layers.annotator)), strict=True
    ):
        by_article[article].append((people[who], key))
    return {
        article: [
            Row(
                number[article],
                (one, other),
                1 / (len(several) - 1),
                count(texts[article], marked[a], marked[b], compared.order).bounded,
            )
            for (one, a), (other, b) in combinations(sorted(several), 2)
        ]
        for article, several in by_article.items()
        if article in texts
    }
