import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.demo.places import Place, UnplacedError, find

TEXT = "Kata Laras, “Kami siap.” Larasati diam. “Kami,” ujarnya, lalu kata Laras lagi."


def covered(words: str, occurrence: int | None = None) -> str:
    start, end = find(TEXT, Place(words, occurrence))
    return TEXT[start:end]


def test_words_that_occur_once_are_found_where_they_stand() -> None:
    assert covered("Kata Laras") == "Kata Laras"


def test_a_word_is_not_found_inside_a_longer_one() -> None:
    assert find(TEXT, Place("Laras", 2))[0] == TEXT.rindex("Laras")


def test_brackets_mark_a_part_of_the_words() -> None:
    start, end = find(TEXT, Place("ujar[nya]"))
    assert (start, end) == (TEXT.index("nya,"), TEXT.index("nya,") + 3)


def test_an_elision_ends_at_the_nearest_last_words() -> None:
    assert covered("“Kami siap ... ”") == "“Kami siap.”"


def test_a_letter_is_not_parted_from_its_combining_mark() -> None:
    with pytest.raises(UnplacedError, match="not in the text"):
        find("Rene\u0301 pergi", Place("Rene"))


@pytest.mark.parametrize(
    ("words", "occurrence", "why"),
    [
        ("Sekar", None, "not in the text"),
        ("Laras", None, "occurs 2 times"),
        ("Laras", 3, "occurs only 2 times"),
        ("Laras", 0, "occurs only 2 times"),
        ("Kata Laras ... Sekar", None, "nothing after the first words"),
        ("[Kata] [Laras]", None, "brackets must be one pair"),
        ("Kata [", None, "brackets must be one pair"),
    ],
)
def test_what_cannot_be_placed_is_refused(words: str, occurrence: int | None, why: str) -> None:
    with pytest.raises(UnplacedError, match=why):
        find(TEXT, Place(words, occurrence))


@given(st.text(min_size=1, max_size=20).filter(lambda text: not set(text) & set("[]`")))
def test_a_whole_text_is_found_as_itself(text: str) -> None:
    if " ... " not in text:
        assert find(text, Place(text, 1)) == (0, len(text))
