"""Quotation marks: which belong together, and which stand alone.

Curly, low-high, guillemets, corner brackets and straight double marks. Single marks are left out:
most of them are apostrophes. Positions are code points.
"""

from dataclasses import dataclass

_CLOSES = {"”": "“„", "“": "„", "»": "«", "」": "「"}
_OPENS = "“„«「"
_STRAIGHT = '"'


@dataclass(frozen=True, slots=True)
class Marks:
    """`pairs`: each stretch from an opening mark to behind its closing one, inner ones included,
    in the order of their closing. `alone`: the positions of marks without a partner."""

    pairs: tuple[tuple[int, int], ...]
    alone: tuple[int, ...]

    def outermost(self) -> list[tuple[int, int]]:
        """The pairs that stand in no other pair, in text order."""
        outer: list[tuple[int, int]] = []
        for start, end in sorted(self.pairs, key=lambda pair: (pair[0], -pair[1])):
            if not outer or start >= outer[-1][1]:
                outer.append((start, end))
        return outer


def scan(text: str) -> Marks:
    """The quotation marks of a text. A quotation that runs on over paragraphs may open again at
    the beginning of each: such a mark is neither a pair nor alone."""
    pairs: list[tuple[int, int]] = []
    alone: list[int] = []
    opened: list[tuple[str, int]] = []
    for position, mark in enumerate(text):
        opener = _opener(mark, opened)
        if opener is not None:
            alone += [at for _, at in opened[opener + 1 :]]
            pairs.append((opened[opener][1], position + 1))
            del opened[opener:]
        elif mark in _OPENS or mark == _STRAIGHT:
            if not _reopens(text, position, mark, opened):
                opened.append((mark, position))
        elif mark in _CLOSES:
            alone.append(position)
    alone += [at for _, at in opened]
    return Marks(tuple(pairs), tuple(sorted(alone)))


def _opener(mark: str, opened: list[tuple[str, int]]) -> int | None:
    """Which open mark this one closes: the newest that fits. “ closes only a „ just before it in
    the nesting, as it opens in most languages."""
    fitting = _STRAIGHT if mark == _STRAIGHT else _CLOSES.get(mark, "")
    if mark == "“":
        return len(opened) - 1 if opened and opened[-1][0] in fitting else None
    places = [place for place, (other, _) in enumerate(opened) if other in fitting]
    return places[-1] if fitting and places else None


def _reopens(text: str, position: int, mark: str, opened: list[tuple[str, int]]) -> bool:
    starts = position > 0 and text[position - 1] in "\n\r\u2029"
    return starts and bool(opened) and opened[-1][0] == mark
