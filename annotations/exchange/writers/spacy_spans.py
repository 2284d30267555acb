"""The spans of layers as spaCy packs those of a Doc: one for each fragment."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from struct import pack

import numpy as np
from numpy.typing import NDArray

from annotations.exchange.records import SpanRecord
from annotations.exchange.writers.spacy_cells import Ints
from annotations.exchange.writers.spacy_strings import number_of
from annotations.exchange.writers.spacy_words import Fitted, Places

_ROW = np.dtype(
    [
        ("head", "S2"),
        *((name, ">u8") for name in ("id", "kb_id", "label")),
        *((name, ">i4") for name in ("first", "behind", "start", "end")),
    ]
)
_SIZE = _ROW.itemsize
_HEAD = bytes((0xC4, _SIZE - 2))
"""As msgpack says that so many bytes follow; and with 0xDD below, that a list of so many does."""


class Spans:
    """The spans of some layers. Only what is needed of each is kept, as a span is many objects."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._ids: list[str] = []
        self._labels: list[str] = []
        self._entities: list[str | None] = []
        self._fragments: list[int] = []
        self._bounds: list[int] = []

    def add(self, spans: Sequence[SpanRecord]) -> None:
        """Those of the next layer."""
        fragments = [span.fragments for span in spans]
        self._counts.append(len(spans))
        self._ids += [span.id for span in spans]
        self._labels += [span.label for span in spans]
        self._entities += [span.entity for span in spans]
        self._fragments += map(len, fragments)
        self._bounds += chain.from_iterable(chain.from_iterable(fragments))

    def places(self) -> Places:
        """Where their fragments are, in the texts of their layers."""
        layers = _each(self._counts)[_each(self._fragments)]
        return Places(layers, *np.array(self._bounds, np.int64).reshape(-1, 2).T)

    def packed(self, places: Places, found: Fitted) -> Iterator[bytes]:
        """Those of each layer, found among its words, as a list of msgpack."""
        spans = _each(self._fragments)
        rows = np.empty(len(spans), _ROW)
        rows["head"], rows["id"] = _HEAD, 0
        rows["kb_id"] = _numbers(entity or "" for entity in self._entities)[spans]
        rows["label"] = _numbers(self._labels)[spans]
        rows["first"], rows["behind"] = found.first, found.behind
        rows["start"], rows["end"] = places.start, places.end
        data = rows.tobytes()
        for begin, end in self._ranges(places.text):
            yield pack(">BL", 0xDD, end - begin) + data[begin * _SIZE : end * _SIZE]

    def cut(self, places: Places, found: Fitted) -> Iterator[Sequence[str]]:
        """The ids of those of each layer for which words were cut."""
        spans = _each(self._fragments)
        at = np.flatnonzero(found.is_cut)
        at = at[np.diff(spans[at], prepend=-1) > 0]
        ids = [self._ids[span] for span in spans[at].tolist()]
        for begin, end in self._ranges(places.text[at]):
            yield ids[begin:end]

    def _ranges(self, layers: Ints) -> Iterator[tuple[int, int]]:
        """Where each layer begins and ends among these, which are in order."""
        return pairwise(layers.searchsorted(np.arange(len(self._counts) + 1)).tolist())


def _each(counts: Sequence[int]) -> Ints:
    """The number of each of these, as often as it says."""
    return np.arange(len(counts)).repeat(counts)


def _numbers(words: Iterable[str]) -> NDArray[np.uint64]:
    return np.fromiter(map(number_of, words), np.uint64)
