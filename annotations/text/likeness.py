"""Which names may be spelt alike: keys that two names share the more surely, the more alike they are.

MinHash after Broder, "On the resemblance and containment of documents" (1997), over the trigrams of
PostgreSQL's pg_trgm; bands after Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", section
3.4: two names of similarity s share a key with probability 1 - (1 - s^3)^32, which is 0.9996 at 0.6,
0.985 at 0.5, 0.58 at 0.3 and 0.03 at 0.1.
"""

import re
import zlib
from collections.abc import Sequence

import numpy as np

_BANDS, _ROWS = 32, 3
_FACTORS = np.random.default_rng(1).integers(1, 2**63, _BANDS * _ROWS, np.uint64) | np.uint64(1)
_SALTS = np.random.default_rng(2).integers(0, 2**63, _BANDS * _ROWS, np.uint64)
_ROW_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_BAND_SALTS = np.random.default_rng(3).integers(0, 2**63, _BANDS, np.uint64)
_WORD = re.compile(r"[^\W_]+")


def trigrams(name: str) -> frozenset[str]:
    """Return the trigrams of a folded name: of each word, with two blanks before and one after."""
    padded = (f"  {word} " for word in _WORD.findall(name))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def keys(name: str) -> Sequence[int]:
    """Return the 32 keys of a folded name, signed numbers of 64 bits; none for one without words."""
    found = trigrams(name)
    if not found:
        return ()
    codes = np.fromiter((zlib.crc32(one.encode()) for one in found), np.uint64, len(found))
    mixed = (codes[:, None] + np.uint64(1)) * _FACTORS + _SALTS
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _ROW_FACTORS[0]
    minima = (mixed >> np.uint64(32)).min(axis=0).reshape(_BANDS, _ROWS)
    bands = ((minima + np.uint64(1)) * _ROW_FACTORS).sum(axis=1, dtype=np.uint64)
    bands = (bands ^ (bands >> np.uint64(29))) * _ROW_FACTORS[1] + _BAND_SALTS
    signed: list[int] = bands.view(np.int64).tolist()
    return signed
