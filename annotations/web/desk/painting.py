"""The article as HTML: blocks whose text is exactly the article's, and marks for the eye.

The desk paints its marks in the browser (`js/elements/article-text.js`); what is in sight at first
comes painted, and so does all of a layer that can no longer change: it reads without scripts and on
paper. Both paint alike. The page is sent in two parts, what is in sight first (`parted`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from annotations.schema.spec import Spec
from annotations.spans.requests import SpanImage
from annotations.text.blocks import Block
from annotations.text.fragments import Fragments
from annotations.text.segments import Painting, Run, flatten

IN_SIGHT = 1_800
"""Code points from the beginning: what begins there fills a window of 1,000 pixels and more. The first
frame waits for it, and each of its marks costs that frame, seen or not."""
MOST_LANES = 5
MOST_BESIDE = 3
_SIGNS = {"favor": "+", "against": "−", "neutral": "○", "mixed": "±"}
_BREAKS = "\n\r\x85\u2029"


def parted(blocks: Iterable[Block]) -> tuple[list[Block], Iterator[Block]]:
    """The blocks that begin where a screen may show them at once, and the others, which nobody has
    asked for yet."""
    coming, shown = iter(blocks), list[Block]()
    for block in coming:
        if block.start >= IN_SIGHT:
            return shown, chain([block], coming)
        shown.append(block)
    return shown, coming


def painted(
    text: str, blocks: Sequence[Block], spans: Sequence[SpanImage], spec: Spec, *, last: str = ""
) -> SafeString:
    """These blocks of an article, with a mark around each run of each span; the last of them with
    this id, so that a browser can wait for it."""
    return _elements(blocks, _Brush(text, spans, spec).paint, last)


def bare(text: str, blocks: Sequence[Block]) -> SafeString:
    """These blocks without marks: the browser paints them."""
    return _elements(blocks, lambda block: _bare(text, block.start, block.end))


def _elements(
    blocks: Sequence[Block], inside: Callable[[Block], str], last: str = ""
) -> SafeString:
    names = {len(blocks) - 1: f' id="{last}"'} if last else {}
    elements = (
        _element(block, inside(block), names.get(number, "")) for number, block in enumerate(blocks)
    )
    return mark_safe("".join(elements))  # noqa: S308 - every piece of text went through `_exact`


def _element(block: Block, inside: str, name: str) -> str:
    """A paragraph finds its direction by its letters; what continues one keeps its direction."""
    start = f'<p data-start="{block.start}"{name}'
    if block.continues:
        return f'{start} dir="{block.direction}" class="continues">{inside}</p>'
    return f'{start} dir="auto">{inside}</p>'


def _bare(text: str, start: int, end: int) -> str:
    """The text, its last line breaks in an element of their own that shows none of them."""
    inside = text[start:end]
    words = inside.rstrip(_BREAKS)
    breaks = inside[len(words) :]
    return _exact(words) + (f'<span class="breaks">{_exact(breaks)}</span>' if breaks else "")


def _exact(text: str) -> str:
    # a parser would turn a bare CR into LF, and CRLF into one character: offsets would shift
    return escape(text).replace("\r", "&#13;")


class _Brush:
    def __init__(self, text: str, spans: Sequence[SpanImage], spec: Spec) -> None:
        self._text, self._spans, self._spec = text, spans, spec
        self._fragments: list[Fragments] = [
            tuple((start, end) for start, end in span.fragments) for span in spans
        ]
        self._by_start = sorted(range(len(spans)), key=lambda i: self._fragments[i][0])

    def paint(self, block: Block) -> str:
        here = [i for i in self._by_start if self._meets(i, block)]
        if not here:
            return _bare(self._text, block.start, block.end)
        painting = flatten([self._fragments[i] for i in here], block.start, block.end)
        return "".join(self._pieces(painting, here))

    def _meets(self, index: int, block: Block) -> bool:
        return any(s < block.end and e > block.start for s, e in self._fragments[index])

    def _pieces(self, painting: Painting, here: list[int]) -> Iterator[str]:
        open_: list[int] = []
        for run in painting.runs:
            wanted = list(reversed(run.spans))
            kept = _common(open_, wanted)
            yield "</mark>" * (len(open_) - kept)
            yield from self._marks(painting, here, run, wanted[kept:])
            yield _bare(self._text, run.start, run.end)
            open_ = wanted
        yield "</mark>" * len(open_)

    def _marks(
        self, painting: Painting, here: list[int], run: Run, opening: list[int]
    ) -> Iterator[str]:
        beside = 0
        for local in opening:
            begins = any(start == run.start for start, _ in self._fragments[here[local]])
            yield self._mark(here[local], painting.lanes[local] or 0, run.start, beside)
            beside += begins

    def _mark(self, index: int, lane: int, start: int, beside: int) -> str:
        span = self._spans[index]
        label = self._spec.label(span.label)
        colour, line = (label.colour, label.line) if label else ("accent", "solid")
        return (
            f'<mark data-span="{span.id}" data-colour="{escape(colour)}" data-line="{line}" '
            f'data-lane="{min(lane, MOST_LANES)}"{self._badge(index, start, beside)}>'
        )

    def _badge(self, index: int, start: int, beside: int) -> str:
        """The letters at the beginning of each fragment; a later one shows that it goes on."""
        starts = [first for first, _ in self._fragments[index]]
        if start not in starts:
            return ""
        letters = badge_of(self._spans[index], self._spec)
        goes_on = start != starts[0]
        nth = f' data-nth="{min(beside, MOST_BESIDE)}"' if beside else ""
        continues = " data-continues" if goes_on else ""
        return f' data-badge="{escape("⋯" * goes_on + letters)}"{continues}{nth}'


def badge_of(span: SpanImage, spec: Spec) -> str:
    """The small letters at the beginning of a span: its label's, and the sign of its stance."""
    label = spec.label(span.label)
    sign = _SIGNS.get(str(span.attributes.get("polarity", "")), "")
    return (label.letter if label else "?") + sign


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
