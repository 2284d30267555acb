"""The words of texts by number: what the pattern of words finds, text by text."""

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.searching import vocabulary
from annotations.corpora.searching.lexemes import MOST_BYTES, forms
from annotations.corpora.searching.numbering import Lexemes, Numbers
from annotations.corpora.searching.vocabulary import Vocabulary, Words
from annotations.text.tokens import folded, is_unparted, runs

ALPHABET = st.sampled_from([*"abKé_9 \n.'-–“İßŉʼ\u0301\u200dйش今日はがกัम์한😀"])
TEXTS = st.text(ALPHABET, max_size=60)


def codes_in(text: str) -> list[int]:
    words = [word for run in runs(text) for word in (run if is_unparted(run) else (run,))]
    return [zlib.crc32(folded(word).encode()) for word in words]


def forms_in(*texts: str) -> list[str]:
    return [form for text in texts for run in runs(text) for form in forms(run)]


def named(lexemes: Lexemes, words: Words) -> list[str]:
    return [lexemes._lexemes[number] for number in words.found_by.tolist()]


def as_found(known: Vocabulary, articles: Sequence[tuple[str, str]]) -> None:
    found = known.words(articles)
    assert [one.said.tolist() for one in found] == [codes_in(said) for said, _ in articles]
    assert [named(known.lexemes, one) for one in found] == [forms_in(*both) for both in articles]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_the_words_of_a_text_are_those_that_the_pattern_finds(
    articles: list[tuple[str, str]],
) -> None:
    known = Vocabulary()
    as_found(known, articles)
    as_found(known, articles[::-1])  # when all of them were met before


def test_words_are_told_apart_however_long_they_are() -> None:
    words = [f"{'k' * length}{end}" for length in range(1, 40) for end in ("", "a", "b")]
    known = Vocabulary()
    for _ in range(2):  # the second time they are looked up
        as_found(known, [(" ".join(words), " ".join(words[::-1]))] * 2)


def test_words_that_share_a_place_of_the_table_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "_BITS", 2)
    text = " ".join(f"kata{number}" for number in range(50))
    known = Vocabulary()
    as_found(known, [(text, "")] * 2)
    as_found(known, [(text, text)])


def test_what_was_met_is_forgotten_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "REMEMBERED", 20)
    known = Vocabulary()
    for text in ("satu dua", " ".join(f"kata{number}" for number in range(30)), "今日" * 90):
        before = known.lexemes
        as_found(known, [(text, "")])
        known.make_room()
        assert (known.lexemes is before) == (text == "satu dua")


@given(st.lists(st.text("ab_é今", min_size=1, max_size=20), max_size=30))
def test_a_vector_holds_each_lexeme_once_in_the_order_of_its_bytes(words: list[str]) -> None:
    lexemes = Lexemes()
    numbers = numbered(lexemes, words)
    fresh = lexemes.unstemmed("id", numbers)
    assert sorted(fresh.values()) == sorted(set(words))
    lexemes.give_stems("id", fresh, [None if "b" in word else word[:2] for word in fresh.values()])
    assert not lexemes.unstemmed("id", numbers)
    stems = {f"~{word[:2]}" for word in words if "b" not in word and word[:2] != word}
    held = held_by(lexemes.vector("id", numbers, ["#year=2024", "#month=2024-05"]))
    assert sorted(held) == sorted({*words, *stems, "#year=2024", "#month=2024-05"})
    beginnings = [lexeme.encode()[:16] for lexeme in held]
    assert beginnings == sorted(beginnings)


def test_a_vector_holds_the_first_words_that_fit() -> None:
    lexemes = Lexemes()
    words = [f"{number:06}{'x' * 54}" for number in range(20_000, 0, -1)]
    numbers = numbered(lexemes, [*words, words[0]])
    lexemes.give_stems("id", lexemes.unstemmed("id", numbers), [None] * len(words))
    held = held_by(lexemes.vector("id", numbers, ["#language=id"]))
    count = (MOST_BYTES - len("#language=id")) // 60
    assert held == ["#language=id", *sorted(words[:count])]


def numbered(lexemes: Lexemes, words: Iterable[str]) -> Numbers:
    return np.array([lexemes.number(word) for word in words], np.uint32)


def held_by(vector: bytes) -> list[str]:
    *held, end = vector[4:].decode().split("\0\0\0")
    assert end == ""
    assert int.from_bytes(vector[:4], "big") == len(held)
    return held
