"""What stands behind a figure: article by article and pair by pair, from the kept counts."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet

from annotations.agreement.material import Material, material_of
from annotations.agreement.measures.numbers import Flags, Ints
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
    return runs.filter(campaign=campaign, finished_at__isnull=False).order_by("-pk")


def newest(campaign: Campaign) -> AgreementRun | None:
    """Return the newest finished run."""
    return finished(campaign).first()


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


def lines(run: AgreementRun, labels: Collection[str]) -> list[Line]:
    """Return every two layers of the run in which any of these labels stands, those that differ
    most first; three queries, whatever their number."""
    found = material_of(run)
    table = found.table()

    def total(*key: str) -> Ints:
        wanted = [table.columns.get((label, *key), -1) for label in labels]
        return table.row_sums(wanted).astype(np.int64)

    first, second = total("first"), total("second")
    exact, overlap = total("matched", "exact"), total("matched", "overlap")
    moved = _moved(run, found)
    kept = [
        Line(
            int(found.article[at]),
            *found.names[int(found.pair[at])],
            int(first[at]),
            int(second[at]),
            int(exact[at]),
            int(overlap[at]),
            bool(moved[at]),
        )
        for at in np.flatnonzero(first + second).tolist()
    ]
    return sorted(kept, key=lambda line: (-line.unlike, line.article, line.one, line.other))


def confusions(run: AgreementRun, label: str) -> dict[str, Met]:
    """Return, by attribute, how often two values met on overlapping spans of this label, in
    either order; three queries."""
    table = material_of(run).table()
    sums = np.bincount(table.cells, weights=table.counts, minlength=len(table.columns))
    found: dict[str, Met] = {}
    for key, at in table.columns.items():
        if key[0] == label and key[1] == "value" and key[3] == "overlap" and sums[at]:
            one, other = sorted(key[4:])
            found.setdefault(key[2], Counter())[one, other] += round(sums[at])
    return found


def _moved(run: AgreementRun, found: Material) -> Flags:
    """Which pairs were counted at other revisions than those of the run."""
    used = np.array([run.layers["assignments"], run.layers["revisions"]], dtype=np.int64)
    sides = np.stack([found.first, found.second], axis=1)
    at = np.searchsorted(used[0], sides)
    return np.asarray((used[1][at] != found.revisions).any(axis=1))
