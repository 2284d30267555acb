"""The numbers by which spaCy knows words: MurmurHash64A of their UTF-8, seed 1."""

from functools import lru_cache

from annotations.exchange.writers.spacy_symbols import NUMBERS

_MASK = (1 << 64) - 1
_BY = 0xC6A4A7935BD1E995
_RIGHT = 47


@lru_cache(maxsize=65_536)
def number_of(word: str) -> int:
    """The number that spaCy's StringStore gives the word; 0 for none."""
    return NUMBERS.get(word) or (_hash(word.encode()) if word else 0)


def _hash(data: bytes) -> int:
    hashed = (1 ^ (len(data) * _BY)) & _MASK
    whole = len(data) & ~7
    for at in range(0, whole, 8):
        piece = int.from_bytes(data[at : at + 8], "little") * _BY & _MASK
        piece = (piece ^ piece >> _RIGHT) * _BY & _MASK
        hashed = (hashed ^ piece) * _BY & _MASK
    if whole < len(data):
        hashed = (hashed ^ int.from_bytes(data[whole:], "little")) * _BY & _MASK
    hashed = (hashed ^ hashed >> _RIGHT) * _BY & _MASK
    return hashed ^ hashed >> _RIGHT
