"""News that nobody wrote: articles of a given length with layers over them, the same every time."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

WORDS = [
    *("menteri", "pesisir", "menolak", "usul", "“tidak”", "warga", "–", "katanya,", "setuju"),
    *("rapat", "komisi", "🚢", "selat", "“kami", "the", "harbour", "talks", "said", "e\u0301lan"),
    *("pelabuhan", "kuota", "menurut", "juru", "bicara", "dewan", "sanksi", "perundingan"),
]
LABELS = ("ACTOR", "QUOTE", "CUE", "STANCE", "TARGET")
ATTRIBUTES: dict[str, dict[str, str]] = {
    "QUOTE": {"type": "direct"},
    "STANCE": {"polarity": "against"},
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many articles, of how many code points, with how many spans in their one layer."""

    articles: int
    characters: int = 3_000
    spans: int = 20


def articles(sizes: Sizes) -> Iterator[str]:
    """Lines of JSON as `load_articles` reads them."""
    for number in range(sizes.articles):
        yield _line(_article(number, sizes))


def layers(sizes: Sizes, *annotators: str) -> Iterator[str]:
    """Lines of kutip/1 with one submitted layer of each annotator, over the same articles. Who
    comes after the first differs from them: in a boundary, a label, a span that is not there."""
    for number in range(sizes.articles):
        article = _article(number, sizes)
        text = article.pop("text")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        whole = {"author": "", "id": "", "metadata": {}, "sha256": sha256, "text": text, "url": ""}
        yield _line(
            {
                "article": article | whole,
                "entities": [],
                "format": "kutip/1",
                "layers": [
                    _layer(number, text, sizes, annotator, of)
                    for of, annotator in enumerate(annotators)
                ],
                "offset_unit": "codepoint",
                "schema": {"key": "atribusi", "version": "1.0"},
            }
        )


def _article(number: int, sizes: Sizes) -> dict[str, Any]:
    chance = random.Random(number)
    text = f"{number} " + " ".join(chance.choices(WORDS, k=sizes.characters // 4))
    return {
        "external_id": f"artikel-{number}",
        "language": "id",
        "published": "2026-03-20T08:00:00Z",
        "source": "Harian Kota",
        "text": (text * 2)[: sizes.characters],
        "title": f"Artikel {number}",
    }


def _layer(number: int, text: str, sizes: Sizes, annotator: str, of: int) -> dict[str, Any]:
    chance = random.Random(-number - 1)
    spans = [_span(chance, text, at, sizes) for at in range(sizes.spans)]
    if of:
        spans = _seen_otherwise(random.Random(f"{number} {of}"), text, spans)
    return {
        "annotator": annotator,
        "kind": "annotator",
        "notes": [],
        "relations": [],
        "spans": spans,
        "status": "submitted",
        "submitted_at": None,
    }


def _span(chance: random.Random, text: str, at: int, sizes: Sizes) -> dict[str, Any]:
    """One of the spans, of which one in ten has two fragments."""
    room = sizes.characters // sizes.spans
    start = at * room + chance.randrange(room // 4)
    bounds = [(start, start + chance.randrange(3, room // 4))]
    if at % 10 == 9:
        bounds.append((start + room // 2, start + room // 2 + 5))
    label = chance.choice(LABELS)
    return {
        "attributes": ATTRIBUTES.get(label, {}),
        "entity": None,
        "fragments": bounds,
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "label": label,
        "notes": [],
        "text": [text[first:last] for first, last in bounds],
    }


def _seen_otherwise(
    chance: random.Random, text: str, spans: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One in ten is missed, one in five ends elsewhere, one in ten has another label."""
    seen = []
    for span in spans:
        if chance.random() < 0.1:
            continue
        (start, end), *rest = span["fragments"]
        end = start + max(1, end - start - 2) if chance.random() < 0.2 else end
        label = chance.choice(LABELS) if chance.random() < 0.1 else span["label"]
        bounds = [(start, end), *rest]
        seen.append(
            span
            | {
                "attributes": ATTRIBUTES.get(label, {}),
                "fragments": bounds,
                "label": label,
                "text": [text[first:last] for first, last in bounds],
            }
        )
    return seen


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n"
