"""Lines through a writer, and what must be the same after a reader of ours has read it back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from annotations.exchange.formats import kutip
from annotations.exchange.formats.annotated import Annotated, TaggedLayer
from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.shape import Writer, between_spans, who, written
from annotations.schema.spec import Spec
from tests.exchange import foreign
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    Drawn,
    compact,
    layer,
    line,
    note,
    relation,
    settlement,
    span,
    waiver,
)

Tagged = tuple[str, tuple[tuple[int, int], ...]]
"""A label and the fragments."""


def lines(*documents: Mapping[str, Any]) -> list[Line]:
    return [kutip.read(compact(document)) for document in documents]


def drawn_lines(drawn: Drawn) -> list[Line]:
    return lines(*drawn.lines)


def everything() -> Drawn:
    """An article that has one of everything: what is rarely drawn is in it for sure."""
    alias = {"kind": "short", "language": "id", "text": "Bu <Laras>"}
    key = "0b9a3a0e-55b1-4a5e-9c39-0f1d2c3b4a59"
    entity = {"aliases": [alias], "id": key, "name": "Laras & Co", "type": "person"}
    actor = span(TEXT, "Laras", entity=key, confidence=2)
    quote = span(
        TEXT, "“Kami,”", "“tidak", label="QUOTE", attributes={"scare": True, "type": "direct"}
    )
    quote |= {"notes": [note("Baris\r\ndua")], "flags": ["unsure"]}
    relations = [
        relation(
            "SPEAKER", {"span": quote["id"]}, {"span": actor["id"]}, attributes={"sure": False}
        ),
        relation("SPEAKER", {"span": quote["id"]}, {"entity": key}),
        relation("HOLDER", {"article": True}, {"entity": key}),
    ]
    about = {"notes": [note()], "flags": ["unsure"], "waivers": [waiver(TEXT, "Warga")]}
    whole = layer("ani", actor, quote, relations=relations, **about)
    better = span(TEXT, "Menteri Laras")
    settled = settlement([("ani", actor)], "take", better, took="ani")
    gold = layer("hakim", better, kind="gold", settlements=[settled])
    return Drawn([line(TEXT, whole, layer("budi"), gold, entities=[entity]), line("Kosong.")])


def out(writer: Writer, given: Sequence[Line], spec: Spec = SPEC) -> tuple[bytes, LossReport]:
    """The whole file, and what it lost."""
    report = LossReport(writer.key)
    return b"".join(written(writer, given, spec, report)), report


def counted(report: LossReport) -> dict[str, int]:
    return {part.value: lost.count for part, lost in report.lost.items()}


def unzipped(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def read_back(reader: foreign.Reader, files: Mapping[str, str | bytes]) -> list[Annotated]:
    """The articles, in which nothing was refused or lost on the way in."""
    found = foreign.read(reader, files)
    assert [one.losses for one in found if one.losses] == []
    return found


def by_layer(found: Sequence[Annotated]) -> dict[tuple[str, str], TaggedLayer]:
    """Layers by the text and the annotator."""
    layers = [(one.draft.text, each) for one in found for each in one.layers]
    assert len({(text, each.annotator) for text, each in layers}) == len(layers)
    return {(text, each.annotator): each for text, each in layers}


def layers_of(given: Sequence[Line]) -> dict[tuple[str, str], LayerRecord]:
    return {(line.article.text, who(each)): each for line in given for each in line.layers}


def apart(span: SpanRecord) -> list[Tagged]:
    """What a format without fragments makes of a span."""
    return [(span.label, (fragment,)) for fragment in span.fragments]


def tagged(layer: TaggedLayer) -> Counter[Tagged]:
    return Counter((span.label, span.fragments) for span in layer.spans.values())


def joins(layer: LayerRecord) -> Counter[tuple[str, Tagged, Tagged]]:
    """Relations between spans, by their type and the first fragment of both ends."""
    first = {span.id: apart(span)[0] for span in layer.spans}
    return Counter(
        (relation.type, first[source], first[target])
        for relation, source, target in between_spans(layer)
    )


def tagged_joins(layer: TaggedLayer) -> Counter[tuple[str, Tagged, Tagged]]:
    at = {id: (span.label, span.fragments) for id, span in layer.spans.items()}
    return Counter((r.type, at[r.source], at[r.target]) for r in layer.relations.values())
