"""The layers of an article brought onto its corrected text. Pure.

Each span is placed by the position of its ends, or by its words; what cannot be placed is left out of
the new layer and named in a note on the article, for a person to place. The old layer stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import NAMESPACE_URL, uuid5

import msgspec

from annotations.exchange.records import (
    EndRecord,
    LayerRecord,
    NoteRecord,
    Pair,
    SpanRecord,
    WaiverRecord,
)
from annotations.limits import LIMITS
from annotations.text.revising import Revision

_WORDS_SHOWN = 120


@dataclass(slots=True)
class Rebased:
    """What became of one layer: counts of its spans, and the spans that have no place."""

    placed: int = 0
    changed: int = 0
    unplaced: list[SpanRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Telling:
    """Who says in the new layer what could not be placed, when, and in which words. `title` goes
    before the list."""

    author: str
    at: str
    title: str


def rebase(
    layer: LayerRecord, revision: Revision, text: str, telling: Telling
) -> tuple[LayerRecord, Rebased]:
    """Return the layer over the new `text`, and what became of it.

    A relation goes with its ends; a waiver that has no place is gone: the words it waived are. A
    submitted layer from which something is missing, or in which covered words changed, is reopened.
    What was asked about the layer over the old text stays there.
    """
    told = Rebased()
    spans = list(_spans(layer.spans, revision, text, told))
    kept = {span.id for span in spans}
    relations = [
        one for one in layer.relations if _has(one.source, kept) and _has(one.target, kept)
    ]
    waivers = [waiver for one in layer.waivers if (waiver := _waiver(one, revision, text))]
    notes = [*layer.notes]
    if told.unplaced:
        notes.append(_note(layer, told.unplaced, telling))
    is_whole = not told.unplaced and not told.changed
    status = "reopened" if layer.status == "submitted" and not is_whole else layer.status
    rebased = msgspec.structs.replace(
        layer,
        spans=spans,
        relations=relations,
        waivers=waivers,
        notes=notes,
        messages=(),
        status=status,
    )
    return rebased, told


def _spans(
    spans: Sequence[SpanRecord], revision: Revision, text: str, told: Rebased
) -> Iterator[SpanRecord]:
    for span in spans:
        found = _fragments(span.fragments, revision)
        if found is None:
            told.unplaced.append(span)
            continue
        said = _covered(text, found)
        told.placed += 1
        told.changed += said != tuple(span.text)
        yield msgspec.structs.replace(span, fragments=found, text=said)


def _waiver(waiver: WaiverRecord, revision: Revision, text: str) -> WaiverRecord | None:
    found = _fragments(waiver.fragments, revision)
    if found is None:
        return None
    return msgspec.structs.replace(waiver, fragments=found, text=_covered(text, found))


def _fragments(fragments: Sequence[Pair], revision: Revision) -> Sequence[Pair] | None:
    """Where all fragments stand now, in order and apart; None where one does not, or two meet."""
    places = [revision.place(start, end) for start, end in fragments]
    found = [(place.start, place.end) for place in places if place is not None]
    if len(found) < len(fragments) or any(one[1] >= other[0] for one, other in pairwise(found)):
        return None
    return found


def _covered(text: str, fragments: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in fragments)


def _has(end: EndRecord, kept: set[str]) -> bool:
    return end.span is None or end.span in kept


def _note(layer: LayerRecord, unplaced: Sequence[SpanRecord], telling: Telling) -> NoteRecord:
    lines = [
        f"{span.label}: {' … '.join(span.text)[:_WORDS_SHOWN]}"
        for span in sorted(unplaced, key=lambda span: span.fragments[0])
    ]
    text = "\n".join((telling.title, *lines))[: LIMITS.note_code_points]
    key = uuid5(NAMESPACE_URL, f"kutip:rebase:{telling.at}:{layer.annotator}:{layer.kind}")
    return NoteRecord(at=telling.at, author=telling.author, id=str(key), text=text)
