"""Quote coverage: which quoted stretches of an article are somebody's quote. Pure.

`js/lib/coverage.js` shows the same while an annotator works.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from annotations.schema.rules import Finding, Span, shortened
from annotations.schema.spec import Spec
from annotations.spans.remarks import WaiverImage
from annotations.text.quotemarks import scan
from annotations.text.words import N_

QUOTE = "QUOTE"
OPEN = N_("Nobody is quoted with %(words)s: mark a quote there, or waive it with a reason.")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An outermost pair of quotation marks, its marks included."""

    range: Range
    state: Literal["attributed", "waived", "open"]


def stretches(
    spec: Spec, text: str, spans: Iterable[Span], waivers: Iterable[WaiverImage]
) -> list[Stretch]:
    """The quoted stretches of a text, in its order; none where the schema knows no quotes.

    Attributed: all between the marks, white space apart, lies in quotes. Waived: a waiver with a
    reason is about exactly it.
    """
    if spec.label(QUOTE) is None:
        return []
    quoted = _joined(_range(f) for span in spans if span.label == QUOTE for f in span.fragments)
    waived = {
        _range(waiver.fragments[0])
        for waiver in waivers
        if waiver.label == QUOTE and waiver.reason and len(waiver.fragments) == 1
    }
    return [Stretch(found, _state(found, text, quoted, waived)) for found in scan(text).outermost()]


def open_stretches(text: str, found: Iterable[Stretch]) -> list[Finding]:
    """What a campaign that demands coverage finds: E7 for each open stretch, with its place."""
    return [
        Finding("E7", "E", None, OPEN, {"words": shortened(text, *one.range)}, "", (one.range,))
        for one in found
        if one.state == "open"
    ]


def _state(
    found: Range, text: str, quoted: Sequence[Range], waived: set[Range]
) -> Literal["attributed", "waived", "open"]:
    if _is_covered(text, found[0] + 1, found[1] - 1, quoted):
        return "attributed"
    return "waived" if found in waived else "open"


def _is_covered(text: str, start: int, end: int, quoted: Sequence[Range]) -> bool:
    """Whether all of the text from `start` to `end` lies in these ranges, white space apart."""
    at = start
    for first, last in quoted[max(bisect_right(quoted, (start,)) - 1, 0) :]:
        if first >= end:
            break
        if first > at and not _is_space(text[at:first]):
            return False
        at = max(at, last)
    return at >= end or _is_space(text[at:end])


def _is_space(piece: str) -> bool:
    # browsers count U+FEFF as white space, Python does not
    return not piece.replace("\ufeff", " ").strip()


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """The same ranges, those that overlap or touch as one, in order."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _range(pair: Sequence[int]) -> Range:
    start, end = pair
    return start, end
