"""Numbers of pairs of layers as bytes, as narrow as they fit, and back."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from annotations.agreement.measures.numbers import Ints, SmallInts
from annotations.agreement.measures.tally import Key

FORMS = ("<u1", "<u2", "<u4", "<i8")


class Packed(msgspec.Struct, array_like=True):
    """Numbers in one of FORMS. Where `places` are given (in FORMS, too), the numbers are those of
    these rows, and all others are 0."""

    form: str
    numbers: bytes
    places_form: str = ""
    places: bytes = b""

    def dense(self, rows: int) -> Ints:
        """Return the number of each of so many rows."""
        found = np.zeros(rows, dtype=np.int64)
        self.add(found, 1)
        return found

    def add(self, sums: Ints, factor: int) -> None:
        """The numbers, so many times, are in the sums of the rows."""
        numbers = np.frombuffer(self.numbers, self.form).astype(np.int64)
        if self.places_form:
            sums[np.frombuffer(self.places, self.places_form)] += factor * numbers
        else:
            sums += factor * numbers

    def total(self) -> int:
        """Return the sum over all rows."""
        return int(np.frombuffer(self.numbers, self.form).sum(dtype=np.int64))


class Words(msgspec.Struct, array_like=True):
    """A word of each row: its place in a list."""

    words: list[str]
    place: Packed

    @classmethod
    def of(cls, told: Sequence[str]) -> "Words":
        words = sorted({*told})
        place = {word: at for at, word in enumerate(words)}
        return cls(words, packed(np.array([place[word] for word in told], dtype=np.int64)))


def packed(numbers: Ints) -> Packed:
    """Return the number of every row, packed."""
    return Packed(*_narrow(numbers))


def columns(
    rows: SmallInts, cells: SmallInts, counts: Ints, keys: Mapping[int, Key], length: int
) -> Iterator[tuple[Key, Packed]]:
    """Yield the column of each of these keys: of the entries `counts`, that stand in `rows` (in order)
    and in columns `cells`."""
    order = np.argsort(cells, kind="stable")
    ends = np.searchsorted(cells[order], np.arange(max(keys, default=0) + 2))
    for column, key in keys.items():
        some = order[ends[column] : ends[column + 1]]
        if len(some):
            yield key, _column(rows[some], counts[some], length)


def _column(rows: SmallInts, counts: Ints, length: int) -> Packed:
    sparse = Packed(*_narrow(counts), *_narrow(rows.astype(np.int64)))
    dense = packed(np.bincount(rows, counts, length).astype(np.int64))
    shorter = len(sparse.numbers) + len(sparse.places) < len(dense.numbers)
    return sparse if shorter else dense


def _narrow(numbers: Ints) -> tuple[str, bytes]:
    low, high = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    fits = (form for form in FORMS if low >= np.iinfo(form).min and high <= np.iinfo(form).max)
    form = next(fits)
    return form, numbers.astype(form).tobytes()
