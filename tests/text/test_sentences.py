"""Where paragraphs and sentences end."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.quotemarks import scan
from annotations.text.sentences import (
    _END,
    _SHORT_WORD,
    _found,
    _stops,
    apart,
    ends,
    paragraphs,
)


def sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in apart(text, scan(text).outermost())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ia datang. Ia pergi.", ["Ia datang.", "Ia pergi."]),
        ("Dr. Ina datang. Selesai", ["Dr. Ina datang.", "Selesai"]),
        ("Jend. Ina datang. Orang. Ia.", ["Jend. Ina datang.", "Orang.", "Ia."]),
        ("(Prof. Ina) bingo. “Gen. A” x", ["(Prof. Ina) bingo.", "“Gen. A” x"]),
        ("He had told it. A student did.", ["He had told it.", "A student did."]),
        ("Jika… mereka datang. Ya.", ["Jika… mereka datang.", "Ya."]),
        ("“Kami siap. Kami datang,” katanya. Ya.", ["“Kami siap. Kami datang,” katanya.", "Ya."]),
        ("“Siapa?” tanya Ina. “Kami.” Ia diam.", ["“Siapa?” tanya Ina.", "“Kami.”", "Ia diam."]),
        (
            "Judul\nIa datang\nke pasar.\n\nlalu pulang",
            ["Judul", "Ia datang\nke pasar.", "lalu pulang"],
        ),
        ("彼は来た。彼は去った。", ["彼は来た。", "彼は去った。"]),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab Ano.?!…。!”\n", max_size=30))
def test_patterns_find_at_stops_all_that_they_find(text: str) -> None:
    for pattern in (_END, _SHORT_WORD):
        found = [one.span() for one in _found(pattern, text, _stops(text))]
        assert found == [one.span() for one in pattern.finditer(text)]


@given(st.text(alphabet="ab A.?“” \n\r", max_size=60))
def test_sentences_and_paragraphs_partition_the_text(text: str) -> None:
    for cut in (apart(text, scan(text).outermost()), list(paragraphs(text))):
        assert "".join(text[start:end] for start, end in cut) == text


@pytest.mark.parametrize("piece", [".", "。", '."', "?!", ". ", '"', "\n"])
def test_a_hundred_thousand_signs_cost_no_square(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = perf_counter()
    assert list(ends(text)) is not None
    apart(text, ())
    assert perf_counter() - began < 10
