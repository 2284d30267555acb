"""The format of files is found out, and articles alone are none."""

import json

import pytest

from annotations.exchange.formats.detecting import FORMATS, detect
from tests.exchange.foreign import sources

CONLL = "Sari B-PER\npergi O\n\nIa O\n"


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"siti/a.txt": "Sari.", "siti/a.ann": ""}, "brat"),
        ({"siti/a.conll": CONLL}, "conll"),
        ({"train.txt": CONLL, "LICENSE": "MIT"}, "conll"),
        ({"a.tsv": "Sari\tB-PER\nia\tO\n"}, "conll"),
        ({"siti/a.tsv": "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Ia\n1-1\t0-2\tIa\t\n"}, "webanno"),
        ({"a.tsv": "\ufeff#FORMAT=WebAnno TSV 3.2\r\n", "b.txt": CONLL}, "webanno"),
        ({"TypeSystem.xml": "<x/>", "siti/a.xmi": "<x/>"}, "uima"),
        ({"a.json": {"%TYPES": {"x": {}}, "%FEATURE_STRUCTURES": []}}, "uima"),
        ({"TypeSystem.xml": "<x/>"}, None),
        ({"a.txt": "Sari pergi ke Ampel.\nIa pulang.\n"}, None),
        ({"a.jsonl": {"text": "x", "label": [[0, 1, "A"]]}}, "doccano"),
        ({"a.jsonl": {"text": "x", "entities": [{"label": "A", "start_offset": 0}]}}, "doccano"),
        ({"a.json": [{"data": {"text": "x"}, "annotations": []}]}, "label_studio"),
        ({"a.json": [{"text": "x", "l": [{"start": 0, "end": 1, "labels": []}]}]}, "label_studio"),
        ({"a.jsonl": {"text": "x", "spans": []}}, "prodigy"),
        ({"a.jsonl": {"format": "kutip/1", "article": {}}}, "kutip"),
        ({"a.jsonl": {"text": "x", "ents": [{"start": 0, "end": 1, "label": "A"}]}}, "prodigy"),
        ({"a.json": [["x y", {"entities": [[0, 1, "A"]]}]]}, "prodigy"),
        ({"a.jsonl": ["x y", {"entities": []}]}, "prodigy"),
        ({"a.json": [["x y", {"title": "z"}]]}, None),
        ({"a.jsonl": {"text": "x", "entities": [], "relations": []}}, "doccano"),
        ({"a.jsonl": {"data": {"text": "x"}, "annotations": []}}, "label_studio"),
        ({"a.jsonl": {"text": "x", "title": "y"}}, None),
        ({"a.jsonl": {"text": "x", "labels": ["y"], "label": "z"}}, None),
        ({"a.jsonl": '{"text": "x\nno JSON at all'}, None),
        ({"a.json": [1, 2]}, None),
        ({"a.csv": "text\nx\n"}, None),
        ({}, None),
    ],
)
def test_the_format_is_found_out(files: dict[str, object], wanted: str | None) -> None:
    written = {
        name: data if isinstance(data, str) else json.dumps(data) for name, data in files.items()
    }
    assert detect(sources(written)) == wanted


def test_the_first_text_without_tags_does_not_hide_the_others() -> None:
    rows = [{"text": "x", "label": []}, {"text": "y", "label": [[0, 1, "A"]]}]
    assert detect(sources({"a.jsonl": "\n".join(map(json.dumps, rows))})) == "doccano"


def test_many_texts_without_tags_do_not_hide_the_others() -> None:
    rows = [{"text": "x", "label": []}] * 300 + [{"text": "y", "label": [[0, 1, "A"]]}]
    assert detect(sources({"a.jsonl": "\n".join(map(json.dumps, rows))})) == "doccano"


def test_what_is_detected_is_read() -> None:
    rows = {"data": {"text": "x y"}, "annotations": [{"result": []}]}
    for name in ("a.json", "a.jsonl", "a.ndjson"):
        files = sources({name: json.dumps(rows)})
        assert len(list(FORMATS[detect(files) or ""](files))) == 1
