"""doccano, Label Studio, spaCy and Prodigy: their shapes, their offsets, whatever is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import doccano, label_studio, prodigy
from tests.exchange.foreign import Reader, layer, read, relations, said, sources, spans

TEXT = "Sari 🚢 menolak: “Kami,” katanya."
ACTOR, QUOTE = (0, 4), (16, 23)
ACTOR_UTF16, QUOTE_UTF16 = (0, 4), (17, 24)


def line(**record: object) -> str:
    return json.dumps(record) + "\n"


def region(id: str, ends: tuple[int, int], label: str, **more: object) -> dict[str, object]:
    value = {"start": ends[0], "end": ends[1], "labels": [label], **more}
    return {"id": id, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


# doccano ------------------------------------------------------------------------------------------


def test_doccano_with_relations() -> None:
    record = line(
        id=7,
        text=TEXT,
        entities=[
            {"id": 1, "label": "ACTOR", "start_offset": 0, "end_offset": 4},
            {"id": 2, "label": "QUOTE", "start_offset": 16, "end_offset": 23},
        ],
        relations=[{"id": 1, "from_id": 2, "to_id": 1, "type": "SPEAKER"}],
        Comments=["ragu"],
        outlet="Kabar",
    )
    [one] = read(doccano.read, {"siti.jsonl": record})
    assert one.layers[0].annotator == "siti"
    assert spans(one.layers[0], TEXT) == [("ACTOR", ["Sari"]), ("QUOTE", ["“Kami,”"])]
    assert relations(one.layers[0]) == {("SPEAKER", "2", "1")}
    assert one.layers[0].notes == ["ragu"]
    assert one.draft.metadata == {"id": 7, "outlet": "Kabar"}
    assert one.losses == []


@pytest.mark.parametrize("key", ["label", "labels"])
@pytest.mark.parametrize("array", [True, False])
def test_doccano_without_relations(key: str, array: bool) -> None:
    record = line(data=TEXT, username="bayu", **{key: [[0, 4, "ACTOR"], [16, 23, "QUOTE"]]})
    files = {"all.json": f"[{record}]"} if array else {"all.jsonl": record}
    found = layer(doccano.read, files)
    assert found.annotator == "bayu"
    assert spans(found, TEXT) == [("ACTOR", ["Sari"]), ("QUOTE", ["“Kami,”"])]


def test_doccano_counts_as_its_spans_fit_the_words() -> None:
    record = line(text=TEXT, label=[[*ACTOR_UTF16, "ACTOR"], [*QUOTE_UTF16, "QUOTE"]])
    [one] = read(doccano.read, {"siti.jsonl": record})
    assert spans(one.layers[0], TEXT) == [("ACTOR", ["Sari"]), ("QUOTE", ["“Kami,”"])]
    assert said([one]) == [("offsets_utf16", 1, True)]


# Label Studio -------------------------------------------------------------------------------------


def studio(*results: object, **annotation: object) -> str:
    made = {"completed_by": {"id": 3, "email": "siti@example.org"}, "result": results}
    return json.dumps([{"id": 1, "data": {"text": TEXT}, "annotations": [made | annotation]}])


def test_label_studio_regions_values_and_relations() -> None:
    kind = {"start": 16, "end": 23, "choices": ["direct", "short"]}
    found = layer(
        label_studio.read,
        {
            "export.json": studio(
                region("r1", ACTOR, "ACTOR", text="Sari"),
                region("r2", QUOTE, "QUOTE", text="“Kami,”"),
                {"id": "r2", "type": "choices", "from_name": "kind", "value": kind},
                {"id": "x", "type": "choices", "from_name": "topic", "value": {"choices": ["dam"]}},
                {"type": "relation", "from_id": "r2", "to_id": "r1", "labels": ["SPEAKER"]},
                {"type": "relation", "from_id": "r2", "to_id": "r1", "direction": "left"},
            )
        },
    )
    assert found.annotator == "siti@example.org"
    assert spans(found, TEXT) == [("ACTOR", ["Sari"]), ("QUOTE", ["“Kami,”"])]
    assert found.spans["r2"].attributes == {"kind": "direct; short"}
    assert found.notes == ["topic: dam"]
    assert relations(found) == {("SPEAKER", "r2", "r1"), ("relation", "r1", "r2")}


def test_label_studio_several_labels_on_a_region_are_several_spans() -> None:
    one = region("r1", ACTOR, "ACTOR")
    one["value"]["labels"] = ["ACTOR", "TARGET"]  # type: ignore[index]
    found = layer(label_studio.read, {"a.json": studio(one, completed_by=5)})
    assert found.annotator == "user-5"
    assert [span.label for span in found.spans.values()] == ["ACTOR", "TARGET"]


def test_label_studio_old_offsets_are_read_as_their_words_say() -> None:
    [one] = read(
        label_studio.read, {"a.json": studio(region("r", QUOTE_UTF16, "Q", text="“Kami,”"))}
    )
    assert spans(one.layers[0], TEXT) == [("Q", ["“Kami,”"])]
    assert said([one]) == [("offsets_utf16", 1, True)]


def test_label_studio_short_form() -> None:
    record = {
        "text": TEXT,
        "id": 4,
        "annotator": 2,
        "label": [{"start": 0, "end": 4, "text": "Sari", "labels": ["ACTOR"]}],
    }
    [one] = read(label_studio.read, {"min.json": json.dumps([record])})
    assert one.layers[0].annotator == "user-2"
    assert spans(one.layers[0], TEXT) == [("ACTOR", ["Sari"])]
    assert one.draft.metadata == {"id": 4}


def test_label_studio_says_what_it_leaves_out() -> None:
    task = json.loads(
        studio(
            {"id": "r1", "type": "labels", "value": {"start": "/div[1]", "labels": ["A"]}},
            {"id": "r2", "type": "brushlabels", "value": {"rle": [1]}},
            {"type": "relation", "from_id": "r1", "to_id": "r9", "labels": ["X"]},
            region("r3", ACTOR, ""),
        )
    )
    task[0]["annotations"].append({"was_cancelled": True, "completed_by": 9, "result": []})
    task[0]["predictions"] = [{"result": []}]
    found = list(label_studio.read(sources({"a.json": json.dumps([*task, {"data": {"n": 1}}])})))
    assert [code for code, _, _ in said(found)] == [
        *("studio_predictions", "studio_region", "tagged_unlabelled", "studio_region"),
        *("tagged_dangling", "studio_cancelled", "studio_no_text"),
    ]


# spaCy and Prodigy --------------------------------------------------------------------------------


def test_prodigy() -> None:
    record = line(
        text=TEXT,
        _annotator_id="siti",
        _input_hash=1,
        tokens=[],
        meta={"source": "Kabar", "unaligned": [1]},
        answer="accept",
        spans=[
            {"start": 0, "end": 4, "label": "ACTOR", "token_start": 0, "token_end": 0},
            {"start": 16, "end": 23, "label": "QUOTE"},
        ],
        relations=[
            {
                "head": 9,
                "child": 0,
                "label": "SPEAKER",
                "head_span": {"start": 16, "end": 23},
                "child_span": {"start": 0, "end": 4},
            }
        ],
    )
    [one] = read(prodigy.read, {"a.jsonl": record})
    assert one.layers[0].annotator == "siti"
    assert spans(one.layers[0], TEXT) == [("ACTOR", ["Sari"]), ("QUOTE", ["“Kami,”"])]
    assert relations(one.layers[0]) == {("SPEAKER", "s1", "s0")}
    assert (one.draft.source, one.draft.metadata) == ("Kabar", {})
    assert one.losses == []


def test_prodigy_reads_what_was_accepted() -> None:
    rows = line(text="a b", answer="reject") + line(text="c d", answer="ignore") + line(text="e f")
    assert said(list(prodigy.read(sources({"a.jsonl": rows})))) == [
        ("prodigy_answer", 1, False),
        ("prodigy_answer", 2, False),
    ]


# all of them --------------------------------------------------------------------------------------

ODD: list[dict[str, object]] = [
    {"text": None},
    {"text": ""},
    {"text": 5},
    {"text": "x\x00y"},
    {"data": {"text": ""}},
    {"data": {}},
    {},
]


@pytest.mark.parametrize("reader", [doccano.read, label_studio.read, prodigy.read])
@pytest.mark.parametrize("record", ODD)
def test_what_has_no_text_is_refused(reader: Reader, record: dict[str, object]) -> None:
    found = list(reader(sources({"a.json": json.dumps([record])})))
    assert len(said(found)) == 1


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("start", "end", "label", "labels", "id", "value", "type", "result", "text"),
                    *("head_span", "child_span", "from_id", "to_id", "start_offset", "end_offset"),
                )
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("reader", [doccano.read, label_studio.read, prodigy.read])
@given(junk=JUNK)
def test_no_junk_stops_a_reader(reader: Reader, junk: object) -> None:
    record = {"text": TEXT, "label": junk, "entities": junk, "spans": junk, "relations": junk}
    task = {"data": {"text": TEXT}, "annotations": junk, "predictions": junk}
    other = {"data": {"text": TEXT}, "annotations": [{"result": junk, "completed_by": junk}]}
    for one in (record, task, other, {"text": junk, "answer": "accept"}):
        said(list(reader(sources({"a.json": json.dumps([one])}))))
