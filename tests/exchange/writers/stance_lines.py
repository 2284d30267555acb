"""Lines of kutip/1 in which actors stand for and against concepts."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from annotations.exchange.records import Line
from tests.exchange.kutip_lines import layer, line, relation, span
from tests.exchange.writers.judging import lines

SAID = Mapping[str, Any]


def entity(name: str, type: str = "person", *aliases: str) -> dict[str, Any]:
    """An entity of this name; the same name has the same id."""
    return {
        "aliases": [{"kind": "short", "language": "", "text": one} for one in aliases],
        "id": str(uuid5(NAMESPACE_URL, name)),
        "name": name,
        "type": type,
    }


def stances(
    text: str,
    *held: tuple[dict[str, Any], dict[str, Any], str],
    annotator: str = "ani",
    **more: Any,
) -> dict[str, Any]:
    """A layer in which actors (entities) hold a stance toward concepts (entities), each on the first
    word of the text."""
    spans, relations = [], []
    for actor, concept, polarity in held:
        word = text.split()[0]
        attributes = {"polarity": polarity} if polarity else {}
        stance = span(text, word, label="STANCE", attributes=attributes)
        target = span(text, word, label="TARGET", entity=concept["id"])
        spans += [stance, target]
        relations += [
            relation("HOLDER", {"span": stance["id"]}, {"entity": actor["id"]}),
            relation("TOWARD", {"span": stance["id"]}, {"span": target["id"]}),
        ]
    return layer(annotator, *spans, relations=relations, **more)


def article(
    text: str,
    *layers: dict[str, Any],
    day: str | None = None,
    entities: Iterable[Any] = (),
    **about: Any,
) -> dict[str, Any]:
    made = line(text, *layers, entities=list(entities))
    made["article"] |= {"published": day and f"{day}T00:00:00Z"} | about
    return made


_A, _B, _C = (entity(name) for name in "ABC")
_X, _Y = (entity(name, "concept") for name in "xy")


def toy() -> list[Line]:
    """The example of `design/dna.md`, "Numbers to test against", as an export has it."""
    given = {
        "2024-03-01": [(_A, _X, "favor"), (_A, _X, "favor"), (_A, _Y, "against")],
        "2024-03-09": [(_B, _X, "favor"), (_B, _Y, "favor")],
        "2025-03-02": [(_A, _X, "favor"), (_C, _X, "against"), (_C, _Y, "against")],
        "2025-03-20": [(_B, _X, "against")],
    }
    every = (_A, _B, _C, _X, _Y)
    return lines(
        *(article(day, stances(day, *held), day=day, entities=every) for day, held in given.items())
    )
