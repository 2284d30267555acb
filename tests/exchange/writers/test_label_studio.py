"""Label Studio: what goes out comes back, up to what the report says."""

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from lxml import etree

from annotations.exchange.formats import label_studio
from annotations.exchange.writers.label_studio import CONFIG, TASKS, WRITER, configuration
from tests.exchange import foreign
from tests.exchange.kutip_lines import SPEC, TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import (
    apart,
    by_layer,
    counted,
    drawn_lines,
    joins,
    layers_of,
    lines,
    out,
    tagged,
    tagged_joins,
    unzipped,
)


def tasks_of(data: bytes) -> Any:
    return json.loads(unzipped(data)[TASKS])


def test_the_shape_is_that_of_label_studio() -> None:
    quote = span(TEXT, "“Kami,”", "“tidak", label="QUOTE", attributes={"type": "direct"})
    actor = span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", actor, quote, relations=[said]))))
    [task] = tasks_of(data)
    assert task["data"] == {"language": "id", "text": TEXT, "kutip_annotators": ["ani"]}
    [annotation] = task["annotations"]
    assert (annotation["id"], annotation["ground_truth"]) == (1, False)
    regions = [one for one in annotation["result"] if one["type"] == "labels"]
    assert [one["value"]["labels"] for one in regions] == [["ACTOR"], ["QUOTE"], ["QUOTE"]]
    [choice] = [one for one in annotation["result"] if one["type"] == "choices"]
    assert (choice["id"], choice["from_name"], choice["value"]["choices"]) == (
        *(quote["id"], "type"),
        ["direct"],
    )
    assert annotation["result"][-1] == {
        "from_id": quote["id"],
        "to_id": actor["id"],
        "direction": "right",
        "labels": ["SPEAKER"],
        "type": "relation",
    }
    assert counted(report) == {"fragments": 1, "layer_status": 1}


def test_the_configuration_knows_every_name_and_value_that_tasks_use() -> None:
    tree = etree.fromstring(configuration(SPEC).encode())
    labels = [one.get("value") for one in tree.find("Labels")]
    assert labels == [label.key for label in SPEC.labels]
    controls = {one.get("name"): one for one in tree if one.tag in ("Choices", "TextArea")}
    for label in SPEC.labels:
        for attribute in label.attributes:
            control = controls[attribute.key]
            assert label.key in control.get("whenLabelValue").split(",")
            known = {one.get("value") for one in control}
            assert {value.key for value in attribute.values} <= known
    assert [one.get("value") for one in tree.find("Relations")] == [r.key for r in SPEC.relations]


def test_annotators_are_known_when_label_studio_hands_the_tasks_out_again() -> None:
    """It keeps our numbers beside its own, and calls whoever imported them the annotator of all;
    what was added there is of its own user."""
    gold = layer("hakim", kind="gold")
    data, _ = out(WRITER, lines(line(TEXT, layer("ani"), layer("budi"), gold)))
    [task] = tasks_of(data)
    assert [one["ground_truth"] for one in task["annotations"]] == [False, False, True]
    theirs = [
        one | {"id": 70 + one["id"], "import_id": one["id"], "completed_by": 4}
        for one in task["annotations"]
    ]
    new = {"id": 1, "import_id": None, "completed_by": 4, "result": []}
    [back] = foreign.read(
        label_studio.read, {"x.json": json.dumps([task | {"annotations": [*theirs, new]}])}
    )
    assert [one.annotator for one in back.layers] == ["ani", "budi", "hakim (gold)", "user-4"]
    assert back.draft.metadata == {}


@settings(deadline=None, max_examples=60)
@given(campaigns())
def test_what_goes_out_comes_back(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    files = unzipped(out(WRITER, given)[0])
    assert files.keys() == {CONFIG, TASKS}
    found = foreign.read(label_studio.read, dict(files))
    assert [loss for one in found for loss in one.losses] == []
    assert [one.draft.text for one in found] == [one.article.text for one in given]
    back, there = by_layer(found), layers_of(given)
    assert back.keys() == there.keys()
    for key, layer_back in back.items():
        whole = there[key]
        assert tagged(layer_back) == Counter(one for each in whole.spans for one in apart(each))
        assert tagged_joins(layer_back) == joins(whole)
        for one in whole.spans:
            given_back = layer_back.spans[one.id].attributes
            assert given_back == {name: _said(value) for name, value in one.attributes.items()}


def _said(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()
