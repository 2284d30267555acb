"""Layers as the rows that PostgreSQL's binary COPY reads. Pure.

Which assignment a layer fills, and which keys its entities have, is known only after the whole
file was checked. So a packed row lacks its first two columns, which are put before it later.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from uuid import UUID

import msgspec

from annotations.exchange.fitting import FittedLayer
from annotations.exchange.naming import Key
from annotations.exchange.records import Attributes, EndRecord, RelationRecord, SpanRecord
from annotations.exchange.remarks import FittedMessage, FittedRemark
from annotations.exchange.settlements import FittedSettlement
from annotations.spans.remarks import Member, SettlementImage

BEGIN = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
FINISH = struct.pack(">h", -1)

SPANS = (
    "span (assignment_id, entity_id, id, label_id, fragments, text, attributes, changed_seq,"
    " removed)"
)
RELATIONS = (
    "relation (assignment_id, to_entity_id, id, type_id, from_article, from_id, to_id,"
    " attributes, changed_seq, removed)"
)
REMARKS = "remark (assignment_id, account_id, at, kind, id, span_id, body, changed_seq, removed)"
MESSAGES = "message (assignment_id, account_id, at, id, span_id, asks, text, waits)"
OPERATIONS = (
    'operation (assignment_id, account_id, id, "group", seq, op, undoes, client, request_sha256,'
    " changes, at)"
)

_INT4, _TEXT = 23, 25  # PostgreSQL's numbers for the types of array elements
_NULL = struct.pack(">i", -1)
_TWO_KEYS = struct.Struct(">hiqiq")  # how many columns, then two of eight bytes
_KEY_AND_NULL = struct.Struct(">hiqi")
_HEAD = struct.Struct(">i16siq")  # a UUID and a key
_KEY = struct.Struct(">iq")
_ARRAY = struct.Struct(">iiiiii")  # bytes, dimensions, any NULL, element type, length, first index
_LENGTH = struct.Struct(">i")
# of a span with one fragment: its UUID and label, an array of two numbers, an array of one text
_ONE_FRAGMENT = struct.Struct(">i16s12s28siiii20si")
_TWO_NUMBERS = _ARRAY.pack(36, 1, 0, _INT4, 2, 1) + _LENGTH.pack(4)
_ONE_TEXT = struct.pack(">iiiii", 1, 0, _TEXT, 1, 1)
_UUID = struct.Struct(">i16s")
_MOMENT = struct.Struct(">iq")
_FALSE, _TRUE = struct.pack(">i?", 1, False), struct.pack(">i?", 1, True)
_END = struct.pack(">ii", 4, 1) + _FALSE  # changed by operation 1, not removed
_PLAIN_END = struct.pack(">i", 3) + b"\x01{}" + _END  # without attributes
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class PackedRemark(msgspec.Struct, array_like=True, gc=False):
    """A remark, or a message, without its author's key, and without the load's moment where it has none of its
    own (in microseconds of PostgreSQL's epoch)."""

    author: str
    at: int | None
    tail: bytes


class Packed(msgspec.Struct, array_like=True, gc=False):
    """One layer. `span_entities` and `relation_entities` say which rows link to an entity.
    `settlements` name layers by their numbers in the line, of which `number` is this one's: see
    `with_settlements`."""

    spans: list[bytes]
    relations: list[bytes]
    span_entities: dict[int, str]
    relation_entities: dict[int, str]
    changes: bytes
    remarks: list[PackedRemark]
    messages: list[PackedRemark]
    settlements: Sequence[FittedSettlement] = ()
    number: int = 1


class _SpanImage(msgspec.Struct, gc=False):
    id: str
    label: str
    fragments: Sequence[tuple[int, int]]
    text: Sequence[str]
    attributes: Attributes
    entity: str | None


class _RelationImage(msgspec.Struct, rename={"source": "from", "target": "to"}, gc=False):
    id: str
    type: str
    source: EndRecord
    target: EndRecord
    attributes: Attributes


class _Change(msgspec.Struct, gc=False):
    """One object that the load made, as the history of a layer has it."""

    kind: str
    id: str
    after: _SpanImage | _RelationImage | dict[str, object]
    before: None = None


class Packer:
    """Packs layers under the database's keys for the labels and relations of one schema."""

    def __init__(self, labels: Mapping[str, int], relations: Mapping[str, int]) -> None:
        self._labels = {name: _KEY.pack(8, key) for name, key in labels.items()}
        self._relations = relations

    def layer(self, fitted: FittedLayer, number: int) -> Packed:
        """The rows of the layer with this number in its line, and the changes its one operation
        records."""
        layer, ids = fitted.layer, fitted.ids
        spans, relations = layer.spans, layer.relations
        return Packed(
            [self._span(span, ids[span.id][1]) for span in spans],
            [self._relation(relation, ids) for relation in relations],
            {i: span.entity.lower() for i, span in enumerate(spans) if span.entity},
            {i: r.target.entity.lower() for i, r in enumerate(relations) if r.target.entity},
            msgspec.json.encode(list(_changes(fitted))),
            [_remark(remark) for remark in fitted.remarks],
            [_message(message) for message in fitted.messages],
            fitted.settlements,
            number,
        )

    def _span(self, span: SpanRecord, key: bytes) -> bytes:
        label = self._labels[span.label]
        end_of_row = _object(span.attributes) + _END if span.attributes else _PLAIN_END
        if len(span.fragments) > 1:
            return b"".join((_uuid(key), label, _fragments(span), _texts(span), end_of_row))
        [(start, end)] = span.fragments
        text = span.text[0].encode()
        size = len(text)
        head = _ONE_FRAGMENT.pack(
            16, key, label, _TWO_NUMBERS, start, 4, end, 24 + size, _ONE_TEXT, size
        )
        return head + text + end_of_row

    def _relation(self, relation: RelationRecord, ids: Mapping[str, Key]) -> bytes:
        source, target = relation.source.span, relation.target.span
        return b"".join(
            (
                _HEAD.pack(16, ids[relation.id][1], 8, self._relations[relation.type]),
                _TRUE if relation.source.article else _FALSE,
                _uuid(None if source is None else ids[source][1]),
                _uuid(None if target is None else ids[target][1]),
                _object(relation.attributes),
                _END,
            )
        )


def with_settlements(packed: Packed, layer_at: Callable[[int], int]) -> Packed:
    """The layer with its settlements among its remarks and its changes; `layer_at` gives the key of
    the layer with a number in the line."""
    if not packed.settlements:
        return packed
    images = [_among(one.image, layer_at) for one in packed.settlements]
    made = [_Change("settlement", str(one.id), msgspec.to_builtins(one)) for one in images]
    packed.changes = (
        b"["
        + b",".join([*filter(None, [packed.changes[1:-1]]), msgspec.json.encode(made)[1:-1]])
        + b"]"
    )
    packed.remarks += [
        _settlement(image, one) for image, one in zip(images, packed.settlements, strict=True)
    ]
    packed.settlements = ()
    return packed


def _among(image: SettlementImage, layer_at: Callable[[int], int]) -> SettlementImage:
    return msgspec.structs.replace(
        image,
        of=[Member(layer_at(one.layer), one.span, one.relation) for one in image.of],
        took=image.took and layer_at(image.took),
    )


def span_rows(packed: Packed, assignment: int, entities: Mapping[str, int]) -> bytes:
    """The layer's spans as whole rows of `assignment`; `entities` gives keys for UUIDs."""
    return _rows(9, packed.spans, packed.span_entities, assignment, entities)


def relation_rows(packed: Packed, assignment: int, entities: Mapping[str, int]) -> bytes:
    """The layer's relations as whole rows."""
    return _rows(10, packed.relations, packed.relation_entities, assignment, entities)


def _rows(
    columns: int,
    tails: Sequence[bytes],
    links: Mapping[int, str],
    assignment: int,
    entities: Mapping[str, int],
) -> bytes:
    unlinked = _KEY_AND_NULL.pack(columns, 8, assignment, -1)
    if not links:
        return b"".join([unlinked + tail for tail in tails])
    starts = [unlinked] * len(tails)
    for i, uuid in links.items():
        starts[i] = _TWO_KEYS.pack(columns, 8, assignment, 8, entities[uuid])
    return b"".join(chain.from_iterable(zip(starts, tails, strict=True)))


def remark_rows(
    packed: Packed, assignment: int, annotator: int, people: Mapping[str, int], at: datetime
) -> bytes:
    """The layer's remarks as whole rows: of their authors, whose keys `people` has, else of the
    annotator; of their moments, else of `at`."""
    return _written(9, packed.remarks, assignment, annotator, people, at)


def message_rows(
    packed: Packed, assignment: int, annotator: int, people: Mapping[str, int], at: datetime
) -> bytes:
    """The same of the messages about the layer. None of them waits for anybody here."""
    return _written(8, packed.messages, assignment, annotator, people, at)


def _written(
    columns: int,
    said: Sequence[PackedRemark],
    assignment: int,
    annotator: int,
    people: Mapping[str, int],
    at: datetime,
) -> bytes:
    loaded = _microseconds(at)
    return b"".join(
        _TWO_KEYS.pack(columns, 8, assignment, 8, people[r.author] if r.author else annotator)
        + _MOMENT.pack(8, loaded if r.at is None else r.at)
        + r.tail
        for r in said
    )


def operation_row(packed: Packed, assignment: int, account: int, load: UUID, at: datetime) -> bytes:
    """The one operation of a loaded layer: `account` made it, at `at`, with the load's id."""
    return b"".join(
        (
            _TWO_KEYS.pack(11, 8, assignment, 8, account),
            _uuid(load.bytes),
            _uuid(load.bytes),
            struct.pack(">ii", 4, 1),
            _bytes(b"load"),
            _NULL,
            _NULL,
            _bytes(sha256(packed.changes).digest()),
            _bytes(b"\x01" + packed.changes),
            _MOMENT.pack(8, _microseconds(at)),
        )
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _remark(remark: FittedRemark) -> PackedRemark:
    span = remark.span and remark.span[1]
    tail = _tail(remark.kind, remark.key[1], span, remark.body)
    return PackedRemark(remark.author, _maybe(remark.at), tail)


def _message(message: FittedMessage) -> PackedRemark:
    tail = b"".join(
        (
            _uuid(message.key[1]),
            _uuid(message.span and message.span[1]),
            _TRUE if message.asks else _FALSE,
            _bytes(message.text.encode()),
            _FALSE,
        )
    )
    return PackedRemark(message.author, _maybe(message.at), tail)


def _settlement(image: SettlementImage, fitted: FittedSettlement) -> PackedRemark:
    body = msgspec.to_builtins(image)
    del body["id"]
    span = None if image.span is None else image.span.bytes
    tail = _tail("settlement", image.id.bytes, span, body)
    return PackedRemark(fitted.author, _maybe(fitted.at), tail)


def _tail(kind: str, key: bytes, span: bytes | None, body: dict[str, object]) -> bytes:
    return b"".join((_bytes(kind.encode()), _uuid(key), _uuid(span), _object(body), _END))


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else _microseconds(at)


def _changes(fitted: FittedLayer) -> Iterator[_Change]:
    ids = fitted.ids
    for span in fitted.layer.spans:
        key = ids[span.id][0]
        entity = span.entity and span.entity.lower()
        image = _SpanImage(key, span.label, span.fragments, span.text, span.attributes, entity)
        yield _Change("span", key, image)
    for relation in fitted.layer.relations:
        key = ids[relation.id][0]
        ends = (_known(relation.source, ids), _known(relation.target, ids))
        yield _Change(
            "relation", key, _RelationImage(key, relation.type, *ends, relation.attributes)
        )
    for remark in fitted.remarks:
        yield _Change(remark.kind, remark.key[0], _remark_image(remark))


def _remark_image(remark: FittedRemark) -> dict[str, object]:
    """A waiver is about words; all other remarks are about a span, or null: the article."""
    about = {} if remark.kind == "waiver" else {"span": remark.span and remark.span[0]}
    return {"id": remark.key[0], **about, **remark.body}


def _known(end: EndRecord, ids: Mapping[str, Key]) -> EndRecord:
    """The same end, under its UUID."""
    if end.span is not None:
        return EndRecord(span=ids[end.span][0])
    return EndRecord(entity=end.entity.lower()) if end.entity else end


def _fragments(span: SpanRecord) -> bytes:
    count = 2 * len(span.fragments)
    numbers = [word for start, end in span.fragments for word in (4, start, 4, end)]
    array = _ARRAY.pack(20 + 8 * count, 1, 0, _INT4, count, 1)
    return array + struct.pack(f">{2 * count}i", *numbers)


def _texts(span: SpanRecord) -> bytes:
    pieces = b"".join(_bytes(piece.encode()) for piece in span.text)
    return _ARRAY.pack(20 + len(pieces), 1, 0, _TEXT, len(span.text), 1) + pieces


def _object(value: Attributes | dict[str, object]) -> bytes:
    return _bytes(b"\x01" + msgspec.json.encode(value))


def _uuid(key: bytes | None) -> bytes:
    return _NULL if key is None else _UUID.pack(16, key)


def _bytes(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value
