"""Texts in bytes are looked through as a pattern looks through them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.searching import scanning
from annotations.corpora.searching.matching import Stretch, hits, holds, pattern, stretch
from annotations.corpora.searching.query import Term, parse
from annotations.corpora.searching.scanning import Scan, may_hold

LETTERS = "abAs_ß9éÆ北ا \n-“”👍\u0301\u0300\u200d"
PLAIN = "abABs_9 \n-'"
WORDS = st.sampled_from(["ab", "a", "aba", "ss", "aes", "ab*", "a*", "é", "北", "-ab", "9", "ba_a"])


def by_pattern(texts: Sequence[str], terms: Sequence[Term], most: int) -> list[list[Stretch]]:
    found = pattern(terms)
    return [
        [stretch(text, *hit) for hit in hits(text, found)][:most] if found else [] for text in texts
    ]


def by_bytes(texts: Sequence[str], terms: Sequence[Term], most: int) -> list[list[Stretch]]:
    scan = Scan(terms)
    return [[*scan.stretches(text.encode(), most)] for text in texts]


@given(
    st.lists(WORDS, min_size=1, max_size=3),
    st.lists(st.text(alphabet=LETTERS, max_size=200), max_size=4)
    | st.lists(st.text(alphabet=PLAIN, max_size=200), max_size=4),
    st.integers(1, 5),
)
def test_bytes_tell_what_the_pattern_tells(words: list[str], texts: list[str], most: int) -> None:
    terms = parse(" ".join(words))
    assert by_bytes(texts, terms, most) == by_pattern(texts, terms, most)


@given(st.data())
def test_words_among_words_are_told_as_the_pattern_tells_them(data: st.DataObject) -> None:
    said = [
        "kapal",
        "Kapal",
        "kapalnya",
        "KAPAL",
        "káPal",
        "ka\u0301pal",
        "kapal\u0301",
        "lain",
        "👍",
    ]
    gaps = [" ", "\n", "–", "", "’", "-", "  “"]
    texts = data.draw(
        st.lists(
            st.lists(st.tuples(st.sampled_from(said), st.sampled_from(gaps)), max_size=60).map(
                lambda pairs: "".join(map("".join, pairs))
            ),
            max_size=3,
        )
    )
    for query in ("kapal", "kapal*", "lain kapal", "kapal kapal*", '"kapal lain"', "kapal-kapal"):
        terms = parse(query)
        assert by_bytes(texts, terms, 100) == by_pattern(texts, terms, 100)
        for term in terms:
            assert not any(
                holds(text, term) and not may_hold(text.encode(), term) for text in texts
            )


def test_most_texts_that_only_have_the_words_of_a_phrase_are_told_apart() -> None:
    [term] = parse('"kapal besar itu"')
    told = {
        "Kapal besar itu": True,
        "KAPAL – “Besar”, itu": True,
        "itu besar, kapal": False,
        "Kapal kecil besar itu": True,
        "Kapal yang begitu besar, katanya itu": False,
        "": False,
        "Kapal bésar itu": True,
    }
    assert {text: may_hold(text.encode(), term) for text in told} == told


def test_the_pattern_is_asked_only_where_bytes_cannot_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(terms: Sequence[Term]) -> None:
        raise AssertionError(terms)

    monkeypatch.setattr(scanning, "pattern", refused)
    plain = ["Kapal “karam” 👍 e\u0301lan kapalnya kapal", "kapal-" * 50]
    assert [len(found) for found in by_bytes(plain, parse("kapal"), 5)] == [2, 5]
    for text in ("kapal éa", "kapal\u0301", "ka\u0301pal", "“kapal”-" * 50):
        with pytest.raises(AssertionError):
            by_bytes([text], parse("kapal"), 5)


def test_a_word_of_a_long_text_is_found_once_for_every_place() -> None:
    text = "kapal, " * 3 + "x" * 5_000 + " 👍" * 80 + "kapal" + "n" * 900 + " kapal"
    terms = parse("kapal*")
    assert by_bytes([text], terms, 10) == by_pattern([text], terms, 10)
    assert len(by_bytes([text], terms, 10)[0]) == 5
