"""What the operations on remarks change: notes, flags, waivers, settlements. Pure."""

import msgspec

from annotations.limits import LIMITS
from annotations.spans.checks import fragments_of, label_of
from annotations.spans.layer import Change, Layer, Refusal, gone
from annotations.spans.remarks import (
    ARTICLE,
    FLAGS,
    FlagImage,
    NoteImage,
    SettlementImage,
    WaiverImage,
)
from annotations.spans.requests import Flag, Note, Settle, Settled, Waive
from annotations.text.words import N_

TOO_LONG = N_("It has %(length)s characters, and may have %(most)s. Please shorten it.")
NO_NOTE = N_("That note is not in this layer.")
NO_WAIVER = N_("That waiver is not in this layer.")
NO_SETTLEMENT = N_("That settlement is not in this layer.")
NOT_GOLD = N_(
    "Only a gold layer settles what annotators labelled, and this is an annotator's. Nothing was "
    "changed."
)


def note(layer: Layer, operation: Note) -> list[Change]:
    """The note is there with this text; one without words is removed."""
    given = operation.note
    _check_length(given.text, LIMITS.note_code_points)
    before = layer.notes.get(given.id)
    if before is None:
        return _new_note(layer, given)
    if before.span != given.span:
        raise Refusal("reused_id", N_("The note with this id is about something else."), before)
    if not given.text.strip():
        return [gone("note", before)]
    return [Change("note", given.id, before, given)]


def _new_note(layer: Layer, given: NoteImage) -> list[Change]:
    if layer.knows("note", given.id):
        raise Refusal("reused_id", N_("A note with this id was in the layer and is removed."))
    if not given.text.strip():
        raise Refusal("unknown", NO_NOTE)
    if given.span is not None:
        layer.span(given.span)
    return [Change("note", given.id, None, given)]


def flag(layer: Layer, operation: Flag) -> list[Change]:
    """This is what is flagged about the span or the article, and nothing else."""
    given = operation.flag
    if given.span is not None:
        layer.span(given.span)
    flagged = FlagImage(
        given.span or ARTICLE,
        given.span,
        [flag for flag in FLAGS if flag in given.flags],
        given.confidence,
    )
    before = layer.flags.get(flagged.id)
    after = flagged if flagged.flags or flagged.confidence else None
    return [Change("flag", flagged.id, before, after)] if before or after else []


def waive(layer: Layer, operation: Waive) -> list[Change]:
    """These words are no such span, for this reason; without any (null) the waiver is withdrawn."""
    given = operation.waiver
    _check_length(given.reason or "", LIMITS.reason_code_points)
    before = layer.waivers.get(given.id)
    if before is None and layer.knows("waiver", given.id):
        raise Refusal("reused_id", N_("A waiver with this id was in the layer and is withdrawn."))
    if before is None and given.reason is None:
        raise Refusal("unknown", NO_WAIVER)
    fragments = fragments_of(layer, given.fragments, given.text)
    if before and (before.label, before.fragments) != (given.label, fragments):
        raise Refusal("reused_id", N_("The waiver with this id is about other words."), before)
    if before and given.reason is None:
        return [gone("waiver", before)]
    label = label_of(layer, given.label).key
    after = WaiverImage(given.id, label, fragments, given.text, (given.reason or "").strip())
    return [Change("waiver", given.id, before, after)]


def settle(layer: Layer, operation: Settle) -> list[Change]:
    """This came of what annotators labelled; without a decision (null) that is withdrawn. What a
    settlement is of, and what came of it, never change."""
    given = operation.settlement
    if not layer.gold:
        raise Refusal("not_gold", NOT_GOLD)
    _check_length(given.reason, LIMITS.reason_code_points)
    before = layer.settlements.get(given.id)
    if before is None and layer.knows("settlement", given.id):
        raise Refusal("reused_id", N_("A settlement with this id was in the layer and is gone."))
    if before and set(before.of) != set(given.of):
        raise _other_settlement(before)
    if given.decision is not None:
        return [_settled(layer, given, before)]
    if before is None:
        raise Refusal("unknown", NO_SETTLEMENT)
    return [gone("settlement", before)]


def _settled(layer: Layer, given: Settled, before: SettlementImage | None) -> Change:
    if not layer.members.issuperset(given.of):
        raise Refusal(
            "unknown", N_("What this settles is in no annotator's layer of this article.")
        )
    after = msgspec.convert(given, SettlementImage, from_attributes=True)
    if before and before.result != after.result:
        raise _other_settlement(before)
    if after.span is not None:
        layer.span(after.span)
    for relation in after.relations:
        layer.relation(relation)
    return Change("settlement", after.id, before, after)


def _other_settlement(before: SettlementImage) -> Refusal:
    message = N_("The settlement with this id is about something else.")
    return Refusal("reused_id", message, before)


def _check_length(words: str, most: int) -> None:
    if len(words) > most:
        raise Refusal("too_long", TOO_LONG, length=len(words), most=most)
