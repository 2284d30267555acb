"""What stands behind a figure: article by article and pair by pair, from the kept counts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from django.db.models import F, Q, QuerySet

from annotations.agreement import heads
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign

Met = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """Two layers of one article, and how their spans pair up. `moved`: they are not any more at
    the revisions that the run compared, and the counts are newer than its figures."""

    article: int
    one: str
    other: str
    spans_of_one: int
    spans_of_other: int
    exact: int
    overlap: int
    moved: bool

    @property
    def only_one(self) -> int:
        return self.spans_of_one - self.overlap

    @property
    def only_other(self) -> int:
        return self.spans_of_other - self.overlap

    @property
    def unlike(self) -> int:
        """How many spans have no equal: how much there is to look at."""
        return self.spans_of_one + self.spans_of_other - 2 * self.exact


def finished(campaign: Campaign) -> "QuerySet[AgreementRun]":
    """Return the finished runs, the newest first, with campaign and schema at hand."""
    runs = AgreementRun.objects.select_related("campaign__schema", "campaign__corpus")
    # as long as the campaign, and hardly ever looked at
    runs = runs.defer("layers", "excluded")
    return runs.filter(campaign=campaign, finished_at__isnull=False).order_by("-pk")


def newest(campaign: Campaign) -> AgreementRun | None:
    """Return the newest finished run."""
    return finished(campaign).first()


def newest_of_versions(run: AgreementRun, campaigns: "QuerySet[Campaign]") -> list[AgreementRun]:
    """Return the newest finished run of each of these campaigns that is about the corpus of this run and
    has a version of its schema, and this run, in the order in which the campaigns were started. One
    query."""
    campaign = run.campaign
    alike = campaigns.filter(corpus=campaign.corpus_id, schema__key=campaign.schema.key)
    runs = AgreementRun.objects.select_related("campaign__schema").defer("layers", "excluded")
    newest = runs.filter(campaign__in=alike, finished_at__isnull=False)
    others = newest.exclude(campaign=campaign).order_by("campaign", "-pk").distinct("campaign")
    return sorted([run, *others], key=lambda each: (str(each.campaign.started_at), each.pk))


def listed(campaign: Campaign) -> "QuerySet[Any, Any]":
    """Return what a list of finished runs shows, the newest first: none of their layers, and of
    their figures the first, which is exact F1 over all."""
    runs = AgreementRun.objects.filter(campaign=campaign, finished_at__isnull=False).order_by("-pk")
    return runs.annotate(
        articles=F("layers__articles"),
        annotators=F("layers__annotators"),
        f1=F("results__0__value"),
        deep=Q(depth__isnull=False),
    ).values(
        "pk",
        "finished_at",
        "include_open",
        "requested_by__username",
        "articles",
        "annotators",
        "f1",
        "deep",
    )


SORTS: Mapping[str, Mapping[str, int]] = {
    "unlike": {"spans": 1, "exact": -2},
    "spans": {"spans": 1},
    "equal": {"exact": 1},
    "overlapping": {"overlap": 1},
    "alone": {"spans": 1, "overlap": -2},
}
"""By what lines can be put in order, the most first, as sums of their numbers; those that are alike as by
the first, then by article and names."""


class Lines(Sequence[Line]):
    """The lines of a run, in an order, each made when it is looked at."""

    def __init__(self, found: Columns, numbers: Mapping[str, Ints], rows: Ints) -> None:
        self._found, self._numbers, self._rows = found, numbers, rows

    @property
    def moved(self) -> bool:
        return bool(self._found.moved[self._rows].any())

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        if isinstance(at, int):
            return self._line(int(self._rows[at]))
        return [self._line(row) for row in self._rows[at].tolist()]

    def _line(self, row: int) -> Line:
        found, numbers = self._found, self._numbers
        one, other = found.names[int(found.pair[row])]
        return Line(
            int(found.article[row]),
            one,
            other,
            int(numbers["first"][row]),
            int(numbers["second"][row]),
            int(numbers["exact"][row]),
            int(numbers["overlap"][row]),
            bool(found.moved[row]),
        )


def lines(
    run: AgreementRun,
    labels: Collection[str],
    *,
    pair: tuple[str, ...] | None = None,
    sort: str = "unlike",
) -> Lines:
    """Return every two layers of the run in which any of these labels stands, or those of a pair of
    annotators, in the order of `sort` (a key of SORTS). At most five queries, whatever their number."""
    found = columns_of(run, [heads.spans(label) for label in labels])
    keys = {
        "first": ("first",),
        "second": ("second",),
        "exact": ("matched", "exact"),
        "overlap": ("matched", "overlap"),
    }
    numbers = {
        name: found.sums({(label, *key): 1 for label in labels}) for name, key in keys.items()
    }
    numbers["spans"] = numbers["first"] + numbers["second"]
    some = numbers["spans"] > 0
    if pair is not None:
        some &= np.array([names == pair for names in found.names], dtype=bool)[found.pair]
    rows = np.flatnonzero(some)
    # columns stand in the order of articles; names are numbered in their order
    ranks = [_rank(numbers, SORTS[by])[rows] for by in ("unlike", sort)]
    return Lines(found, numbers, rows[np.lexsort((found.pair[rows], found.article[rows], *ranks))])


def _rank(numbers: Mapping[str, Ints], times: Mapping[str, int]) -> Ints:
    found: Ints = np.sum([-n * numbers[name] for name, n in times.items()], axis=0)
    return found


def confusions(run: AgreementRun, label: str) -> dict[str, Met]:
    """Return, by attribute, how often two values met on overlapping spans of this label, in
    either order. At most five queries."""
    found: dict[str, Met] = {}
    for key, number in columns_of(run, [heads.values(label)]).totals().items():
        if key[3] == "overlap":
            one, other = sorted(key[4:])
            found.setdefault(key[2], Counter())[one, other] += number
    return found
