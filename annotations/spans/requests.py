"""What a client sends to change a layer: parsed and measured, nothing applied. Pure."""

import hashlib
from typing import ClassVar
from uuid import UUID

import msgspec

from annotations.spans import remarks
from annotations.spans.remarks import Confidence, Decision, LayerKey, Member, NoteImage, Result
from annotations.text.gate import refusal

MAX_OPERATIONS = 200
"""The most operations in one request."""
MAX_BYTES = 1_000_000
"""The most bytes in one request."""
MAX_MEMBERS = 8_000
"""The most spans or relations that one settlement is about: with what came of as many, it fits a request."""

Pairs = list[list[int]]
Attributes = dict[str, str | bool | None]


class Malformed(ValueError):
    """The request is not of the shape of the protocol; the message says where."""


class End(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One end of a relation: exactly one of a span, the article, an entity."""

    span: UUID | None = None
    article: bool = False
    entity: UUID | None = None

    def __post_init__(self) -> None:
        if (self.span is not None) + self.article + (self.entity is not None) != 1:
            raise ValueError("an end names exactly one of span, article, entity")


class SpanImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span as it stands: `fragments` in code points, `text` what each of them covers."""

    id: UUID
    label: str
    fragments: Pairs
    text: list[str]
    attributes: dict[str, str | bool] = {}
    entity: UUID | None = None


class RelationImage(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"source": "from", "target": "to"},
):
    id: UUID
    type: str
    source: End
    target: End
    attributes: dict[str, str | bool] = {}

    def __post_init__(self) -> None:
        if self.source.entity is not None:
            raise ValueError("a relation starts at a span or the article")
        if self.target.article:
            raise ValueError("a relation ends at a span or an entity")


