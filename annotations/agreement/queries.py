"""What stands behind a figure: article by article and pair by pair, from the kept tallies."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import F, Func, JSONField, Value

from annotations.agreement.measures.tally import VERSION, Counts, from_rows
from annotations.agreement.models import AgreementRun, AgreementTally
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


@dataclass(frozen=True, slots=True)
class _Kept:
    article: int
    one: str
    other: str
    moved: bool
    counts: Counts


def newest(campaign: Campaign) -> AgreementRun | None:
    """Return the newest finished run, with its campaign and schema at hand."""
    runs = AgreementRun.objects.select_related("campaign__schema", "campaign__corpus")
    return runs.filter(campaign=campaign, finished_at__isnull=False).order_by("-pk").first()


def lines(run: AgreementRun, labels: Collection[str]) -> list[Line]:
    """Return every two layers of the run in which any of these labels stands, those that differ
    most first; one query, whatever their number."""
    found = (_line(kept, labels) for kept in _tallies(run, labels))
    standing = (line for line in found if line.spans_of_one or line.spans_of_other)
    return sorted(standing, key=lambda line: (-line.unlike, line.article, line.one, line.other))


def confusions(run: AgreementRun, label: str) -> dict[str, Met]:
    """Return, by attribute, how often two values met on overlapping spans of this label, in
    either order; one query."""
    found: dict[str, Met] = {}
    for kept in _tallies(run, [label]):
        for key, count in kept.counts.items():
            if key[1] == "value" and key[3] == "overlap":
                one, other = sorted(key[4:])
                found.setdefault(key[2], Counter())[one, other] += count
    return found


def _tallies(run: AgreementRun, labels: Collection[str]) -> Iterator[_Kept]:
    """Yield the tallies of the run's layers, only with the counts of these labels."""
    layers = {each["assignment"]: each for each in run.layers}
    rows = AgreementTally.objects.filter(campaign=run.campaign_id, version=VERSION)
    fields = ("article_id", "first_id", "second_id", "first_revision", "second_revision")
    for article, first, second, one, other, counts in rows.values_list(*fields, _only(labels)):
        if first in layers and second in layers:
            a, b = layers[first], layers[second]
            moved = (a["revision"], b["revision"]) != (one, other)
            yield _Kept(article, a["annotator"], b["annotator"], moved, from_rows(counts))


def _only(labels: Collection[str]) -> Func:
    """The counts of these labels, picked out by the database: the rest is most of a tally."""
    names = {f"label{at}": label for at, label in enumerate(labels)}
    wanted = " || ".join(f"@[0] == ${name}" for name in names)
    return Func(
        F("counts"),
        Value(f"strict $[*] ? ({wanted})"),  # lax would look inside each count
        Value(names, JSONField()),
        function="jsonb_path_query_array",
        output_field=JSONField(),
    )


def _line(kept: _Kept, labels: Collection[str]) -> Line:
    def total(*key: str) -> int:
        return sum(kept.counts.get((label, *key), 0) for label in labels)

    return Line(
        kept.article,
        kept.one,
        kept.other,
        total("first"),
        total("second"),
        total("matched", "exact"),
        total("matched", "overlap"),
        kept.moved,
    )
