"""Offsets in UTF-16 units and UTF-8 bytes, beside those in code points. Pure."""

from collections.abc import Iterable, Sequence

from annotations.exchange.records import Line, Pair, SpanRecord, WaiverRecord

_ENCODED = {"utf16": ("utf-16-le", 2), "bytes": ("utf-8", 1)}


class Offsets:
    """The offsets of one text in another unit; `at` are all that will be asked for. Costs one
    passage through the text."""

    def __init__(self, text: str, unit: str, at: Iterable[int]) -> None:
        codec, size = _ENCODED[unit]
        self._known: dict[int, int] = {}
        before = counted = 0
        for offset in sorted(set(at)):
            counted += len(text[before:offset].encode(codec)) // size
            self._known[offset] = counted
            before = offset

    def of(self, fragments: Sequence[Pair]) -> Sequence[Pair]:
        return [(self._known[start], self._known[end]) for start, end in fragments]


def add_offsets(line: Line, units: Sequence[str]) -> None:
    """Every span and waiver of the line has its fragments in these units, too."""
    placed: list[SpanRecord | WaiverRecord] = []
    for layer in line.layers:
        placed += [*layer.spans]
        placed += [*layer.waivers]
    at = {offset for each in placed for fragment in each.fragments for offset in fragment}
    for unit in units:
        offsets = Offsets(line.article.text, unit, at)
        for each in placed:
            setattr(each, f"fragments_{unit}", offsets.of(each.fragments))
