"""Corpora that others tagged, out in every format we also read and back: the same spans."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from annotations.corpora.readers.sources import source_at
from annotations.exchange.formats import brat, doccano, label_studio, prodigy, uima
from annotations.exchange.formats.annotated import Annotated, TaggedLayer
from annotations.exchange.records import Line
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.line_ends import Folded
from annotations.exchange.writers.losses import Part
from tests.exchange import foreign
from tests.exchange.kutip_lines import layer, line
from tests.exchange.writers.judging import by_layer, lines, out, tagged, unzipped

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere"), "data")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the corpora stand in KUTIP_DATA")

READERS: dict[str, foreign.Reader] = {
    "brat": brat.read,
    "doccano": doccano.read,
    "label-studio": label_studio.read,
    "prodigy": prodigy.read,
    "uima-xmi": uima.read,
}


def corpus(name: str) -> list[Annotated]:
    path = DATA / name
    files = sorted(file for file in path.rglob("*") if file.is_file())
    found = brat.read([source_at(file, name=str(file.relative_to(path))) for file in files])
    return [one for one in found if isinstance(one, Annotated)]


def as_lines(found: Sequence[Annotated]) -> list[Line]:
    """A line for each text, with the layers of everybody."""
    texts: dict[str, list[TaggedLayer]] = {}
    for one in found:
        texts.setdefault(one.draft.text, []).extend(one.layers)
    return lines(*(line(text, *(_layer(text, one) for one in of)) for text, of in texts.items()))


def _layer(text: str, one: TaggedLayer) -> dict[str, Any]:
    spans = [
        {
            "id": span.id,
            "label": span.label,
            "fragments": [list(pair) for pair in span.fragments],
            "text": [text[start:end] for start, end in span.fragments],
            "attributes": {},
            "entity": None,
            "notes": [],
        }
        for span in one.spans.values()
    ]
    return layer(one.annotator, *spans)


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize(
    ("name", "spans"), [("brat-four-annotators", 1567), ("litbank-entities", 13912)]
)
def test_a_real_corpus_goes_out_and_comes_back(key: str, name: str, spans: int) -> None:
    found = corpus(name)
    data, report = out(WRITERS[key], as_lines(found))
    files = dict(unzipped(data)) if WRITERS[key].extension == "zip" else {"x.jsonl": data}
    back = by_layer(foreign.read(READERS[key], files))
    fold = key == "brat"
    there = {
        (Folded(one.draft.text).text if fold else one.draft.text, each.annotator): each
        for one in found
        for each in one.layers
    }
    assert back.keys() == there.keys()
    assert sum(len(each.spans) for each in there.values()) == spans
    for place, each in back.items():
        theirs: Counter[Any] = tagged(there[place])
        if Part.FRAGMENTS not in WRITERS[key].holds:
            theirs = Counter(
                (label, (pair,)) for label, pairs in theirs.elements() for pair in pairs
            )
        assert tagged(each) == theirs
    assert Part.NOTHING_LEFT not in report.lost
