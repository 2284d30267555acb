"""What every foreign format is read into: what can stand on the text, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import Place
from annotations.exchange.formats.annotated import Bounds, Loss, Tagging, Utf16, fits
from annotations.exchange.reasons import CODES

TEXT = "Laras 🚢 menolak.\nIa pergi."
HERE = Place("a.ann", 3, 40)


def tagging() -> tuple[Tagging, list[Loss]]:
    losses: list[Loss] = []
    return Tagging("siti", TEXT, losses), losses


def codes(losses: list[Loss]) -> list[tuple[str, bool]]:
    assert all(loss.reason.code in CODES for loss in losses)
    return [(loss.reason.code, loss.kept) for loss in losses]


def test_fragments_are_ordered_and_those_that_touch_are_one() -> None:
    made, losses = tagging()
    span = made.span("T1", "QUOTE", [(8, 15), (3, 5), (0, 3), (9, 12)], HERE)
    assert span is not None
    assert span.fragments == ((0, 5), (8, 15))
    assert made.layer.spans == {"T1": span}
    assert losses == []


def test_what_reaches_over_the_end_ends_there() -> None:
    made, losses = tagging()
    span = made.span("T1", "ACTOR", [(17, 99)], HERE)
    assert span is not None
    assert span.fragments == ((17, len(TEXT)),)
    assert codes(losses) == [("tagged_cut", True)]
    assert losses[0].place == HERE


@pytest.mark.parametrize(
    ("label", "fragments", "code"),
    [
        ("", [(0, 5)], "tagged_unlabelled"),
        ("  ", [(0, 5)], "tagged_unlabelled"),
        ("ACTOR", [], "tagged_empty"),
        ("ACTOR", [(3, 3)], "tagged_empty"),
        ("ACTOR", [(5, 3)], "tagged_backwards"),
        ("ACTOR", [(-1, 3)], "tagged_backwards"),
    ],
)
def test_a_span_that_cannot_stand_is_lost_and_named(
    label: str, fragments: list[tuple[int, int]], code: str
) -> None:
    made, losses = tagging()
    assert made.span("T1", label, fragments, HERE) is None
    assert codes(losses) == [(code, False)]
    assert made.layer.spans == {}


def test_a_span_behind_the_end_is_lost() -> None:
    made, losses = tagging()
    assert made.span("T1", "ACTOR", [(90, 99)], HERE) is None
    assert codes(losses) == [("tagged_cut", True), ("tagged_empty", False)]


def test_offsets_are_believed_rather_than_the_words() -> None:
    made, losses = tagging()
    assert made.span("T1", "ACTOR", [(0, 5)], HERE, said="Sari") is not None
    assert codes(losses) == [("tagged_text_differs", True)]
    made, losses = tagging()
    assert made.span("T1", "QUOTE", [(8, 15), (17, 19)], HERE, said="menolak\nIa") is not None
    assert losses == []


def test_relations_need_both_ends() -> None:
    made, losses = tagging()
    made.span("T1", "ACTOR", [(0, 5)], HERE)
    made.span("T2", "CUE", [(8, 15)], HERE)
    assert made.relation("R1", "SPEAKER", "T2", "T1", HERE) is not None
    assert made.relation("R2", "SPEAKER", "T2", "T9", HERE) is None
    assert made.relation("R3", "SPEAKER", "T1", "T1", HERE) is None
    assert made.relation("R1", "CUED_BY", "T1", "T2", HERE) is None
    assert made.relation("R4", "SPEAKER", "T2", "T1", HERE) is None
    assert list(made.layer.relations) == ["R1"]
    lost = ["tagged_dangling", "tagged_loop", "tagged_id_twice", "tagged_relation_twice"]
    assert codes(losses) == [(code, False) for code in lost]


def test_an_id_counts_once() -> None:
    made, losses = tagging()
    made.span("T1", "ACTOR", [(0, 5)], HERE)
    assert made.span("T1", "ACTOR", [(8, 15)], HERE) is None
    assert codes(losses) == [("tagged_id_twice", False)]


@given(st.text(st.sampled_from("a🚢é\u0301\U0001f1ee\U0001f1e9\n")))
def test_utf16_units_are_turned_into_code_points(text: str) -> None:
    utf16 = Utf16(text)
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le")) // 2
        assert utf16.code_points(units) == offset
        if offset < len(text) and ord(text[offset]) > 0xFFFF:
            assert utf16.code_points(units + 1) == offset


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\uffff"])
def test_what_no_text_may_hold_is_in_no_name(odd: str) -> None:
    """PostgreSQL would refuse all that stands beside it."""
    losses: list[Loss] = []
    made = Tagging(f"siti{odd}", TEXT, losses)
    assert made.layer.annotator == f"siti\\u{ord(odd):04x}"
    made.span("T1", "ACTOR", [(0, 5)], HERE)
    made.span("T2", "CUE", [(8, 15)], HERE)
    assert made.span("T3", f"A{odd}", [(0, 5)], HERE) is None
    assert made.span(f"T{odd}", "ACTOR", [(0, 5)], HERE) is None
    assert made.relation("R1", f"S{odd}", "T1", "T2", HERE) is None
    assert codes(losses) == [("tagged_character", False)] * 3


def test_places_are_weighed_only_where_the_units_differ() -> None:
    assert fits("abc", [Bounds(0, 3)]) == (0, 0)
    assert fits(TEXT, [Bounds(0, 5)]) == (0, 0)
    assert fits(TEXT, [Bounds(8, 15)]) == (1, 0)
    assert fits(TEXT, [Bounds(9, 16)]) == (0, 1)
    assert fits(TEXT, [Bounds(7, 15)]) == (0, 0), "half of a surrogate pair is the end of nothing"
