"""The article the product was conceived from, by the offsets of its worked cases; its words stay
where they are."""

import os
from pathlib import Path

import pytest

from annotations.suggest.proposing import suggestions
from annotations.suggest.records import Suggestion

HERE = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "seed-article.txt"

pytestmark = pytest.mark.skipif(
    not HERE.is_file(), reason="KUTIP_DATA does not lead to data/seed-article.txt"
)


def found() -> list[Suggestion]:
    return suggestions(HERE.read_text("utf-8"), "id", ())


def at(start: int, end: int) -> Suggestion:
    return next(one for one in found() if one.fragments == ((start, end),))


@pytest.mark.parametrize(
    ("quote", "cue", "speaker", "type"),
    [
        ((2002, 2157), (2158, 2162), (2163, 2169), "mixed"),
        ((2171, 2323), (2324, 2331), (2331, 2334), "mixed"),
        ((1071, 1303), (1304, 1308), (1308, 1311), "mixed"),
        ((945, 1055), (933, 944), (929, 932), "mixed"),
        ((956, 1055), (948, 955), (945, 947), "mixed"),
    ],
)
def test_a_worked_case_is_suggested_as_it_is_worked_out(
    quote: tuple[int, int], cue: tuple[int, int], speaker: tuple[int, int], type: str
) -> None:
    one = at(*quote)
    assert one.cue
    assert one.speaker
    assert (one.cue.fragments, one.speaker.fragments) == ((cue,), (speaker,))
    assert one.attributes["type"] == type


def test_one_word_in_marks_is_a_scare_quote() -> None:
    one = at(2795, 2802)
    assert one.attributes["scare"] is True
    assert one.score < 0.5


def test_all_ten_stretches_are_offered() -> None:
    text = HERE.read_text("utf-8")
    opened = [offset for offset, character in enumerate(text) if character == "“"]
    quotes = [pair for one in found() if one.label == "QUOTE" for pair in one.fragments]
    assert len(opened) == 10
    assert all(any(start <= offset < end for start, end in quotes) for offset in opened)
