"""The records of kutip/1, and the names things have in every database. Pure.

The fields of every record stand in the alphabetical order of their JSON keys: the encoder keeps
that order, so that a line has one form only.
"""

from collections.abc import Sequence
from hashlib import sha1
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from annotations.spans.remarks import Decision

FORMAT = "kutip/1"
BARE_FORMAT = "kutip-offsets/1"
"""The same without a word of the texts."""
OFFSET_UNIT = "codepoint"
KINDS = ("annotator", "gold")
"""The kinds of layers that people make. Those that are computed are no work of anybody's, and are
never read."""
STATUSES = ("open", "submitted", "reopened", "skipped")

Attributes = dict[str, str | bool]
Pair = tuple[int, int]


class Record(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Every key of a record is there, and no other; but what a record has a default for is left
    out where it is just that."""


class NoteRecord(Record):
    at: str
    author: str
    id: str
    text: str


class AliasRecord(Record):
    kind: str
    language: str
    text: str


class EntityRecord(Record, kw_only=True, omit_defaults=True):
    """`merged_into`: the entity of the same line that this one goes on as."""

    aliases: Sequence[AliasRecord]
    id: str
    merged_into: str | None = None
    name: str
    type: str


class ArticleRecord(Record):
    author: str
    external_id: str | None
    id: str
    language: str
    metadata: dict[str, Any]
    published: str | None
    sha256: str
    source: str
    text: str
    title: str
    url: str


class WaiverRecord(Record, kw_only=True, omit_defaults=True):
    """Words that are no such span, and why."""

    fragments: Sequence[Pair]
    fragments_bytes: Sequence[Pair] = ()
    fragments_utf16: Sequence[Pair] = ()
    id: str
    label: str
    reason: str
    text: Sequence[str]


class MemberRecord(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A span or a relation of an annotator's layer of the same line."""

    annotator: str
    relation: str | None = None
    span: str | None = None

    def __post_init__(self) -> None:
        if (self.span is None) == (self.relation is None):
            raise ValueError("a member names a span or a relation")


class ResultRecord(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A span, or relations, of the settlement's own layer."""

    relations: Sequence[str] | None = None
    span: str | None = None

    def __post_init__(self) -> None:
        if (self.span is None) == (self.relations is None):
            raise ValueError("a result names a span or relations")


class SettlementRecord(Record):
    """What a gold layer makes of spans or relations of annotators' layers, and why."""

    at: str
    author: str
    decision: Decision
    id: str
    of: Sequence[MemberRecord]
    reason: str
    result: ResultRecord | None
    took: str | None


class MessageRecord(Record, kw_only=True, omit_defaults=True):
    """What somebody who adjudicates asked about a span of a layer, or (none) about its article, or
    (`asks` false) what its annotator said there."""

    asks: bool
    at: str
    author: str
    id: str
    span: str | None = None
    text: str


class SpanRecord(Record, kw_only=True, omit_defaults=True):
    """`fragments` are half-open, in code points; `text` is what each of them covers. The other
    fragments are the same in other units, where somebody asked for them."""

    attributes: Attributes
    confidence: int | None = None
    entity: str | None
    flags: Sequence[str] = ()
    fragments: Sequence[Pair]
    fragments_bytes: Sequence[Pair] = ()
    fragments_utf16: Sequence[Pair] = ()
    id: str
    label: str
    notes: Sequence[NoteRecord]
    text: Sequence[str]


class EndRecord(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """One end of a relation: exactly one of the article, an entity, a span."""

    article: bool = False
    entity: str | None = None
    span: str | None = None

    def __post_init__(self) -> None:
        if self.article + (self.entity is not None) + (self.span is not None) != 1:
            raise ValueError("an end names exactly one of span, article, entity")


class RelationRecord(Record, rename={"source": "from", "target": "to"}):
    attributes: Attributes
    source: EndRecord
    id: str
    target: EndRecord
    type: str


class LayerRecord(Record, kw_only=True, omit_defaults=True):
    """`notes`, `flags` and `confidence` are about the article."""

    annotator: str
    confidence: int | None = None
    flags: Sequence[str] = ()
    kind: str
    messages: Sequence[MessageRecord] = ()
    notes: Sequence[NoteRecord]
    relations: Sequence[RelationRecord]
    settlements: Sequence[SettlementRecord] = ()
    spans: Sequence[SpanRecord]
    status: str
    submitted_at: str | None
    waivers: Sequence[WaiverRecord] = ()


class SchemaRecord(Record):
    key: str
    version: str


class Line(Record, omit_defaults=True):
    """One article with its layers. `split`: the part it is in, of an export that was parted."""

    article: ArticleRecord
    entities: Sequence[EntityRecord]
    format: str
    layers: Sequence[LayerRecord]
    offset_unit: str
    schema: SchemaRecord
    split: str = ""


def text_order(one: SpanRecord | WaiverRecord) -> tuple[int, int, str, str]:
    """Where a span or waiver stands among others."""
    return one.fragments[0][0], one.fragments[-1][1], one.label, one.id


_URL = NAMESPACE_URL.bytes


def named_key(said: bytes) -> bytes:
    """The 16 bytes of ``uuid5(NAMESPACE_URL, said)``, several times faster than `uuid.uuid5`: a
    campaign's articles are sorted by such, and the spans of a union are called so."""
    return stamped(sha1(_URL + said, usedforsecurity=False).digest(), 0x50)


def stamped(digest: bytes, version: int) -> bytes:
    """The 16 bytes of a UUID made of a digest; `version` stands in the upper half of its byte."""
    key = bytearray(digest[:16])
    key[6] = key[6] & 0x0F | version
    key[8] = key[8] & 0x3F | 0x80
    return bytes(key)


def spelled(key: bytes) -> str:
    """The UUID of 16 bytes as text."""
    digits = key.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def article_key(sha256: bytes) -> bytes:
    """The 16 bytes of ``uuid5(NAMESPACE_URL, "kutip:article:" + sha256 hex)``."""
    return named_key(b"kutip:article:" + sha256.hex().encode())


def uuid_bytes(raw: str) -> bytes | None:
    """The 16 bytes of the UUID that `raw` spells in the form of RFC 9562 (8-4-4-4-12), or None."""
    if len(raw) != 36 or not raw[8] == raw[13] == raw[18] == raw[23] == "-":
        return None
    try:
        key = bytes.fromhex(raw.replace("-", ""))
    except ValueError:
        return None
    return key if len(key) == 16 else None


def many_uuid_bytes(raws: Sequence[str]) -> list[bytes] | None:
    """The same of each of these; None unless all are UUIDs. Faster than one by one."""
    together, dashes = "".join(raws), "-" * len(raws)
    if set(map(len, raws)) != {36} or any(together[at::36] != dashes for at in (8, 13, 18, 23)):
        return None
    try:
        keys = bytes.fromhex(together.replace("-", ""))
    except ValueError:
        return None
    if len(keys) != 16 * len(raws):
        return None
    return [keys[at : at + 16] for at in range(0, len(keys), 16)]


def made_uuid(sha256: str, annotator: str, raw: str) -> UUID:
    """The UUID of a span or relation whose id in a file is none: the same at every load."""
    return uuid5(NAMESPACE_URL, f"kutip:{sha256}:{annotator}:{raw}")
