"""The settlements of gold layers, as lines have them: of what, in whose layer. Pure; every refusal is
an UnfitError."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import convert
from msgspec.structs import replace

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.naming import (
    MAX_NAME,
    Keys,
    check_line,
    check_words,
    moment,
    refuse_twice,
)
from annotations.exchange.records import (
    LayerRecord,
    MemberRecord,
    ResultRecord,
    SettlementRecord,
)
from annotations.limits import LIMITS
from annotations.spans.remarks import Member, Result, SettlementImage
from annotations.spans.requests import Settled


def standing(layers: Sequence[LayerRecord]) -> Sequence[LayerRecord]:
    """The layers of one article, with those of their settlements that say something of what is
    there: without the members that are not, left out where none is, where the version that was
    taken is not, or where what came of it is not."""
    if not any(layer.settlements for layer in layers):
        return layers
    there = {
        (layer.annotator, *key)
        for layer in layers
        if layer.kind == "annotator"
        for key in _held(layer)
    }
    return [
        replace(layer, settlements=[*_standing(layer, there)] or ()) if layer.settlements else layer
        for layer in layers
    ]


def _standing(layer: LayerRecord, there: set[tuple[str, str, str]]) -> Iterator[SettlementRecord]:
    mine = _held(layer)
    for one in layer.settlements:
        of = [each for each in one.of if (each.annotator, *_key(each)) in there]
        is_taken = one.took is None or any(each.annotator == one.took for each in of)
        if of and is_taken and mine.issuperset(_came(one.result)):
            yield replace(one, of=of)


def _held(layer: LayerRecord) -> set[tuple[str, str]]:
    """All that is in a layer and can be settled, or come of that."""
    spans = {("span", span.id) for span in layer.spans}
    return spans | {("relation", relation.id) for relation in layer.relations}


def _key(member: MemberRecord) -> tuple[str, str]:
    if member.span is not None:
        return "span", member.span
    return "relation", member.relation or ""


def _came(result: ResultRecord | None) -> list[tuple[str, str]]:
    if result is None:
        return []
    if result.span is not None:
        return [("span", result.span)]
    return [("relation", relation) for relation in result.relations or ()]


# on the way in ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FittedSettlement:
    """A settlement that can stand. Its layers are numbers: the first of the line is 1. Without
    `author` it is its layer's annotator's, without `at` it is of the moment of the load."""

    image: SettlementImage
    author: str
    at: datetime | None


def fitted_settlements(
    layers: Sequence[LayerRecord], digest: str
) -> Sequence[Sequence[FittedSettlement]]:
    """The settlements of each layer of a line over the text with this hash; the layers themselves
    are known to fit."""
    if not any(layer.settlements for layer in layers):
        return [()] * len(layers)
    sheets = [_Sheet(number, layer, digest) for number, layer in enumerate(layers, start=1)]
    theirs = {
        sheet.keys.annotator.casefold(): sheet
        for sheet, layer in zip(sheets, layers, strict=True)
        if layer.kind == "annotator"
    }
    return [
        [*_settlements(layer, sheet, theirs)] if layer.settlements else ()
        for sheet, layer in zip(sheets, layers, strict=True)
    ]


class _Sheet:
    """What is in one layer of a line, by its UUIDs."""

    def __init__(self, number: int, layer: LayerRecord, digest: str) -> None:
        self.number, self.keys = number, Keys(digest, layer.annotator)
        self._held = {(sort, self.keys.of(raw)[0]) for sort, raw in _held(layer)}

    def find(self, sort: str, raw: str) -> UUID | None:
        """The UUID of a span or a relation of the layer, None where there is no such."""
        key = self.keys.of(raw)[0]
        return UUID(key) if (sort, key) in self._held else None


def _settlements(
    layer: LayerRecord, own: _Sheet, theirs: dict[str, _Sheet]
) -> Iterator[FittedSettlement]:
    if layer.kind != "gold":
        raise UnfitError("layer_settlement_kind")
    refuse_twice("layer_id_twice", [own.keys.of(one.id)[0] for one in layer.settlements])
    for one in layer.settlements:
        check_words(one.reason, "reason", LIMITS.reason_code_points)
        check_line(one.author, "author", MAX_NAME)
        at = moment(one.at) if one.at else None
        yield FittedSettlement(_image(one, own, theirs), one.author, at)


def _image(one: SettlementRecord, own: _Sheet, theirs: dict[str, _Sheet]) -> SettlementImage:
    known = own.keys.of(one.id)[0]
    of = [_member(known, member, theirs) for member in one.of]
    took = theirs.get((one.took or "").casefold())
    if one.took is not None and took is None:
        raise UnfitError("layer_settlement_took", settlement=known, annotator=one.took[:80])
    came = _came_of(known, one.result, own)
    try:
        result = _result(one.result, came)
        number = took.number if took else None
        settled = Settled(UUID(known), of, one.decision, number, result, one.reason)
    except ValueError as fault:
        raise UnfitError("layer_settlement", settlement=known, why=str(fault)) from fault
    return convert(settled, SettlementImage, from_attributes=True)


def _member(settlement: str, member: MemberRecord, theirs: dict[str, _Sheet]) -> Member:
    sheet = theirs.get(member.annotator.casefold())
    sort, raw = _key(member)
    found = sheet.find(sort, raw) if sheet else None
    if sheet is None or found is None:
        annotator = member.annotator[:80]
        raise UnfitError("layer_member", settlement=settlement, id=raw[:80], annotator=annotator)
    return Member(sheet.number, **{sort: found})


def _came_of(settlement: str, result: ResultRecord | None, own: _Sheet) -> list[UUID]:
    came: list[UUID] = []
    for sort, raw in _came(result):
        found = own.find(sort, raw)
        if found is None:
            raise UnfitError("layer_result", settlement=settlement, id=raw[:80])
        came.append(found)
    return came


def _result(result: ResultRecord | None, came: list[UUID]) -> Result | None:
    if result is None:
        return None
    return Result(relations=came) if result.span is None else Result(span=came[0])
