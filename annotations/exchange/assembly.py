"""A layer on its way out, while its parts come in: rows as `outgoing` reads them, a record at the
end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from annotations.exchange.records import (
    LayerRecord,
    MemberRecord,
    MessageRecord,
    NoteRecord,
    RelationRecord,
    ResultRecord,
    SettlementRecord,
    SpanRecord,
    WaiverRecord,
    text_order,
)
from annotations.text.fragments import covered

NONE = ()
"""What a record leaves out: only its very default is."""


class Lies(RuntimeError):
    """Something in the database does not cover the text it says it covers: nothing is exported."""


@dataclass(slots=True)
class Layer:
    """Spans stand in text order. `notes`, `flags` and `confidence` are about the article; those about
    spans stand with the spans."""

    text: str
    annotator: str
    kind: str
    status: str
    submitted_at: str | None
    spans: Sequence[SpanRecord] = NONE
    relations: list[RelationRecord] = field(default_factory=list)
    linked: set[int] = field(default_factory=set)
    notes: list[NoteRecord] = field(default_factory=list)
    flags: Sequence[str] = NONE
    confidence: int | None = None
    waivers: list[WaiverRecord] = field(default_factory=list)
    settlements: list[SettlementRecord] = field(default_factory=list)
    messages: list[MessageRecord] = field(default_factory=list)

    def add_remarks(self, rows: Iterable[Any], layers: Mapping[int, "Layer"]) -> None:
        """All that is said beside the spans, in the order of the notes. The spans are there
        already; settlements are of `layers`, and of what is not in these they do not tell; what was
        said about a span that is gone is left out. Raises Lies."""
        spans: dict[str | None, Any] = {span.id: span for span in self.spans}
        spans[None] = self
        notes: dict[str | None, list[NoteRecord]] = defaultdict(list)
        for kind, remark_id, span, body, author, at in rows:
            said = msgspec.json.decode(body)
            if kind == "note":
                notes[span].append(NoteRecord(moment(at), author, remark_id, said["text"]))
            elif kind == "flag":
                about = spans[span]
                about.flags, about.confidence = said["flags"] or NONE, said["confidence"]
            elif kind == "message":
                if span in spans:
                    self.messages.append(
                        MessageRecord(at=moment(at), author=author, id=remark_id, span=span, **said)
                    )
            elif kind == "settlement":
                self.settlements += _settlement(remark_id, author, moment(at), said, layers)
            else:
                self.waivers.append(self._waiver(WaiverRecord(id=remark_id, **said)))
        for span, written in notes.items():
            spans[span].notes = written

    def record(self) -> LayerRecord:
        self.waivers.sort(key=text_order)
        return LayerRecord(
            annotator=self.annotator,
            confidence=self.confidence,
            flags=self.flags,
            kind=self.kind,
            messages=self.messages or NONE,
            notes=self.notes,
            relations=self.relations,
            settlements=self.settlements or NONE,
            spans=self.spans,
            status=self.status,
            submitted_at=None if self.submitted_at is None else moment(self.submitted_at),
            waivers=self.waivers or NONE,
        )

    def _waiver(self, waiver: WaiverRecord) -> WaiverRecord:
        if list(covered(self.text, tuple(waiver.fragments))) != waiver.text:
            raise Lies(f"waiver {waiver.id} of {self.annotator} does not cover its text")
        return waiver


def _settlement(
    settlement: str, author: str, at: str, said: Mapping[str, Any], layers: Mapping[int, Layer]
) -> Iterable[SettlementRecord]:
    """The settlement under the names of annotators; nothing where the layer it took is not there."""
    took = said["took"]
    if took is None or took in layers:
        yield SettlementRecord(
            at=at,
            author=author,
            decision=said["decision"],
            id=settlement,
            of=[
                MemberRecord(layers[key].annotator, each.get("relation"), each.get("span"))
                for each in said["of"]
                if (key := each["layer"]) in layers
            ],
            reason=said["reason"],
            result=said["result"] and ResultRecord(**said["result"]),
            took=None if took is None else layers[took].annotator,
        )


def moment(value: str) -> str:
    """A moment in UTC as the format has it: with a fraction only where there is one."""
    return value.removesuffix(".000000") + "Z"
