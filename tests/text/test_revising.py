import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.revising import Place, Revision

OLD = "Menteri Laras menolak usul itu. “Kami,” katanya, “tidak akan mundur 🚢.” Warga bersorak."


def where(old: str, new: str, words: str) -> str | None:
    start = old.index(words)
    place = Revision(old, new).place(start, start + len(words))
    return None if place is None else new[place.start : place.end]


@pytest.mark.parametrize(
    ("new", "words", "now"),
    [
        (OLD, "“Kami,”", "“Kami,”"),
        (f"RALAT. {OLD}", "tidak akan mundur 🚢", "tidak akan mundur 🚢"),
        (OLD.replace("usul", "rencana"), "Menteri Laras", "Menteri Laras"),
        (OLD.replace("usul", "rencana"), "menolak usul itu", "menolak rencana itu"),
        (OLD.replace("usul", "rencana"), "usul", None),
        (OLD.replace("“Kami,” katanya, ", ""), "tidak akan mundur", "tidak akan mundur"),
        (OLD.replace("“Kami,” katanya, ", ""), "“Kami,”", None),
        ("Warga bersorak. " + OLD[: OLD.index("Warga")], "Warga bersorak", "Warga bersorak"),
        ("Sama sekali lain.", "Laras", None),
        ("", "Laras", None),
    ],
)
def test_what_stood_here_stands_there(new: str, words: str, now: str | None) -> None:
    assert where(OLD, new, words) == now


def test_changed_words_within_are_told() -> None:
    start = OLD.index("menolak usul itu")
    revision = Revision(OLD, OLD.replace("usul", "rencana"))
    assert revision.place(start, start + 16) == Place(start, start + 19, is_same=False)
    assert revision.place(0, 13) == Place(0, 13, is_same=True)


sentences = st.lists(
    st.lists(
        st.sampled_from(["menteri", "warga", "menolak", "“kami”", "élan", "🚢", "北朝"]),
        min_size=1,
        max_size=6,
    ).map(" ".join),
    max_size=8,
).map(". ".join)


@given(sentences, sentences)
def test_a_place_is_within_the_new_text_and_says_whether_its_words_are_the_same(
    old: str, new: str
) -> None:
    revision = Revision(old, new)
    last = -1
    for start in range(len(old)):
        if (place := revision.place(start, start + 1)) is not None:
            assert 0 <= place.start < place.end <= len(new)
            if place.is_same:
                assert new[place.start : place.end] == old[start]
            assert place.start > last
            last = place.start
    if old:
        whole = revision.place(0, len(old))
        assert whole is None or whole.is_same == (new[whole.start : whole.end] == old)


@given(sentences, st.integers(0, 40), st.text(alphabet="ab 🚢.", max_size=5))
def test_words_outside_of_a_change_stay_where_they_are(old: str, at: int, put: str) -> None:
    at = min(at, len(old))
    new = f"{old[:at]}{put}{old[at:]}"
    revision = Revision(old, new)
    for start in range(0, len(old), 3):
        end = min(start + 4, len(old))
        place = revision.place(start, end)
        if place is not None and place.is_same:
            assert new[place.start : place.end] == old[start:end]


def test_a_long_text_costs_what_was_changed_in_it() -> None:
    old = " ".join(f"kata{number} dan kata. " for number in range(30_000))
    new = old.replace("kata15000 dan", "kata15000 atau")
    begun = time.perf_counter()
    revision = Revision(old, new)
    place = revision.place(len(old) - 30, len(old) - 20)
    assert place is not None
    assert place.is_same
    rewritten = Revision(old, " ".join(f"lain{number} saja" for number in range(30_000)))
    assert rewritten.place(5, 20) is None
    assert time.perf_counter() - begun < 30


def test_a_text_of_the_same_sentences_over_and_over_costs_no_more() -> None:
    lines = [f"Warga nomor {number % 90} bersorak." for number in range(30_000)]
    old = "\n".join(lines)
    lines[5:6] = []
    lines[20_000] = "Ralat: yang ini lain."
    begun = time.process_time()
    revision = Revision(old, "\n".join(lines))
    assert time.process_time() - begun < 5
    assert revision.place(0, 5) == Place(0, 5, is_same=True)
    assert revision.place(len(old) - 9, len(old)) is not None


def test_sentences_that_changed_places_are_found_around_those_that_did_not() -> None:
    old = "Satu tiba. Dua pergi. Tiga tidur. Empat makan. Lima minum."
    new = "Tiga tidur. Satu tiba. Dua pergi. Empat makan. Enam lari. Lima minum."
    assert [
        where(old, new, word) for word in ("Satu tiba", "Dua pergi", "Empat", "Lima minum")
    ] == [*("Satu tiba", "Dua pergi", "Empat", "Lima minum")]
    revision = Revision(old, new)
    assert revision.place(22, 33) == Place(0, 11, is_same=True)
