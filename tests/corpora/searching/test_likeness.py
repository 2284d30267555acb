"""The signatures of articles: those of datasketch, worked out for many texts together."""

import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.searching import likeness
from annotations.corpora.searching.likeness import codes, from_stored, signatures

WORDS = st.sampled_from(["kapal", "Kapal", "rapat", "selat", "élan", "para", "warga", "menolak"])
FACTORS = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


def coded(runs: Sequence[str]) -> likeness.Codes:
    """The codes of the words of a text."""
    return np.array([code for run in runs for code in codes(run)], np.uint32)


def as_datasketch_has_it(words: Sequence[str]) -> list[int]:
    """The minima of a text: one permutation of one sequence of three words after the other."""
    codes = [zlib.crc32(word.encode()) for word in words]
    sketch = MinHash(num_perm=128, seed=1, hashfunc=int, scheme="affine32")
    for three in zip(codes, codes[1:], codes[2:], strict=False):
        mixed = sum(code * factor for code, factor in zip(three, FACTORS, strict=True)) % 2**64
        sketch.update(mixed >> 32)
    found: list[int] = sketch.hashvalues.tolist()
    return found


@given(st.lists(st.lists(WORDS, max_size=40), max_size=5))
def test_a_signature_is_that_of_datasketch_whatever_stands_beside_the_text(
    texts: list[list[str]],
) -> None:
    found = signatures([coded(words) for words in texts])
    assert len(found) == len(texts)
    for words, signed in zip(texts, found, strict=True):
        if len(words) < likeness.FEWEST_WORDS:
            assert signed is None
            continue
        assert signed is not None
        folded = [word.lower().replace("é", "e") for word in words]
        assert from_stored(signed.stored()).tolist() == as_datasketch_has_it(folded)


def test_a_long_text_is_signed_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"kata{number}" for number in range(300)]
    [whole] = signatures([coded(words)])
    monkeypatch.setattr(likeness, "_AT_ONCE", 7)
    [pieces] = signatures([coded(words)])
    assert whole is not None
    assert pieces is not None
    assert whole.values.tolist() == pieces.values.tolist() == as_datasketch_has_it(words)


def test_bands_stay_what_was_stored_when_they_were_first_made() -> None:
    [signed] = signatures([coded([f"kata{number}" for number in range(12)])])
    assert signed is not None
    assert len(set(signed.bands)) == 25
    assert signed.bands[:2] == [4330436942738403139, 906881359351269064]


def test_each_character_is_a_word_where_a_script_does_not_part_them() -> None:
    apart = [*"今日は雨が降りました会議"]
    together, one_by_one = signatures([coded(["".join(apart)]), coded(apart)])
    assert together is not None
    assert one_by_one is not None
    assert together.values.tolist() == one_by_one.values.tolist()
