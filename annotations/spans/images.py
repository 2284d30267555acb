"""Rows of spans and relations as the images of the protocol."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from annotations.prepared.cursors import prepared
from annotations.spans.layer import SHAPES, Image
from annotations.spans.remarks import RemarkImage, SettlementImage
from annotations.spans.requests import End, RelationImage, SpanImage
from annotations.text.fragments import pairs

SPAN_COLUMNS = "s.id, l.key, s.fragments, s.text, s.attributes, e.uuid, s.removed"
RELATION_COLUMNS = (
    "r.id, k.key, r.from_id, r.from_article, r.to_id, e.uuid, r.attributes, r.removed"
)
REMARK_COLUMNS = "m.kind, m.id, m.span_id, m.body, m.removed"

T = TypeVar("T")

_attributes = msgspec.json.Decoder(dict[str, str | bool])


def fetch(query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Every row of a query."""
    with prepared() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def span_image(row: tuple[Any, ...]) -> tuple[SpanImage, bool]:
    """A span from SPAN_COLUMNS, and whether it is removed."""
    span_id, label, fragments, text, attributes, entity, removed = row
    image = SpanImage(
        id=span_id,
        label=label,
        fragments=[list(pair) for pair in pairs(fragments)],
        text=text,
        attributes=_attributes.decode(attributes),
        entity=entity,
    )
    return image, removed


def relation_image(row: tuple[Any, ...]) -> tuple[RelationImage, bool]:
    """A relation from RELATION_COLUMNS, and whether it is removed."""
    relation_id, kind, from_id, from_article, to_id, entity, attributes, removed = row
    image = RelationImage(
        id=relation_id,
        type=kind,
        source=End(article=True) if from_article else End(span=from_id),
        target=End(span=to_id) if to_id else End(entity=entity),
        attributes=_attributes.decode(attributes),
    )
    return image, removed


def remark_image(row: tuple[Any, ...]) -> tuple[str, Image, bool]:
    """A remark's kind, the remark from REMARK_COLUMNS, and whether it is removed."""
    kind, _, _, _, removed = row
    return kind, _remark(row, SHAPES[kind]), removed


def settlement_image(row: tuple[Any, ...]) -> SettlementImage:
    """A settlement from REMARK_COLUMNS. Raises msgspec.ValidationError for another kind of remark."""
    return _remark(row, SettlementImage)


def _remark(row: tuple[Any, ...], shape: type[T]) -> T:
    kind, remark_id, span_id, body, _ = row
    about = {"span": span_id} if kind in ("note", "flag") else {}
    return msgspec.convert({"id": remark_id, **about, **msgspec.json.decode(body)}, shape)


def remark_body(image: RemarkImage) -> dict[str, Any]:
    """The part of a remark's image that is its row's body: all but what it is about."""
    whole = msgspec.structs.asdict(image)
    return {name: value for name, value in whole.items() if name not in ("id", "span")}
