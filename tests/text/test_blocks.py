import json
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.text import blocks, graphemes
from annotations.text.blocks import CAP, Block, cut

OFFSETS = json.loads((Path(__file__).parents[1] / "vectors/offsets.json").read_text())


def pieces(text: str, language: str = "id") -> list[str]:
    return [text[block.start : block.end] for block in cut(text, language)]


def test_a_text_is_cut_after_each_paragraph() -> None:
    assert pieces("\n\nsatu\n\ndua\r\ntiga") == ["\n\nsatu\n\n", "dua\r\n", "tiga"]


def test_an_empty_text_has_no_block_and_a_blank_one_has_one() -> None:
    assert cut("", "id") == ()
    assert pieces("\n\n") == ["\n\n"]


def test_a_long_paragraph_is_cut_at_the_last_sentence_that_fits() -> None:
    sentence = "Wali kota berkata “siap.” "
    assert {piece[-6:] for piece in pieces(sentence * 200)} == {"siap.” "[-6:]}


def test_a_title_or_an_initial_ends_no_sentence() -> None:
    text = ("kata " * 300).strip() + " Dr. A. Rahman tiba. " + "kata " * 300
    assert pieces(text)[0].endswith("tiba. ")


def test_without_sentences_it_is_cut_at_a_space_and_without_spaces_between_characters() -> None:
    assert all(piece.endswith(" ") for piece in pieces("kata " * 1000))
    assert [len(piece) for piece in pieces("a" * 4500)] == [2000, 2000, 500]


def test_a_cut_never_parts_a_family_emoji_or_a_flag() -> None:
    family = "👩🏻‍🚒"
    assert all(len(piece) % len(family) == 0 for piece in pieces(family * 1500))
    assert all(piece.count("🇮") == piece.count("🇩") for piece in pieces("x" + " 🇮🇩" * 2001))


def test_japanese_is_cut_after_its_own_full_stop() -> None:
    assert all(piece.endswith("。") for piece in pieces("知事は否定した。" * 600, "ja"))


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Budi", "ar", "ltr"),
        ("«قال» Budi", "id", "rtl"),
        ("שלום", "id", "rtl"),
        ("123", "id", "ltr"),
        ("123", "fa-IR", "rtl"),
    ],
)
def test_direction_is_that_of_the_first_strong_letter(
    text: str, language: str, direction: str
) -> None:
    assert cut(text, language)[0].direction == direction


def test_a_continuation_inherits_the_direction_of_its_paragraph() -> None:
    text = "قال " + "Budi " * 900 + "\nBudi"
    assert [(block.direction, block.continues) for block in cut(text, "id")] == [
        ("rtl", False),
        ("rtl", True),
        ("rtl", True),
        ("ltr", False),
    ]


@given(
    st.text(alphabet=st.sampled_from("aé .\n\r🇮👩\u200d\u0301”。"), max_size=200),
    st.integers(1, 40),
)
@settings(max_examples=60)
def test_blocks_partition_the_text(text: str, times: int) -> None:
    cuts = cut(text * times, "id")
    assert [block.start for block in cuts] == [0, *(block.end for block in cuts)][: len(cuts)]
    assert sum(block.end - block.start for block in cuts) == len(text) * times
    assert all(0 < block.end - block.start <= CAP for block in cuts)


@pytest.mark.parametrize("vector", OFFSETS, ids=lambda vector: vector["name"])
def test_no_sure_boundary_lies_inside_a_character(vector: dict[str, object]) -> None:
    text, unbreakable = str(vector["text"]), vector["unbreakable"]
    assert isinstance(unbreakable, list)
    inside = {offset for start, end in unbreakable for offset in range(start + 1, end)}
    assert not [offset for offset in inside if graphemes.is_boundary(text, offset)]


def test_a_character_longer_than_a_block_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in pieces("e" + "\u0301" * 3999)] == [2000, 2000]


def test_a_long_text_is_cut_in_order_without_a_gap() -> None:
    text = unicodedata.normalize("NFD", "Été où l’on a dit : « prêt ». ") * 400
    assert all(one.end == other.start for one, other in pairwise(cut(text, "fr")))
    assert isinstance(cut(text, "fr")[0], Block)
    assert blocks.CAP == 2000
