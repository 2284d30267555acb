"""How like one another two articles are: the share of three-word sequences that both have.

MinHash after Broder, "On the resemblance and containment of documents" (1997); bands after Leskovec,
Rajaraman & Ullman, "Mining of Massive Datasets", section 3.4: two articles of resemblance s share a
band with probability 1 - (1 - s^5)^25, which is 0.55 at 0.5, 0.99 at 0.7 and 0.0003 at 0.1.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from annotations.text.tokens import folded, is_unparted

ALIKE = 0.5
"""The resemblance from which on two articles tell the same story."""

FEWEST_WORDS = 12
"""An article of fewer words is like another only by chance."""

_PERMUTATIONS = 128
BANDS = 25
"""Keys by which a signature is looked up."""

_ROWS = 5
_AT_ONCE = 1_024
"""Sequences that are permuted at once: a long text takes no more room than a short one."""
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_ROW_FACTORS = np.array(
    [(2 * row + 1) * 0xD6E8FEB86659FD93 % 2**64 for row in range(_ROWS)], np.uint64
)
_BAND_SALTS = np.array([band * 0xA0761D6478BD642F % 2**64 for band in range(BANDS)], np.uint64)

Codes = NDArray[np.uint32]
Values = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Signature:
    """`values`: 128 minima of 32 bits. `bands`: 25 signed keys of 64 bits."""

    values: Values
    bands: Sequence[int]

    def stored(self) -> bytes:
        """The minima, little-endian: 512 bytes."""
        return self.values.astype("<u4").tobytes()


def codes(run: str) -> Iterator[int]:
    """Yield the words of a run of a text (see `tokens.runs`) as numbers. Each character is a word
    where a script does not part them."""
    for word in run if is_unparted(run) else (run,):
        yield zlib.crc32(folded(word).encode())


def signatures(texts: Sequence[Codes]) -> list[Signature | None]:
    """Return the signature of each text by the codes of its words, None for a short one. What can
    be worked out for all of them together is, which takes half the time of one after the other."""
    signed = iter(_signatures([text for text in texts if len(text) >= FEWEST_WORDS]))
    return [next(signed) if len(text) >= FEWEST_WORDS else None for text in texts]


def from_stored(stored: bytes) -> Values:
    """Return the minima that `Signature.stored` gave."""
    return np.frombuffer(stored, "<u4")


def resemblance(one: Values, other: Values) -> float:
    """Return the estimated share of sequences that two articles have in common, 0 to 1; its
    standard error is at most 0.045."""
    return float(np.count_nonzero(one == other)) / _PERMUTATIONS


def _signatures(texts: Sequence[Codes]) -> Iterator[Signature]:
    if not texts:
        return
    codes = np.concatenate(texts).astype(np.uint64)
    sequences = _mixed(codes[:-2] * _MIXED[0] + codes[1:-1] * _MIXED[1] + codes[2:] * _MIXED[2])
    ends = np.cumsum([len(text) for text in texts])
    # a sequence that begins with one of the last two words of a text ends in the next one
    own = (sequences[end - len(text) : end - 2] for text, end in zip(texts, ends, strict=True))
    minima = np.array([*map(_minima, own)])
    yield from map(Signature, minima, _bands(minima))


def _mixed(sequences: NDArray[np.uint64]) -> Values:
    """32 bits of each, in which every bit that went in counts: the mixing of MurmurHash3."""
    bits = (sequences >> np.uint64(32)).astype(np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)
    return bits ^ (bits >> np.uint32(16))


def _minima(sequences: Values) -> Values:
    """The least number that each permutation makes of the sequences; as datasketch finds them, one
    text and one sequence at a time."""
    factors, summands = _permutations()
    minima = np.full(_PERMUTATIONS, np.uint32(2**32 - 1))
    for at in range(0, len(sequences), _AT_ONCE):
        permuted = factors * sequences[at : at + _AT_ONCE]
        permuted += summands
        np.minimum(minima, permuted.min(axis=1), out=minima)
    return minima


def _bands(minima: Values) -> list[list[int]]:
    """The keys of the bands of each text, one row of minima each."""
    rows = minima[:, : BANDS * _ROWS].reshape(-1, BANDS, _ROWS).astype(np.uint64)
    keys = ((rows + np.uint64(1)) * _ROW_FACTORS).sum(axis=2, dtype=np.uint64)
    keys = (keys ^ (keys >> np.uint64(29))) * _MIXED[1] + _BAND_SALTS
    found: list[list[int]] = keys.view(np.int64).tolist()
    return found


@cache
def _permutations() -> tuple[Values, Values]:
    """The factors and the summands of the permutations, each as a column."""
    from datasketch import MinHash  # takes a third of a second, which who only searches need not

    factors, summands = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme="affine32").permutations
    return factors[:, None], summands[:, None]
