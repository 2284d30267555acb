import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.searching.matching import hits, holds, pattern
from annotations.corpora.searching.query import MOST_TERMS, Term, TooManyTerms, looked_up, parse


def test_words_phrases_absent_words_and_beginnings_are_told_apart() -> None:
    assert parse('Menolak "kata menteri" -banjir pesi*') == [
        Term(("menolak",)),
        Term(("kata", "menteri"), exact=True),
        Term(("banjir",), without=True),
        Term(("pesi",), begins=True),
    ]


def test_what_is_written_with_a_hyphen_is_a_phrase() -> None:
    assert parse("undang-undang") == [Term(("undang", "undang"), exact=True)]


def test_a_script_that_does_not_part_its_words_is_looked_up_by_pairs() -> None:
    [term] = parse("北朝鮮")
    assert list(looked_up(term)) == [("北朝", False), ("朝鮮", False)]


@pytest.mark.parametrize("text", ["", " ", '"', "-", '""', "*", "… —", "'", "\\", "\0"])
def test_a_query_without_a_word_asks_for_nothing(text: str) -> None:
    assert parse(text) == []


def test_a_phrase_that_is_not_closed_ends_with_the_query() -> None:
    assert parse("“dua kata") == [Term(("dua", "kata"), exact=True)]


def test_more_terms_than_can_be_looked_for_are_refused() -> None:
    with pytest.raises(TooManyTerms):
        parse(" ".join(f"kata{number}" for number in range(MOST_TERMS + 1)))


def found(query: str, text: str) -> list[str]:
    wanted = pattern(parse(query))
    assert wanted is not None
    return [text[start:end] for start, end in hits(text, wanted)]


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("elan", "Élan e\u0301lan ELAN elang", ["Élan", "e\u0301lan", "ELAN"]),
        ("straße", "Strasse STRASSE Straße", ["Strasse", "STRASSE", "Straße"]),
        ("massa", "massa MASSA MAßA MAẞA masa MASA Masa", ["massa", "MASSA", "MAßA", "MAẞA"]),
        (
            '"kata menteri"',
            "kata Menteri; kata, “menteri”; kata si menteri",
            ["kata Menteri", "kata, “menteri"],
        ),
        ("undang-undang", "Undang–Undang, undang", ["Undang–Undang"]),
        ("pesi*", "Pesisir, pesiar dan depesi", ["Pesisir", "pesiar"]),
        ("朝鮮", "在北朝鮮的", ["朝鮮"]),
        ("moskva", "Moskva", ["Moskva"]),
        ("елка", "Ёлка ёлка елка", ["Ёлка", "ёлка", "елка"]),
        ("a.b", "a.b a b", ["a.b", "a b"]),
        ("aesthetik", "Ästhetik æsthetik Aesthetik paesthetik", ["æsthetik", "Aesthetik"]),
        ("b52", "B52 b52a _b52", ["B52"]),
    ],
)
def test_words_are_found_as_they_are_written(query: str, text: str, words: list[str]) -> None:
    assert found(query, text) == words


def test_absent_terms_are_not_shown() -> None:
    assert found("warga -menteri", "menteri dan warga") == ["warga"]
    assert pattern(parse("-menteri")) is None


@given(
    st.text(alphabet="abé ß北朝-“\"*'ا\u0301", max_size=40),
    st.text(alphabet='abé ß北朝-“"ا\u0301', max_size=80),
)
def test_no_query_breaks_the_search_in_a_text(query: str, text: str) -> None:
    for term in parse(query):
        assert holds(text, term) in (True, False)
    wanted = pattern(parse(query))
    for start, end in hits(text, wanted) if wanted else ():
        assert 0 <= start < end <= len(text)


@given(
    st.lists(
        st.sampled_from(["menteri", "warga", "Élan", "北朝鮮", "kata"]), min_size=1, max_size=6
    )
)
def test_a_phrase_is_found_in_the_text_it_was_taken_from(words: list[str]) -> None:
    text = " ".join(words)
    assert found(f'"{text}"', f"… {text} …") == [text]
