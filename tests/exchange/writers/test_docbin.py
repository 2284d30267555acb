"""spaCy's DocBin, read without spaCy (which `make judges` asks): the form, the numbers of words, and
that words and spans are what went out."""

import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exchange.writers import docbin, spacy_stretches
from annotations.exchange.writers.docbin import WRITER
from annotations.exchange.writers.losses import Part
from annotations.exchange.writers.shape import described, who
from annotations.exchange.writers.spacy_cells import Cells, Ints
from annotations.exchange.writers.spacy_stretches import Stretches
from annotations.exchange.writers.spacy_strings import number_of, numbers_of
from annotations.exchange.writers.spacy_words import Places, fitted
from tests.exchange.kutip_lines import TEXT, TEXTS, Drawn, campaigns, compact, layer, line, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out, unzipped


@dataclass(frozen=True)
class Doc:
    folder: str
    words: list[str]
    text: str
    spans: list[tuple[str, str, int, int, str]]
    """Label, entity, where it begins and ends, and what its words are."""
    known: Mapping[str, Any]


def docs(data: bytes) -> Iterator[Doc]:
    for name, file in unzipped(data).items():
        whole = msgspec.msgpack.decode(zlib.decompress(file))
        assert (whole["version"], whole["attrs"]) == ("0.1", [65])
        strings = {number_of(word): word for word in whole["strings"]} | {0: ""}
        assert whole["strings"] == sorted(whole["strings"])
        tokens, spaces = array("Q", whole["tokens"]), whole["spaces"]
        at = 0
        for number, length in enumerate(array("i", whole["lengths"])):
            words = [strings[token] for token in tokens[at : at + length]]
            behind = spaces[at : at + length]
            at += length
            group = whole["span_groups"][number]
            known = msgspec.msgpack.decode(whole["user_data"][number])["kutip"]
            yield _doc(name.rpartition("/")[0], words, behind, group, strings, known)
        assert at == len(tokens) == len(spaces)
        assert len(whole["cats"]) == len(whole["flags"]) == len(whole["span_groups"])


def _doc(
    folder: str,
    words: list[str],
    behind: bytes,
    group: bytes,
    strings: Mapping[int, str],
    known: Mapping[str, Any],
) -> Doc:
    pieces = [word + " " * space for word, space in zip(words, behind, strict=True)]
    text, starts = "".join(pieces), [0, *accumulate(map(len, pieces))]
    [(spans, keys)] = msgspec.msgpack.decode(group, type=dict[bytes, list[str]]).items()
    assert keys == ["sc"]
    found = []
    for packed in msgspec.msgpack.decode(spans)["spans"]:
        _, entity, label, first, last, start, end = struct.unpack(">QQQllll", packed)
        assert (start, end) == (starts[first], starts[last - 1] + len(words[last - 1]))
        found.append((strings[label], strings[entity], start, end, text[start:end]))
    return Doc(folder, words, text, found, known)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("", 0),
        ("LAW", 390),
        ("nsubj", 429),
        ("a", 11901859001352538922),
        ("katanya", 7113048829214283551),
        ("delapan8", 1884492095235239116),
        ("delapan88", 7202536743478723777),
        ("🚢", 16598364688930500423),
        ("e\u0301", 12745818603700845520),
        ("\r\n", 2933942332565701703),
        ("01890a5d-ac96-774b-bcce-b302099a8057", 9848091058648795734),
    ],
)
def test_words_have_the_numbers_that_spacy_gives_them(word: str, number: int) -> None:
    """As `StringStore().add(word)` of spaCy 3.8.18 says."""
    assert number_of(word) == number


@settings(deadline=None)
@given(st.lists(st.text("abé🚢 ", max_size=40) | st.sampled_from(["ORG", "X"]), min_size=1))
def test_many_words_have_the_numbers_of_each(words: list[str]) -> None:
    assert numbers_of(words).tolist() == [number_of(word) for word in words]


def words_in(text: str, *places: tuple[int, int]) -> list[str]:
    """The words with the space behind some, which together are the text, as they fit these places."""
    known = Stretches()
    vocabulary = known.vocabulary
    bounds = np.array(places, np.int64).reshape(-1, 2)
    found = fitted(known.words_of([text]), Places(0 * bounds[:, 0], *bounds.T), vocabulary)
    slots = found.words.slots
    words = [vocabulary.words[slot] for slot in slots]
    behind = vocabulary.behind(slots).tolist()
    assert all(words)
    assert len(words) == len(behind) == found.words.counts.sum()
    assert vocabulary.numbers(slots).tolist() == list(map(number_of, words))
    pieces = [word + " " * space for word, space in zip(words, behind, strict=True)]
    assert vocabulary.sizes(slots).tolist() == list(map(len, pieces))
    for (start, end), first, last in zip(places, found.first, found.behind, strict=True):
        assert len("".join(pieces[:first])) == start
        assert "".join(pieces[first : last - 1]) + words[last - 1] == text[start:end]
    return pieces


@settings(deadline=None)
@given(TEXTS | st.text("a\u0301 \n\t.\xa0", min_size=1), st.data())
def test_words_are_the_text_and_fit_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    bounds = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True)
    places = [(min(pair), max(pair)) for pair in data.draw(st.lists(bounds))]
    whole = words_in(text)
    apart = words_in(text, *places)
    assert "".join(whole) == "".join(apart) == text
    uncut, cut = ({0, *accumulate(map(len, pieces))} for pieces in (whole, apart))
    asked = {bound for pair in places for bound in pair}
    assert uncut <= cut <= uncut | asked | {end - 1 for _, end in places}


