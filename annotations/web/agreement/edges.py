"""The boundaries of a label as a histogram, with the strings that stand in the differences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotations.agreement.edges import edges
from annotations.agreement.measures.boundaries import Between, Distances
from annotations.agreement.models import AgreementRun

FAR = 10
"""Code points; edges further apart stand in one bar at either end."""
MOST_STRINGS = 12
_WIDTH, _HIGH = 18, 60


@dataclass(frozen=True, slots=True)
class Bin:
    """How many edges are so far apart; `x`, `y` and `height` are numbers of SVG. Edges that are the
    same are told in words: their bar would hide all others."""

    word: str
    number: int
    x: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Histogram:
    title: str
    distances: Distances
    same: int
    bins: Sequence[Bin]
    width: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A string that one annotator has in the span and the other has not, more than once."""

    shown: str
    where: str
    number: int


@dataclass(frozen=True, slots=True)
class EdgesScreen:
    histograms: Sequence[Histogram]
    strings: Sequence[Difference]


def screen(run: AgreementRun, labels: Sequence[str]) -> EdgesScreen | None:
    """Return the boundaries of these labels, None where no spans overlap. One query."""
    found = edges(run, labels)
    if not found.start.n:
        return None
    return EdgesScreen(
        [_histogram(_("Beginnings"), found.start), _histogram(_("Ends"), found.end)],
        [*_merged(found.strings)],
    )


def _histogram(title: str, found: Distances) -> Histogram:
    numbers = dict.fromkeys(range(-FAR, FAR + 1), 0)
    for distance, number in found.histogram:
        numbers[min(max(distance, -FAR), FAR)] += number
    same = numbers[0]
    numbers[0] = 0
    most = max(1, *numbers.values())
    bins = []
    for at, (distance, number) in enumerate(numbers.items()):
        height = _HIGH * number / most
        word = f"{distance:+d}" if distance else "0"
        if abs(distance) == FAR:
            word = f"≥ {word}" if distance > 0 else f"≤ {word}"
        word = word.replace("-", "\N{MINUS SIGN}")
        bins.append(Bin(word, number, _WIDTH * at, f"{_HIGH - height:.1f}", f"{height:.1f}"))
    return Histogram(title, found, same, bins, _WIDTH * len(bins))


def _merged(found: Sequence[Between]) -> Iterator[Difference]:
    """Whose layer is the first says nothing: both sides of a string are one."""
    counts: dict[tuple[str, str], int] = {}
    for each in found:
        key = each.string, each.edge
        counts[key] = counts.get(key, 0) + each.number
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for (string, edge), number in ranked[:MOST_STRINGS]:
        if number == 1:
            return
        where = _("at the beginning") if edge == "start" else _("at the end")
        yield Difference(string.replace("\n", "⏎").replace("\t", "⇥"), where, number)
