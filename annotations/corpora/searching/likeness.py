"""How like one another two articles are: the share of three-word sequences that both have.

MinHash after Broder, "On the resemblance and containment of documents" (1997); bands after Leskovec,
Rajaraman & Ullman, "Mining of Massive Datasets", section 3.4: two articles of resemblance s share a
band with probability 1 - (1 - s^5)^25, which is 0.55 at 0.5, 0.99 at 0.7 and 0.0003 at 0.1.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.text.tokens import are_parted, folded, is_unparted

ALIKE = 0.5
"""The resemblance from which on two articles tell the same story."""

FEWEST_WORDS = 12
"""An article of fewer words is like another only by chance."""

_PERMUTATIONS = 128
_BANDS, _ROWS = 25, 5
_SCHEME = "affine32"
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_ROW_FACTORS = np.array(
    [(2 * row + 1) * 0xD6E8FEB86659FD93 % 2**64 for row in range(_ROWS)], np.uint64
)
_BAND_SALTS = np.array([band * 0xA0761D6478BD642F % 2**64 for band in range(_BANDS)], np.uint64)

Values = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Signature:
    """`values`: 128 minima of 32 bits. `bands`: 25 signed keys of 64 bits."""

    values: Values
    bands: Sequence[int]

    def stored(self) -> bytes:
        """The minima, little-endian: 512 bytes."""
        return self.values.astype("<u4").tobytes()


def signature(runs: Iterable[str]) -> Signature | None:
    """Return the signature of a text by its runs (see `tokens.runs`), None for a short one."""
    words = [*runs]
    if not are_parted(words):
        words = [word for run in words for word in (run if is_unparted(run) else (run,))]
    if len(words) < FEWEST_WORDS:
        return None
    coded = np.fromiter(map(_code, words), np.uint64, len(words))
    mixed = coded[:-2] * _MIXED[0] + coded[1:-1] * _MIXED[1] + coded[2:] * _MIXED[2]
    sketch = _sketch()
    sketch.update_batch((mixed >> np.uint64(32)).tolist())
    return Signature(sketch.hashvalues, _bands(sketch.hashvalues))


def from_stored(stored: bytes) -> Values:
    """Return the minima that `Signature.stored` gave."""
    return np.frombuffer(stored, "<u4")


def resemblance(one: Values, other: Values) -> float:
    """Return the estimated share of sequences that two articles have in common, 0 to 1; its
    standard error is at most 0.045."""
    return float(np.count_nonzero(one == other)) / _PERMUTATIONS


def _bands(values: Values) -> list[int]:
    rows = values[: _BANDS * _ROWS].reshape(_BANDS, _ROWS).astype(np.uint64)
    keys = ((rows + np.uint64(1)) * _ROW_FACTORS).sum(axis=1, dtype=np.uint64)
    keys = (keys ^ (keys >> np.uint64(29))) * _MIXED[1] + _BAND_SALTS
    found: list[int] = keys.view(np.int64).tolist()
    return found


def _sketch() -> Any:
    """An empty MinHash of whole numbers."""
    from datasketch import MinHash  # takes a third of a second, which who only searches need not

    return MinHash(hashfunc=int, seed=1, permutations=_permutations(), scheme=_SCHEME)


@lru_cache(maxsize=1)
def _permutations() -> Any:
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME).permutations


@lru_cache(maxsize=131_072)
def _code(word: str) -> int:
    return zlib.crc32(folded(word).encode())