def test_words_are_those_that_spacy_has() -> None:
    """One space stands with the word before it; all other white space is a word."""
    pieces = ["Kata ", " ", "Laras", ",", "\n ", "e\u0301 ", "🚢"]
    assert words_in("Kata  Laras,\n e\u0301 🚢") == pieces
    assert words_in(" Kata\n ") == [" ", "Kata", "\n "]
    assert words_in("Kata ") == ["Kata "]
    assert words_in("Kata\xa0 Laras\u2003  \xa0 ") == ["Kata", "\xa0 ", "Laras", "\u2003  \xa0 "]


def test_only_words_that_a_span_cuts_are_cut() -> None:
    """A space behind a span stays with its word, or those who train on the file would learn to see
    spans by that."""
    assert words_in("Laras berkata lagi.", (0, 5), (9, 13)) == [
        "Laras ",
        "ber",
        "kata ",
        "lagi",
        ".",
    ]
    assert words_in("Laras berkata.", (0, 6)) == ["Laras", " ", "berkata", "."]


@settings(deadline=None)
@given(st.lists(st.text("a\u0301 \n.\xa0", min_size=1) | TEXTS, min_size=1))
def test_words_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    """Also when all stretches are known: those at the end of a text have no space."""
    known = Stretches()
    for _ in range(2):
        words = known.words_of(texts)
        for text, slots in zip(texts, words.apart(), strict=True):
            word, behind = known.vocabulary.words, known.vocabulary.behind(slots).tolist()
            pieces = [word[slot] + " " * space for slot, space in zip(slots, behind, strict=True)]
            assert pieces == words_in(text)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 14, 15, 16, 17, 40])
def test_words_of_any_length_are_told_apart(size: int) -> None:
    words = [f"{letter * size}{end} " for letter in "ab" for end in ("", "a", "b")]
    assert words_in("".join(words * 2)) == words * 2
    assert words_in("".join(words).rstrip()) == [*words[:-1], words[-1].rstrip()]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=30),
        max_size=5,
    )
)
def test_what_has_no_cell_is_found_all_the_same(asked: list[list[tuple[int, int]]]) -> None:
    cells, called = Cells(bits=2), []
    for keys in asked:

        def others(places: Ints, keys: list[tuple[int, int]] = keys) -> list[int]:
            called.extend([keys[at] for at in places])
            return [10 * keys[at][0] + keys[at][1] for at in places]

        first, second = np.array(keys, np.uint64).T
        found = cells.values(first, second, others)
        assert found.tolist() == [10 * one + two for one, two in keys]
    assert {key for keys in asked for key in keys if not key[1]} <= set(called)


def test_what_has_a_cell_is_asked_for_once() -> None:
    cells, one = Cells(), np.ones(3, np.uint64)
    assert cells.values(one, one, lambda places: [7] * len(places)).tolist() == [7, 7, 7]
    assert cells.values(one, one, lambda places: []).tolist() == [7, 7, 7]


def test_what_is_kept_of_texts_before_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is changed by that."""
    monkeypatch.setattr(docbin, "MOST_WORDS", 5)
    monkeypatch.setattr(docbin, "AT_ONCE", 5)
    texts = [f"Satu {number} dua tiga." for number in range(9)]
    given = lines(*(line(text, layer("ani", span(text, "Sa"))) for text in texts))
    whole = out(WRITER, given)[0]
    made: list[Stretches] = []

    class Counted(Stretches):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(docbin, "Stretches", Counted)
    monkeypatch.setattr(spacy_stretches, "MOST_KEPT", 20)
    assert out(WRITER, given)[0] == whole
    assert len(made) > 2
    assert max(map(len, made)) < 10


def test_a_word_is_cut_where_a_span_ends_inside_it_and_that_is_counted() -> None:
    spans = span(TEXT, "kata", label="CUE"), span(TEXT, "Laras")
    data, report = out(WRITER, lines(line(TEXT, layer("ani", *spans), layer("budi", spans[1]))))
    one, two = docs(data)
    assert {"kata", "nya"} < set(one.words)
    assert "katanya" in two.words
    assert counted(report) == {"cut_words": 1}
    assert report.lost[Part.CUT_WORDS].places[0].id == spans[0]["id"]


@settings(deadline=None, max_examples=40)
@given(campaigns())
def test_what_went_out_is_there(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    found = list(docs(out(WRITER, given)[0]))
    there = {(each.folder, each.known["article"]["id"]): each for each in found}
    expected = {(who(each), one.article.id): (one, each) for one in given for each in one.layers}
    assert there.keys() == expected.keys()
    assert len(found) == len(expected)
    for key, doc in there.items():
        one, whole = expected[key]
        assert doc.text == one.article.text
        assert doc.spans == [
            (span.label, span.entity or "", start, end, words)
            for span in whole.spans
            for (start, end), words in zip(span.fragments, span.text, strict=True)
        ]
        assert compact(doc.known["layer"]) == compact(msgspec.to_builtins(whole))
        assert doc.known["entities"] == msgspec.to_builtins(one.entities)
        assert doc.known["article"] == described(one) | {"id": one.article.id}


def test_many_words_are_in_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docbin, "MOST_WORDS", 10)
    monkeypatch.setattr(docbin, "AT_ONCE", 10)
    given = lines(*(line(f"Satu dua tiga {n}.", layer("ani"), layer("budi")) for n in range(4)))
    data, _ = out(WRITER, given)
    files = [f"{name}/{number:05}.spacy" for number in (1, 2, 3, 4) for name in ("ani", "budi")]
    assert list(unzipped(data)) == files[: len(unzipped(data))]
    assert len(unzipped(data)) > 2
    assert len(list(docs(data))) == 8
