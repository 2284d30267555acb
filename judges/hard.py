"""Lines of kutip/1 over texts on which programs stumble: emoji, joined and combining characters,
right-to-left letters, every line end; with spans that nest, overlap, coincide, begin inside a
character that people see as one, and come in pieces."""

import hashlib
from collections.abc import Iterator
from itertools import combinations
from random import Random
from uuid import UUID

from annotations.exchange.records import (
    FORMAT,
    OFFSET_UNIT,
    ArticleRecord,
    EndRecord,
    LayerRecord,
    Line,
    RelationRecord,
    SchemaRecord,
    SpanRecord,
    article_key,
)
from annotations.schema.spec import Spec

ARTICLES, SPANS = 40, 12
PIECES = (
    *("Laras", "menolak", "katanya", "case", "PERSON", "LAW", "a", ".", ",", "“", "”", "-", "/"),
    *(
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\xa0",
        "\u2028",
        "\u3000",
        "\ufeff",
        "\u200d",
    ),
    *("🚢", "👩\u200d👩\u200d👧", "🇮🇩", "e\u0301", "é", "\u0301", "مرحبا", "שלום", "東京", "ไทย"),
    *("\\", '"', "<b>", "&amp;", "]]>", "\x7f", "\x85", "\U0010fffd", "O", "B-QUOTE", "#", "'"),
)


def lines(spec: Spec) -> Iterator[Line]:
    """The same lines each time, with the labels and relations of the schema."""
    chance = Random(7)
    for _ in range(ARTICLES):
        text = "".join(chance.choices(PIECES, k=chance.randrange(8, 60)))
        if text.strip():
            yield _line(text, spec, chance)


def _line(text: str, spec: Spec, chance: Random) -> Line:
    sha256 = hashlib.sha256(text.encode())
    id = str(UUID(bytes=article_key(sha256.digest())))
    about = ("", f"x-{id[:4]}", id, "id", {}, "2026-03-20T08:00:00Z", sha256.hexdigest())
    article = ArticleRecord(*about, "Koran", text, "Judul 🚢 “a” & <b>", "https://contoh.example/a")
    layers = [_layer(name, kind, text, spec, chance) for name, kind in _ANNOTATORS]
    return Line(article, (), FORMAT, layers, OFFSET_UNIT, SchemaRecord(spec.key, spec.version))


_ANNOTATORS = (("ani", "annotator"), ("budi ش", "annotator"), ("hakim", "gold"))


def _layer(name: str, kind: str, text: str, spec: Spec, chance: Random) -> LayerRecord:
    count = chance.randrange(SPANS)
    spans = [_span(text, spec, chance) for _ in range(count)]
    if spans:
        spans.append(_renamed(spans[0], chance))
    spans.sort(key=lambda one: (one.fragments[0][0], one.fragments[-1][1], one.label, one.id))
    relations = [
        RelationRecord({}, EndRecord(span=a.id), _uuid(chance), EndRecord(span=b.id), kind.key)
        for kind in spec.relations
        for a, b in combinations(spans, 2)
        if a.label in kind.sources and b.label in kind.targets and chance.random() < 0.2
    ]
    return LayerRecord(
        annotator=name,
        kind=kind,
        notes=(),
        relations=relations,
        spans=spans,
        status="submitted",
        submitted_at=None,
    )


def _span(text: str, spec: Spec, chance: Random) -> SpanRecord:
    count = min(chance.choice((2, 2, 2, 4, 6)), (len(text) + 1) // 2 * 2)
    at = sorted(chance.sample(range(len(text) + 1), count))
    fragments = list(zip(at[::2], at[1::2], strict=True))
    label = chance.choice(spec.labels)
    values = {a.key: chance.choice(a.values).key for a in label.attributes if a.values}
    return SpanRecord(
        attributes=dict(chance.sample(sorted(values.items()), min(2, len(values)))),
        entity=None,
        fragments=fragments,
        id=_uuid(chance),
        label=label.key,
        notes=(),
        text=[text[start:end] for start, end in fragments],
    )


def _renamed(one: SpanRecord, chance: Random) -> SpanRecord:
    """Another span, equal in place and label."""
    return SpanRecord(
        attributes={},
        entity=None,
        fragments=one.fragments,
        id=_uuid(chance),
        label=one.label,
        notes=(),
        text=one.text,
    )


def _uuid(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
