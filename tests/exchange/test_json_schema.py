"""The JSON Schema of a line is true, and says no to what is no line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from annotations.exchange.fitting import ALIAS_KINDS, ENTITY_TYPES
from annotations.exchange.manifest import schema_document
from annotations.exchange.records import KINDS, STATUSES, Line
from tests.exchange.kutip_lines import SPEC, TEXT, Drawn, campaigns, layer, line, relation, span

SCHEMA = json.loads(schema_document())
VALIDATOR = Draft202012Validator(SCHEMA)
SPAN = span(TEXT, "Laras")


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@settings(max_examples=60)
@given(campaigns(merges=True))
def test_every_line_we_may_write_is_valid(drawn: Drawn) -> None:
    for each in drawn.lines:
        VALIDATOR.validate(each)


@pytest.mark.parametrize(
    "bad",
    [
        line() | {"format": "kutip/2"},
        line() | {"extra": 1},
        {key: value for key, value in line().items() if key != "layers"},
        line(TEXT, layer("a", SPAN | {"id": "T1"})),
        line(TEXT, layer("a", SPAN | {"fragments": []})),
        line(TEXT, layer("a", SPAN | {"fragments": [[0, 1, 2]]})),
        line(TEXT, layer("a", SPAN | {"fragments": [[-1, 2]]})),
        line(TEXT, layer("a", SPAN | {"attributes": {"type": 1}})),
        line(TEXT, layer("a", SPAN | {"entity": "Laras"})),
        line(TEXT, layer("a", status="waiting")),
        line(TEXT, layer("a", submitted_at="2026-03-20")),
        line(TEXT, layer("a", relations=[relation("X", {"entity": SPAN["id"]}, {"span": SPAN["id"]})])),
        line(TEXT, layer("a", relations=[relation("X", {"span": SPAN["id"]}, {"article": True})])),
    ],
)  # fmt: skip
def test_what_is_no_line_is_invalid(bad: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(bad)


def test_its_lists_are_those_of_the_code() -> None:
    of = SCHEMA["$defs"]
    assert set(of["entity"]["properties"]["type"]["enum"]) == ENTITY_TYPES
    alias = of["entity"]["properties"]["aliases"]["items"]["properties"]
    assert set(alias["kind"]["enum"]) == ALIAS_KINDS
    assert of["layer"]["properties"]["kind"]["enum"] == [*KINDS, "majority", "union"]
    assert of["layer"]["properties"]["status"]["enum"] == list(STATUSES)
    assert [*SCHEMA["required"], "split"] == list(Line.__struct_encode_fields__)
    assert {"ACTOR", "QUOTE"} <= {label.key for label in SPEC.labels}
