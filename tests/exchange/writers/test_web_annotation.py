"""W3C Web Annotation: the schemas of W3C's own test suite accept it, and its selectors agree."""

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from annotations.exchange.writers.web_annotation import CONTEXT, WRITER
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out, unzipped

SCHEMAS = Path(os.environ.get("KUTIP_DATA", "/nowhere"), "data", "w3c-web-annotation-schemas")

MUST = (
    "3.1-annotationContextValidated",
    "3.1-annotationIdValidated",
    "3.1-annotationTypeValidated",
    "3.1-targetKeyFound",
    "3.1-bodyKeyFound",
    "3.2-bodyObjectsRecognized",
    "3.2-targetObjectsRecognized",
)


def pages(data: bytes) -> list[dict[str, Any]]:
    files = unzipped(data)
    return [json.loads(files[name]) for name in files if name.startswith("annotations/")]


def test_a_span_and_a_relation() -> None:
    quote = span(TEXT, "“Kami,”", "“tidak", label="QUOTE", attributes={"scare": True})
    actor = span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", quote, relations=[said]))))
    [page] = pages(data)
    assert (page["@context"], page["type"]) == (CONTEXT, "AnnotationPage")
    first, second = page["items"]
    assert [body["value"] for body in first["body"]] == ["QUOTE", "scare=true"]
    assert [target["selector"][1]["exact"] for target in first["target"]] == quote["text"]
    assert (second["motivation"], second["target"]) == ("linking", f"urn:uuid:{quote['id']}")
    assert second["body"][-1]["source"] == f"urn:uuid:{actor['id']}"
    assert counted(report) == {"article_fields": 1, "layer_status": 1}


@settings(deadline=None)
@given(campaigns())
def test_both_selectors_of_every_target_select_the_same(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    files = unzipped(out(WRITER, given)[0])
    spans = {f"urn:uuid:{s.id}": s for one in given for each in one.layers for s in each.spans}
    found = 0
    for page in (json.loads(files[name]) for name in files if name.startswith("annotations/")):
        for one in page["items"]:
            if one["motivation"] != "classifying":
                continue
            found += 1
            for target, words in zip(one["target"], spans[one["id"]].text, strict=True):
                name = target["source"].removeprefix("urn:uuid:")
                text = files[f"articles/{name}.txt"].decode()
                position, quoted = target["selector"]
                start, end = position["start"], position["end"]
                assert text[start:end] == quoted["exact"] == words
                around = quoted["prefix"] + quoted["exact"] + quoted["suffix"]
                assert text.startswith(around, start - len(quoted["prefix"]))
    assert found == sum(len(each.spans) for one in given for each in one.layers)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas stand in KUTIP_DATA")
@settings(deadline=None, max_examples=20)
@given(campaigns(least=1))
def test_the_schemas_of_w3c_accept_every_annotation(drawn: Drawn) -> None:
    for page in pages(out(WRITER, drawn_lines(drawn))[0]):
        for one in page["items"]:
            for judge in judges():
                assert list(judge.iter_errors({"@context": CONTEXT} | one)) == []


@functools.cache
def judges() -> tuple[Draft4Validator, ...]:
    shared = {
        file.name: json.loads(file.read_text()) for file in SCHEMAS.glob("definitions/*.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource(one, DRAFT4)) for name, one in shared.items()
    )
    files = (SCHEMAS / "annotations" / f"{name}.json" for name in MUST)
    return tuple(Draft4Validator(json.loads(file.read_text()), registry=registry) for file in files)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas stand in KUTIP_DATA")
def test_the_schemas_refuse_what_is_none() -> None:
    [page] = pages(out(WRITER, lines(line(TEXT, layer("ani", span(TEXT, "Laras")))))[0])
    [one] = page["items"]
    one["target"][0]["selector"][0]["start"] = -1
    del one["id"]
    refused = [judge for judge in judges() if list(judge.iter_errors({"@context": CONTEXT} | one))]
    assert refused
