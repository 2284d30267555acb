"""Label Studio: which text, which answers are about what, and what is said of the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import label_studio
from annotations.exchange.formats.annotated import Annotated
from tests.exchange.foreign import layer, read, said, sources, spans

TEXT = "Sari menolak 🚢 itu."


def region(
    id: object, start: object, end: object, *labels: str, **more: object
) -> dict[str, object]:
    value = {"start": start, "end": end, "labels": list(labels)}
    return {"id": id, "type": "labels", "from_name": "l", "to_name": "text", "value": value} | more


def answer(id: object, type: str, **value: object) -> dict[str, object]:
    return {"id": id, "type": type, "from_name": f"my_{type}", "to_name": "text", "value": value}


def task(*results: object, data: object = None, **more: object) -> dict[str, object]:
    annotation = {"completed_by": 1, "result": list(results)}
    return {"data": data or {"text": TEXT}, "annotations": [annotation], **more}


def files(*tasks: object) -> dict[str, str | bytes]:
    return {"export.json": json.dumps(list(tasks))}


def one(*results: object) -> Annotated:
    [found] = read(label_studio.read, files(task(*results)))
    return found


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
def test_tasks_on_lines_are_read_too(name: str) -> None:
    written = json.dumps(task(region("r", 0, 4, "A")))
    assert spans(layer(label_studio.read, {name: written}), TEXT) == [("A", ["Sari"])]


def test_the_text_is_what_a_region_says_it_stands_on() -> None:
    data = {"isi": TEXT, "html": TEXT * 3, "text": "not this"}
    [found] = read(label_studio.read, files(task(region("r", 0, 4, "A", to_name="isi"), data=data)))
    assert found.draft.text == TEXT
    [found] = read(label_studio.read, files(task(data={"isi": TEXT, "url": "https://x/" * 50})))
    assert found.draft.text == TEXT


def test_a_picture_is_no_text() -> None:
    picture = files(task(data={"image": "https://example.org/a.jpg"}))
    assert said(list(label_studio.read(sources(picture)))) == [("studio_no_text", 1, False)]


def test_an_answer_with_the_id_of_a_region_is_about_it() -> None:
    found = one(
        region("r", 0, 4, "A"),
        answer("r", "choices", choices=["x", "y"]),
        answer("r", "rating", rating=4),
        answer("r", "textarea", start=0, end=4, text=["one", "two"]),
        answer("r", "taxonomy", start=0, end=4, text="Sari", taxonomy=[["a", "b"], ["c"]]),
        answer("d", "textarea", text=["whole"]),
    ).layers[0]
    assert found.spans["r"].attributes == {
        "my_choices": "x; y",
        "my_rating": "4",
        "my_textarea": "one; two",
        "my_taxonomy": "a / b; c",
    }
    assert found.notes == ["my_textarea: whole"]


def test_regions_that_are_not_of_text_are_lost_and_are_no_notes() -> None:
    path = "/div[1]/text()[1]"
    paragraph = answer("p", "paragraphlabels", start="0", end="0", text="Sari", startOffset=0)
    page = region("h", path, path, "A", type="hypertextlabels")
    found = one(
        paragraph,
        page,
        answer("h", "choices", choices=["x"]),
        answer("q", "choices", start=path, end=path, choices=["x"]),
        answer("e", "choices", choices=[]),
        answer("n", "choices", choices=["\x00"]),
        "no result",
    )
    assert found.layers[0].notes == []
    assert [code for code, _, _ in said([found])] == [
        *("json_odd_span", "studio_region", "studio_region"),
        *("tagged_dangling", "tagged_dangling", "tagged_value", "tagged_value"),
    ]


def test_regions_without_ids_are_all_there() -> None:
    found = one(region(None, 0, 4, "A"), region("", 5, 12, "B"))
    assert spans(found.layers[0], TEXT) == [("A", ["Sari"]), ("B", ["menolak"])]
    assert found.losses == []


def test_predictions_are_told_of_once_for_a_file() -> None:
    guess = {"predictions": [{"result": [region("r", 0, 4, "A")]}]}
    found = read(label_studio.read, files(*[task(**guess)] * 3))
    assert said(found) == [("studio_predictions", 1, False)]
    assert all(not one.layers[0].spans for one in found)


def test_what_is_written_beside_a_region_is_a_note() -> None:
    beside = region("r", 0, 4, "A", "B", meta={"text": ["ragu", "lihat lagi"]})
    found = one(beside, region("s", 0, 4, "A", meta={"text": "satu"}), region("t", 5, 12, meta=[1]))
    notes = {id: span.notes for id, span in found.layers[0].spans.items()}
    assert notes == {"r": ["ragu", "lihat lagi"], "r#1": [], "s": ["satu"]}


def test_drafts_are_told_of_and_so_is_ground_truth() -> None:
    draft = {"drafts": [{"result": [region("r", 0, 4, "A")]}]}
    truth = task(region("r", 0, 4, "A"), **draft)
    truth["annotations"] = [{"completed_by": 1, "result": [], "ground_truth": True}]
    assert said(read(label_studio.read, files(truth, task(**draft)))) == [
        ("studio_drafts", 1, False),
        ("studio_truth", 1, True),
    ]


def test_answers_of_the_short_form_are_about_the_region_in_their_place() -> None:
    record = {
        "text": TEXT,
        "kind": [{"start": 0, "end": 4, "text": "Sari", "choices": ["x", "y"]}],
        "why": [{"start": 0, "end": 4, "text": ["z"]}],
        "label": [{"start": 0, "end": 4, "text": "Sari", "labels": ["A"]}],
        "annotator": {"email": "siti@example.org"},
    }
    found = layer(label_studio.read, files(record))
    assert found.annotator == "siti@example.org"
    [span] = found.spans.values()
    assert (span.label, span.attributes) == ("A", {"kind": "x; y", "why": "z"})
    record["kind"] = [{"start": 5, "end": 6, "text": "m", "choices": ["x"]}]
    assert said(read(label_studio.read, files(record))) == [("tagged_dangling", 1, False)]


TEXTS = st.text(st.sampled_from("ab \r\né\u0301🚢\u202e"), min_size=1).filter(
    lambda text: bool(text.strip())
)


@given(st.data(), TEXTS)
def test_what_is_written_is_read(data: st.DataObject, text: str) -> None:
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    wanted = data.draw(st.lists(st.tuples(st.sampled_from("ABC"), ends), max_size=5))
    results = []
    for number, (label, (start, end)) in enumerate(wanted):
        written = region(f"r{number}", start, end, label)
        written["value"] |= {"text": text[start:end]}  # type: ignore[operator]
        results += [written, answer(f"r{number}", "choices", choices=[label])]
    [found] = read(label_studio.read, files(task(*results, data={"text": text})))
    assert [(one.label, one.fragments) for one in found.layers[0].spans.values()] == [
        (label, ((start, end),)) for label, (start, end) in wanted
    ]
    kinds = [one.attributes["my_choices"] for one in found.layers[0].spans.values()]
    assert kinds == [label for label, _ in wanted]
    assert found.losses == []
