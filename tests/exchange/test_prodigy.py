"""spaCy and Prodigy: spaCy's pairs, relations between spans in one place, what is said of the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import prodigy
from tests.exchange.foreign import layer, read, relations, said, sources, spans

TEXT = "Sari menolak itu."


def line(**record: object) -> str:
    return json.dumps({"text": TEXT} | record) + "\n"


def span(start: object, end: object, label: object, **more: object) -> dict[str, object]:
    return {"start": start, "end": end, "label": label, **more}


@pytest.mark.parametrize("array", [True, False])
def test_pairs_of_text_and_entities(array: bool) -> None:
    pairs = [
        [TEXT, {"entities": [[0, 4, "PER"]], "cats": {"x": 1}}],
        ["Ia pergi.", {"entities": []}],
    ]
    written = json.dumps(pairs) if array else "\n".join(map(json.dumps, pairs))
    first, second = read(prodigy.read, {"train.json": written})
    assert spans(first.layers[0], TEXT) == [("PER", ["Sari"])]
    assert first.draft.metadata == {"cats": {"x": 1}}
    assert first.layers[0].annotator == "train"
    assert (second.draft.text, second.layers[0].spans) == ("Ia pergi.", {})


@pytest.mark.parametrize("odd", [["x"], ["x", 1], [1, {}], ["x", {}, {}], 5, None, "x"])
def test_other_values_are_refused(odd: object) -> None:
    found = list(prodigy.read(sources({"a.json": json.dumps([[odd]])[1:-1]})))
    assert {code for code, _, _ in said(found)} == {"json_not_object"}


def test_a_relation_goes_to_the_span_whose_label_it_names() -> None:
    link = {"label": "R", "head_span": span(0, 4, "B"), "child_span": span(5, 12, "C")}
    other = {"label": "S", "head_span": span(0, 4, None), "child_span": span(5, 12, "Z")}
    marks = [span(0, 4, "A"), span(0, 4, "B"), span(5, 12, "C")]
    found = layer(prodigy.read, {"a.jsonl": line(spans=marks, relations=[link, other])})
    assert relations(found) == {("R", "s1", "s2"), ("S", "s0", "s2")}


def test_spans_without_ids_are_all_there() -> None:
    marks = [span(0, 4, "A", id=None), span(5, 12, "B", id=None), span(13, 16, "C", id="own")]
    found = layer(prodigy.read, {"a.jsonl": line(spans=marks)})
    assert [(one.id, one.label) for one in found.spans.values()] == [
        ("s0", "A"),
        ("s1", "B"),
        ("own", "C"),
    ]


def test_what_spacy_writes_of_a_document() -> None:
    ents = [span(0, 4, "A", id="", kb_id=""), span(5, 12, "B", id="")]
    tokens = [{"id": 0, "start": 0, "end": 4}]
    found = layer(prodigy.read, {"a.jsonl": line(ents=ents, tokens=tokens, spans={})})
    assert spans(found, TEXT) == [("A", ["Sari"]), ("B", ["menolak"])]
    groups = {"sc": [span(0, 4, "A", kb_id="Q1")], "other": [span(0, 12, "C")]}
    found = layer(prodigy.read, {"a.jsonl": line(ents=[], spans=groups)})
    assert spans(found, TEXT) == [("A", ["Sari"]), ("C", ["Sari menolak"])]


def test_nothing_is_passed_over() -> None:
    marks = [span("0", 4, "A"), span(0, 4.0, "A"), span(0, 4, 7), span(False, 4, "A"), [0, 4], None]
    links = [{"head": 0, "child": 1, "label": "R"}, 5, {"label": 1}]
    dangling = {"label": "R", "head_span": span(0, 4, "A"), "child_span": span(5, 12, "B")}
    [one] = read(
        prodigy.read,
        {"a.jsonl": line(spans=marks, relations=[*links, dangling], meta="page 3")},
    )
    assert [code for code, _, _ in said([one])] == [
        *["json_odd_span"] * 6,
        *["json_odd_relation"] * 3,
        "tagged_dangling",
    ]
    assert one.draft.metadata == {"meta": "page 3"}
    [one] = read(prodigy.read, {"a.jsonl": line(spans={"x": 1}, relations="y")})
    assert [code for code, _, _ in said([one])] == ["json_odd_span", "json_odd_relation"]


def test_who_tagged_it() -> None:
    for record, wanted in (
        ({"_annotator_id": "siti", "_session_id": "s-1"}, "siti"),
        ({"_session_id": "s-1"}, "s-1"),
        ({"_annotator_id": 5}, "bayu"),
        ({}, "bayu"),
    ):
        assert layer(prodigy.read, {"zip/bayu.jsonl": line(**record)}).annotator == wanted


TEXTS = st.text(st.sampled_from("ab \r\né\u0301🚢\u202e"), min_size=1).filter(
    lambda text: bool(text.strip())
)


@given(st.data(), TEXTS, st.booleans())
def test_what_is_written_is_read(data: st.DataObject, text: str, pairs: bool) -> None:
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    wanted = data.draw(st.lists(st.tuples(st.sampled_from("ABC"), ends), max_size=5))
    triples = [[start, end, label] for label, (start, end) in wanted]
    marks = [span(start, end, label) for label, (start, end) in wanted]
    record: object = [text, {"entities": triples}] if pairs else {"text": text, "spans": marks}
    found = layer(prodigy.read, {"a.jsonl": json.dumps(record)})
    assert [(one.label, one.fragments) for one in found.spans.values()] == [
        (label, ((start, end),)) for label, (start, end) in wanted
    ]