class Flagged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is flagged about a span or, without one, the article."""

    span: UUID | None
    flags: list[remarks.Flag]
    confidence: Confidence | None

    def __post_init__(self) -> None:
        if len(set(self.flags)) != len(self.flags):
            raise ValueError("a flag stands twice")


class Waived(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """These words are no such span; `reason` null withdraws that."""

    id: UUID
    label: str
    fragments: Pairs
    text: list[str]
    reason: str | None


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """This came of these spans, or of these relations; `decision` null withdraws that."""

    id: UUID
    of: list[Member]
    decision: Decision | None
    took: LayerKey | None
    result: Result | None
    reason: str

    def __post_init__(self) -> None:
        if not 0 < len(self.of) <= MAX_MEMBERS:
            raise ValueError(f"a settlement is of 1 to {MAX_MEMBERS} spans or relations")
        if len(set(self.of)) != len(self.of):
            raise ValueError("a settlement names each span or relation once")
        if len({one.span is None for one in self.of}) != 1:
            raise ValueError("a settlement is of spans or of relations, not of both")
        if self.decision is not None:
            self._check_outcome()

    def _check_outcome(self) -> None:
        if (self.decision == "take") != (self.took is not None):
            raise ValueError("took names the layer that was taken, and only where one was")
        if self.took is not None and all(one.layer != self.took for one in self.of):
            raise ValueError("took is the layer of a member")
        if (self.decision == "none") != (self.result is None):
            raise ValueError("a settlement has a result, and none has none")
        if self.result and (self.result.span is None) != (self.of[0].span is None):
            raise ValueError("spans result in a span, relations in relations")


class Operation(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="op", forbid_unknown_fields=True
):
    id: UUID
    group: UUID | None = None

    kind: ClassVar[str] = ""

    @property
    def group_id(self) -> UUID:
        return self.group or self.id

    def sha256(self) -> bytes:
        """The hash of what was asked, whatever the order of its keys."""
        whole = msgspec.structs.replace(self, group=self.group_id)
        return hashlib.sha256(msgspec.json.encode(whole, order="sorted")).digest()


class Place(Operation, tag="place", frozen=True):
    kind: ClassVar[str] = "place"
    span: SpanImage


class Move(Operation, tag="move", frozen=True):
    kind: ClassVar[str] = "move"
    span: UUID
    fragments: Pairs
    text: list[str]


class Retag(Operation, tag="retag", frozen=True):
    kind: ClassVar[str] = "retag"
    span: UUID
    label: str


class Set(Operation, tag="set", frozen=True):
    kind: ClassVar[str] = "set"
    attributes: Attributes
    span: UUID | None = None
    relation: UUID | None = None

    def __post_init__(self) -> None:
        if (self.span is None) == (self.relation is None):
            raise ValueError("set names a span or a relation")


class Link(Operation, tag="link", frozen=True):
    kind: ClassVar[str] = "link"
    span: UUID
    entity: UUID | None


class Relate(Operation, tag="relate", frozen=True):
    kind: ClassVar[str] = "relate"
    relation: RelationImage


class Unrelate(Operation, tag="unrelate", frozen=True):
    kind: ClassVar[str] = "unrelate"
    relation: UUID


class Remove(Operation, tag="remove", frozen=True):
    kind: ClassVar[str] = "remove"
    span: UUID


class Note(Operation, tag="note", frozen=True):
    kind: ClassVar[str] = "note"
    note: NoteImage


class Flag(Operation, tag="flag", frozen=True):
    kind: ClassVar[str] = "flag"
    flag: Flagged


class Waive(Operation, tag="waive", frozen=True):
    kind: ClassVar[str] = "waive"
    waiver: Waived


class Settle(Operation, tag="settle", frozen=True):
    kind: ClassVar[str] = "settle"
    settlement: Settled


class Undo(Operation, tag="undo", frozen=True):
    kind: ClassVar[str] = "undo"
    of: UUID


class Redo(Operation, tag="redo", frozen=True):
    kind: ClassVar[str] = "redo"
    of: UUID


class Restore(Operation, tag="restore", frozen=True):
    """The layer is as it was at revision `to`."""

    kind: ClassVar[str] = "restore"
    to: int


AnyOperation = (
    Place
    | Move
    | Retag
    | Set
    | Link
    | Relate
    | Unrelate
    | Remove
    | Note
    | Flag
    | Waive
    | Settle
    | Undo
    | Redo
    | Restore
)
Rewinding = Undo | Redo | Restore
"""What replays the history instead of saying something new."""


class Batch(msgspec.Struct, frozen=True):
    """Operations in the order they are to be applied; `base` is the revision they stand on."""

    base: int
    operations: list[AnyOperation]
    client: UUID | None = None

    def groups(self) -> list[list[AnyOperation]]:
        """The operations, cut where the group changes."""
        groups: list[list[AnyOperation]] = []
        for operation in self.operations:
            if groups and groups[-1][0].group_id == operation.group_id:
                groups[-1].append(operation)
            else:
                groups.append([operation])
        return groups


_decoder = msgspec.json.Decoder(Batch)


def parse(body: bytes) -> Batch:
    """The batch in a request's body. Refuses (Malformed) other shapes, unknown operations, more
    than MAX_OPERATIONS, an id or a group met twice, and characters no text may hold."""
    try:
        batch = _decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error
    if not 0 < len(batch.operations) <= MAX_OPERATIONS:
        raise Malformed(f"a request holds 1 to {MAX_OPERATIONS} operations")
    if not 0 <= batch.base < 2**31:
        raise Malformed("base is a revision: a whole number from 0")
    _refuse_repeats("operation id", [operation.id for operation in batch.operations])
    _refuse_repeats("group", [group[0].group_id for group in batch.groups()])
    for operation in batch.operations:
        _refuse_bad_text(operation)
        if isinstance(operation, Rewinding) and operation.group not in (None, operation.id):
            raise Malformed("undo, redo and restore stand alone in their group")
    return batch


def _refuse_repeats(what: str, ids: list[UUID]) -> None:
    if len(set(ids)) != len(ids):
        raise Malformed(f"the same {what} stands twice in the request")


def _refuse_bad_text(operation: AnyOperation) -> None:
    for value in _strings(operation):
        if bad := refusal(value):
            raise Malformed(f"operation {operation.id} holds a character no text may hold: {bad}")


def _strings(operation: AnyOperation) -> list[str]:
    match operation:
        case Place(span=span):
            return [span.label, *span.text, *_words(span.attributes)]
        case Relate(relation=relation):
            return [relation.type, *_words(relation.attributes)]
        case Set(attributes=attributes):
            return _words(attributes)
        case Move(text=text):
            return text
        case Retag(label=label):
            return [label]
        case Note(note=note):
            return [note.text]
        case Waive(waiver=waiver):
            return [waiver.label, *waiver.text, waiver.reason or ""]
        case Settle(settlement=settlement):
            return [settlement.reason]
    return []


def _words(attributes: Attributes | dict[str, str | bool]) -> list[str]:
    return [*attributes, *(value for value in attributes.values() if isinstance(value, str))]
