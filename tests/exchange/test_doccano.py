"""doccano: which unit a file counts in, and what is said of what cannot be read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import doccano
from tests.exchange.foreign import layer, read, relations, said, sources, spans

SHIP = "🚢 rumahnya dijual."
"""Behind the ship, `nya` is at 7-10, and at 8-11 in UTF-16 units."""


def rows(*records: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


def tagged(text: str, *marks: tuple[int, int, str]) -> dict[str, object]:
    return {"text": text, "label": [list(mark) for mark in marks]}


def words(files: dict[str, str | bytes], label: str) -> list[str]:
    found = read(doccano.read, files)
    every = [span for one in found for span in spans(one.layers[0], one.draft.text)]
    return ["".join(parts) for name, parts in every if name == label]


def test_a_file_is_read_in_one_unit_whatever_a_single_article_seems_to_say() -> None:
    """A part of a word fits neither way; the other articles of the file tell."""
    whole = tagged(SHIP, (12, 18, "VERB"))
    assert words({"a.jsonl": rows(tagged(SHIP, (8, 11, "PART")), whole)}, "PART") == ["nya"]
    whole = tagged(SHIP, (11, 17, "VERB"))
    assert words({"a.jsonl": rows(tagged(SHIP, (7, 10, "PART")), whole)}, "PART") == ["nya"]


def test_the_unit_is_said_where_it_changes_something() -> None:
    plain, emoji = tagged("Sari pergi", (0, 4, "A")), tagged(SHIP, (12, 18, "VERB"))
    found = read(doccano.read, {"a.jsonl": rows(plain, emoji, tagged(SHIP), emoji)})
    assert said(found) == [("offsets_utf16", 2, True), ("offsets_utf16", 4, True)]


def test_each_file_is_weighed_alone() -> None:
    files: dict[str, str | bytes] = {
        "siti.jsonl": rows(tagged(SHIP, (12, 18, "VERB"))),
        "bayu.jsonl": rows(tagged(SHIP, (11, 17, "VERB"))),
    }
    assert words(files, "VERB") == ["dijual", "dijual"]


def test_an_end_behind_the_text_tells_the_unit() -> None:
    assert words({"a.jsonl": rows(tagged("ia 🚢 naik", (6, 10, "VERB")))}, "VERB") == ["naik"]


def test_a_file_that_tells_nothing_counts_code_points_and_says_so_once() -> None:
    unclear = tagged("🚢 aaaaaaaa", (4, 6, "PART"))
    found = read(doccano.read, {"a.jsonl": rows(tagged("x", (0, 1, "A")), unclear, unclear)})
    assert said(found) == [("doccano_unit", 2, True)]
    assert spans(found[1].layers[0], found[1].draft.text) == [("PART", ["aa"])]
    assert found[1].layers[0].spans["n0"].fragments == ((4, 6),)


def test_spans_without_ids_are_all_there() -> None:
    marks = [
        {"id": None, "label": label, "start_offset": start, "end_offset": end}
        for label, start, end in (("A", 0, 4), ("B", 5, 10))
    ]
    found = layer(doccano.read, {"a.jsonl": rows({"text": "Sari pergi", "entities": marks})})
    assert [span.label for span in found.spans.values()] == ["A", "B"]


def test_nothing_is_passed_over() -> None:
    record = {
        "text": "Sari pergi",
        "data": "beside",
        "annotator": 5,
        "entities": {"label": "A"},
        "label": [[0, 4], [0, 4, "A", 1], [0.0, 4, "A"], [True, 4, "A"], [0, 4, None], "A"],
        "labels": [[0, 4, "A"]],
        "relations": {"id": 1},
        "Comments": "ragu",
    }
    [one] = read(doccano.read, {"siti.jsonl": rows(record)})
    assert said([one]) == [*[("json_odd_span", 1, False)] * 7, ("json_odd_relation", 1, False)]
    assert spans(one.layers[0], one.draft.text) == [("A", ["Sari"])]
    assert (one.layers[0].notes, one.layers[0].annotator) == (["ragu"], "siti")
    assert one.draft.metadata == {"data": "beside", "annotator": 5}
    assert said(read(doccano.read, {"a.jsonl": rows({"text": "x", "Comments": [{}, " "]})})) == [
        ("doccano_comment", 1, False)
    ]


def test_relations_need_their_ends() -> None:
    marks = [{"id": 1, "label": "A", "start_offset": 0, "end_offset": 4}]
    links = [
        {"id": 1, "from_id": 1, "to_id": 9, "type": "R"},
        {"id": 2, "from_id": 1, "type": "R"},
        {"id": 3, "from_id": 1, "to_id": 1, "type": "R"},
    ]
    [one] = read(
        doccano.read,
        {"a.jsonl": rows({"text": "Sari pergi", "entities": marks, "relations": links})},
    )
    assert [code for code, _, _ in said([one])] == [
        *("tagged_dangling", "json_odd_relation", "tagged_loop")
    ]


@pytest.mark.parametrize("ends", [(-1, 4), (4, 2), (2, 2), (10**30, 10**31), (0, 10**18)])
def test_offsets_out_of_all_bounds(ends: tuple[int, int]) -> None:
    for text in ("Sari pergi", SHIP):
        [one] = read(doccano.read, {"a.jsonl": rows(tagged(text, (*ends, "A")))})
        assert said([one])
        assert one.draft.text == text


def test_names_that_no_text_may_hold_are_lost_or_spelled_out() -> None:
    record = {"text": "Sari pergi", "annotator": "s\x00", "label": [[0, 4, "A\x00"], [5, 10, "B"]]}
    [one] = read(doccano.read, {"a.jsonl": rows(record)})
    assert said([one]) == [("tagged_character", 1, False)]
    assert one.layers[0].annotator == "s\\u0000"


def test_a_bad_line_costs_itself_alone() -> None:
    good = rows(tagged("Sari", (0, 4, "A")))
    found = list(doccano.read(sources({"a.jsonl": good + '{"text": "x"\n' + good})))
    assert said(found) == [("json_comma", 2, False)]
    assert len(found) == 3


TEXTS = st.text(st.sampled_from("ab \r\n\té\u0301🚢\U0001f1ee\U0001f1e9\u200d\u202e"), min_size=1)
LABELS = st.text("AB_ é🚢", min_size=1, max_size=4).filter(lambda label: bool(label.strip()))


@given(st.data(), TEXTS.filter(lambda text: bool(text.strip())))
def test_what_is_written_is_read(data: st.DataObject, text: str) -> None:
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    wanted = data.draw(st.lists(st.tuples(LABELS, ends), max_size=5))
    marks = [
        {"id": number, "label": label, "start_offset": start, "end_offset": end}
        for number, (label, (start, end)) in enumerate(wanted)
    ]
    links = [
        {"id": number, "from_id": number, "to_id": number + 1, "type": "R"}
        for number in range(len(wanted) - 1)
    ]
    sure = tagged("🚢 dijual " * 20, *[(9 * n + 2, 9 * n + 8, "V") for n in range(20)])
    record = {"text": text, "entities": marks, "relations": links}
    first, _ = read(doccano.read, {"a.jsonl": rows(record, sure)})
    got = first.layers[0]
    assert [(one.label, list(one.fragments)) for one in got.spans.values()] == [
        (label, [(start, end)]) for label, (start, end) in wanted
    ]
    assert relations(got) == {("R", str(n), str(n + 1)) for n in range(len(wanted) - 1)}
    assert first.draft.text == text
