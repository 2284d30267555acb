"""Agreement of parts of a campaign, from the kept counts: by week, batch, source, language, annotators."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np

from annotations.agreement import heads
from annotations.agreement.columns import Columns
from annotations.agreement.measures.annotators import Pair
from annotations.agreement.measures.groups import Counted, GroupF1, of_all, of_groups
from annotations.agreement.measures.numbers import Flags, Ints
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import Key
from annotations.agreement.models import AgreementRun

Dimension = Literal["week", "batch", "source", "language"]
IN_TIME: tuple[Dimension, ...] = ("week", "batch")
"""What follows one another, the oldest first."""
MOST = 100
"""Groups that have a figure of their own: the latest weeks and batches, the sources with most spans."""

_MONDAY = datetime(2000, 1, 3, tzinfo=UTC)
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_WEEK = timedelta(days=7) // timedelta(microseconds=1)
_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Part:
    """Which articles of a campaign are looked at: those of a source, of a language, of a batch, and those
    of which the later of two layers was submitted in the week from this Monday on."""

    source: str | None = None
    language: str | None = None
    batch: str | None = None
    week: date | None = None

    def rows(self, found: Columns) -> Flags:
        """Return which pairs are of these articles."""
        some = np.ones(len(found.article), dtype=bool)
        for column in ("source", "language", "batch"):
            word, known = getattr(self, column), getattr(found, column)
            if word is not None:
                some &= known.place == (known.words.index(word) if word in known.words else -1)
        if self.week is not None:
            some &= _weeks(found) == (self.week - _MONDAY.date()) // timedelta(days=7)
        return some


@dataclass(frozen=True, slots=True)
class Where:
    """Of which two annotators (in the order of their names), which article, which part of the
    campaign; None and an empty part: of all."""

    pair: Names | None = None
    article: int | None = None
    part: Part = field(default_factory=Part)

    def rows(self, found: Columns) -> Flags:
        """Return which pairs of layers are meant."""
        some = self.part.rows(found)
        if self.article is not None:
            some &= found.article == self.article
        if self.pair is not None:
            names = np.array([each == self.pair for each in found.names], dtype=bool)
            some &= names[found.pair]
        return some


@dataclass(frozen=True, slots=True)
class Group:
    """A week (by its Monday, of when the later of two layers was submitted; None: unknown), a batch (by when
    its articles were loaded), a source, a language or a campaign, and F1 of its articles."""

    key: str | date | None
    f1: GroupF1


@dataclass(frozen=True, slots=True)
class Grouped:
    """`left_out`: how many groups there are beyond MOST. `counted` are the rows of all of them, and `place`
    says of which group each is; those of groups that are left out come after."""

    every: GroupF1
    groups: Sequence[Group]
    left_out: int
    counted: Counted = field(repr=False, compare=False)
    place: Ints = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Side:
    """The columns of a run of one of several campaigns, and the labels that are looked at there."""

    key: str
    found: Columns
    labels: Collection[str]


def moment_of(batch: str) -> datetime:
    """Return when the articles of a batch were loaded. Raises ValueError."""
    moment = datetime.fromisoformat(batch).replace(tzinfo=UTC)
    if not 1 < moment.year < 9999:
        raise ValueError(batch)  # somewhere on earth it is no year of a calendar
    return moment


def heads_of(labels: Collection[str]) -> list[str]:
    """Return what of a run's columns is looked at here."""
    return [heads.spans(label) for label in labels]


def grouped(
    run: AgreementRun,
    found: Columns,
    by: Dimension,
    labels: Collection[str],
    variant: str,
    where: Where,
) -> Grouped:
    """Return span F1 of a run by week, batch, source or language; all pairs of annotators are summed."""
    some = where.rows(found)
    counted = _counted(found, labels, variant, some)
    every, at = np.unique(_keys(found, by)[some], return_inverse=True)
    keys = [_key(found, by, number) for number in every.tolist()]
    spans = np.bincount(at, counted.placed, len(keys)).tolist()
    if by in IN_TIME:
        order = sorted(range(len(keys)), key=lambda each: str(keys[each] or ""), reverse=True)
        order[:MOST] = reversed(order[:MOST])
    else:
        order = sorted(range(len(keys)), key=lambda each: (-spans[each], str(keys[each])))
    place = np.argsort(np.array(order, dtype=np.int64))[at]
    shown = [keys[each] for each in order[:MOST]]
    return _figures(run, counted, place, shown, len(keys) - len(shown))


def of_campaigns(run: AgreementRun, sides: Sequence[Side], variant: str, where: Where) -> Grouped:
    """Return span F1 of runs of several campaigns of one corpus, in this order, and of all of them; with
    the seed of this run."""
    told = [_counted(each.found, each.labels, variant, where.rows(each.found)) for each in sides]
    counted = Counted(
        np.concatenate([each.article for each in told]),
        np.concatenate([each.matched for each in told]),
        np.concatenate([each.placed for each in told]),
    )
    at = np.repeat(np.arange(len(told)), [len(each.article) for each in told])
    return _figures(run, counted, at, [each.key for each in sides], 0)


def _figures(
    run: AgreementRun,
    counted: Counted,
    place: Ints,
    keys: Sequence[str | date | None],
    left_out: int,
) -> Grouped:
    seed, level = run.parameters["seed"], run.parameters["level"]
    figures = of_groups(counted, place, len(keys), seed=seed, level=level)
    groups = [Group(*each) for each in zip(keys, figures, strict=True)]
    every = of_all(counted, seed=seed, level=level)
    return Grouped(every, groups, left_out, counted, place)


def between(
    found: Columns, labels: Collection[str], variant: str, where: Where
) -> dict[Names, Pair]:
    """Return the summed counts of every two annotators."""
    some = where.rows(found)
    columns = [
        found.sums({(label, *key): 1 for label in labels})
        for key in (("matched", variant), ("first",), ("second",))
    ]
    pairs = found.pair[some]
    sums = [np.bincount(pairs, each[some], len(found.names)).astype(int) for each in columns]
    known = np.flatnonzero(np.bincount(pairs, minlength=len(found.names))).tolist()
    return {found.names[at]: Pair(*(int(each[at]) for each in sums)) for at in known}


def _counted(found: Columns, labels: Collection[str], variant: str, some: Flags) -> Counted:
    """Return the pairs of spans that match, and the spans of both, in some pairs of layers."""
    matched: dict[Key, int] = {(label, "matched", variant): 1 for label in labels}
    placed: dict[Key, int] = {(label, side): 1 for label in labels for side in ("first", "second")}
    sums = (found.sums(each)[some].astype(np.float64) for each in (matched, placed))
    return Counted(found.article[some], *sums)


def _keys(found: Columns, by: Dimension) -> Ints:
    """Return a number for each group that a pair can be in, by pair."""
    return _weeks(found) if by == "week" else np.asarray(getattr(found, by).place)


def _key(found: Columns, by: Dimension, number: int) -> str | date | None:
    if by != "week":
        return str(getattr(found, by).words[number])
    return None if number == _NEVER else _MONDAY.date() + timedelta(days=7 * number)


def _weeks(found: Columns) -> Ints:
    """Return by how many weeks the one in which a pair was there is after that of _MONDAY."""
    since = found.submitted - (_MONDAY - _BEGIN) // timedelta(microseconds=1)
    return np.where(found.submitted == _NEVER, _NEVER, since // _WEEK)
