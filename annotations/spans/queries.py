"""A whole layer as it stands: what the desk and the API show."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import tee
from uuid import UUID

import msgspec

from annotations.accounts.models import SHOWN_NAME
from annotations.assignments.models import Assignment
from annotations.spans import images, journal
from annotations.spans.remarks import FlagImage, NoteImage, SettlementImage, WaiverImage
from annotations.spans.requests import RelationImage, SpanImage
from annotations.spans.undo import Events


class Note(msgspec.Struct, frozen=True):
    """A note, with who wrote it first and when."""

    id: UUID
    span: UUID | None
    text: str
    author: str
    at: datetime


class Settlement(SettlementImage, frozen=True):
    """A settlement, with who made it and when."""

    author: str
    at: datetime


@dataclass(slots=True)
class LayerState:
    """A layer at one revision. `undo` and `redo` name the groups those would take."""

    revision: int
    spans: list[SpanImage]
    relations: list[RelationImage]
    notes: list[Note]
    flags: list[FlagImage]
    waivers: list[WaiverImage]
    settlements: list[Settlement]
    undo: UUID | None
    redo: UUID | None

    def entities(self) -> list[UUID]:
        """The entities that the layer links to, each once."""
        named = [span.entity for span in self.spans]
        named += [relation.target.entity for relation in self.relations]
        return list(dict.fromkeys(uuid for uuid in named if uuid))


def layer_state(assignment: Assignment) -> LayerState:
    """The layer of an assignment, at its newest revision: spans in text order, relations by id,
    notes and settlements as they were made. Four queries, whatever its size; the history is read only as far
    back as undo needs."""
    remarks = _remarks(assignment.pk)
    for_undo, for_redo = tee(journal.events_back(assignment.pk, []))
    return LayerState(
        revision=assignment.revision,
        spans=_spans(assignment.pk),
        relations=_relations(assignment.pk),
        notes=remarks.notes,
        flags=remarks.flags,
        waivers=remarks.waivers,
        settlements=remarks.settlements,
        undo=Events(for_undo).newest_in_effect(),
        redo=Events(for_redo).newest_undone(),
    )


def spans_before(assignment: Assignment, offset: int) -> list[SpanImage]:
    """The spans of an assignment that begin before a code point, in text order. One query."""
    return _spans(assignment.pk, before=offset)


def _spans(assignment_id: int, before: int | None = None) -> list[SpanImage]:
    found = images.fetch(
        f"""SELECT {images.SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
              LEFT JOIN entity e ON e.id = s.entity_id
             WHERE s.assignment_id = %(assignment)s AND NOT s.removed
               AND (%(before)s::int IS NULL OR s.fragments[1] < %(before)s)""",
        {"assignment": assignment_id, "before": before},
    )
    spans = [images.span_image(row)[0] for row in found]
    return sorted(spans, key=text_order)


def text_order(span: SpanImage) -> tuple[int, int, str, str]:
    """Where a span stands in an export: by first start, last end, label, id."""
    return span.fragments[0][0], span.fragments[-1][1], span.label, str(span.id)


def _relations(assignment_id: int) -> list[RelationImage]:
    found = images.fetch(
        f"""SELECT {images.RELATION_COLUMNS} FROM relation r JOIN relation_type k ON k.id = r.type_id
              LEFT JOIN entity e ON e.id = r.to_entity_id
             WHERE r.assignment_id = %s AND NOT r.removed ORDER BY r.id""",
        [assignment_id],
    )
    return [images.relation_image(row)[0] for row in found]


@dataclass(slots=True)
class _Remarks:
    notes: list[Note] = field(default_factory=list)
    flags: list[FlagImage] = field(default_factory=list)
    waivers: list[WaiverImage] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)


def _remarks(assignment_id: int) -> _Remarks:
    found = images.fetch(
        f"""SELECT {images.REMARK_COLUMNS}, {SHOWN_NAME}, m.at
              FROM remark m JOIN account u ON u.id = m.account_id
             WHERE m.assignment_id = %s AND NOT m.removed ORDER BY m.at, m.id""",
        [assignment_id],
    )
    remarks = _Remarks()
    for *row, author, at in found:
        match images.remark_image(tuple(row))[1]:
            case NoteImage(id=note_id, span=span, text=text):
                remarks.notes.append(Note(note_id, span, text, author, at))
            case FlagImage() as flag:
                remarks.flags.append(flag)
            case WaiverImage() as waiver:
                remarks.waivers.append(waiver)
            case SettlementImage() as settlement:
                said = msgspec.structs.asdict(settlement)
                remarks.settlements.append(Settlement(**said, author=author, at=at))
    return remarks
