"""Fragments: the ordered, disjoint stretches of text that one span covers.

Every number here is a code point offset; a fragment is half open, ``[start, end)``.
"""

from collections.abc import Sequence
from itertools import pairwise

from annotations.text.words import N_

Fragments = tuple[tuple[int, int], ...]


class FragmentError(ValueError):
    """Raised for fragments that cannot stand on a text; `reason` says why, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(raw: object, length: int) -> Fragments:
    """Return `raw` (``[[start, end], ...]``) as fragments that fit a text of `length` code points.

    The result is never empty, ordered, disjoint and not touching, each fragment non-empty and
    inside the text. Raises FragmentError for anything else; booleans and floats are no offsets.
    """
    if not isinstance(raw, list | tuple) or not raw:
        raise FragmentError(N_("a span needs at least one fragment"))
    fragments = tuple(_pair(item) for item in raw)
    for start, end in fragments:
        _check_bounds(start, end, length)
    for (_, end), (start, _) in pairwise(fragments):
        _check_order(end, start)
    return fragments


def covered(text: str, fragments: Fragments) -> tuple[str, ...]:
    """Return the text under each fragment, in order."""
    return tuple(text[start:end] for start, end in fragments)


def flat(fragments: Fragments) -> list[int]:
    """Return ``[start, end, start, end, ...]``, the form the database keeps."""
    return [offset for fragment in fragments for offset in fragment]


def pairs(flat: Sequence[int]) -> Fragments:
    """Return the fragments of the flat form. Raises FragmentError for an odd number of offsets."""
    if len(flat) % 2:
        raise FragmentError(N_("an offset has no partner"))
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def _pair(item: object) -> tuple[int, int]:
    if not isinstance(item, list | tuple) or len(item) != 2:
        raise FragmentError(N_("a fragment is a pair of offsets"))
    start, end = item
    # bool is an int in Python, but `true` is no offset in JSON
    if type(start) is not int or type(end) is not int:
        raise FragmentError(N_("an offset is a whole number"))
    return start, end


def _check_bounds(start: int, end: int, length: int) -> None:
    if start >= end:
        raise FragmentError(N_("a fragment is empty or turned around"))
    if start < 0 or end > length:
        raise FragmentError(N_("a fragment lies outside the text"))


def _check_order(end: int, start: int) -> None:
    if start < end:
        raise FragmentError(N_("fragments overlap or are out of order"))
    if start == end:
        raise FragmentError(N_("fragments touch: they are one"))
