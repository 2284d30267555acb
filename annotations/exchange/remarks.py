"""Whether the notes, flags, waivers and messages of a layer read from a file can stand. Pure; every refusal
is an UnfitError."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.naming import (
    MAX_NAME,
    Key,
    Keys,
    check_line,
    check_words,
    moment,
    refuse_twice,
)
from annotations.exchange.records import (
    LayerRecord,
    MessageRecord,
    NoteRecord,
    SpanRecord,
    WaiverRecord,
)
from annotations.limits import LIMITS
from annotations.spans.remarks import ARTICLE, FLAGS
from annotations.text.fragments import FragmentError, covered, parse

CONFIDENCES = (1, 2, 3)
_ARTICLE: Key = (str(ARTICLE), ARTICLE.bytes)


@dataclass(frozen=True, slots=True)
class FittedRemark:
    """A remark that can stand; `body` is what its row keeps. Without `author` it is its layer's
    annotator's, without `at` it is of the moment of the load."""

    kind: str
    key: Key
    span: Key | None
    body: dict[str, object]
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FittedMessage:
    """A message that can stand; `author` and `at` as of a remark."""

    key: Key
    span: Key | None
    asks: bool
    text: str
    author: str
    at: datetime | None


def fitted_messages(layer: LayerRecord, keys: Keys) -> Sequence[FittedMessage]:
    """All that was asked about a layer, and answered, whose spans are known to fit."""
    if not layer.messages:
        return ()
    if layer.kind != "annotator":
        raise UnfitError("layer_message_kind")
    refuse_twice("layer_id_twice", [keys.of(one.id)[0] for one in layer.messages])
    spans = {keys.of(span.id) for span in layer.spans}
    return [_message(one, spans, keys) for one in layer.messages]


def _message(one: MessageRecord, spans: Container[Key], keys: Keys) -> FittedMessage:
    check_words(one.text, "message", LIMITS.note_code_points)
    if not one.text.strip():
        raise UnfitError("layer_message_empty", message=one.id[:40])
    check_line(one.author, "author", MAX_NAME)
    span = None if one.span is None else keys.of(one.span)
    if span is not None and span not in spans:
        raise UnfitError("layer_message_span", message=one.id[:40])
    at = moment(one.at) if one.at else None
    return FittedMessage(keys.of(one.id), span, one.asks, one.text, one.author, at)


def fitted_remarks(
    layer: LayerRecord, text: str, keys: Keys, labels: Container[str]
) -> Sequence[FittedRemark]:
    """All that is said beside the spans of a layer over this text; `labels` are the schema's."""
    remarked = [s for s in layer.spans if s.notes or s.flags or s.confidence is not None]
    if not (
        remarked or layer.notes or layer.flags or layer.waivers or layer.confidence is not None
    ):
        return ()
    remarks = [*_about(layer, None, keys)]
    for span in remarked:
        remarks += _about(span, keys.of(span.id), keys)
    remarks += (_waiver(waiver, text, keys, labels) for waiver in layer.waivers)
    refuse_twice("layer_id_twice", [f"{remark.key[0]} ({remark.kind})" for remark in remarks])
    return remarks


def _about(thing: LayerRecord | SpanRecord, span: Key | None, keys: Keys) -> Iterator[FittedRemark]:
    yield from (_note(note, span, keys) for note in thing.notes)
    flags = [flag for flag in FLAGS if flag in thing.flags]
    if len(flags) != len(thing.flags):
        raise UnfitError("layer_flag", given=", ".join(thing.flags)[:80])
    if thing.confidence not in (None, *CONFIDENCES):
        raise UnfitError("layer_confidence", given=str(thing.confidence)[:40])
    if flags or thing.confidence:
        body: dict[str, object] = {"flags": flags, "confidence": thing.confidence}
        yield FittedRemark("flag", span or _ARTICLE, span, body)


def _note(note: NoteRecord, span: Key | None, keys: Keys) -> FittedRemark:
    check_words(note.text, "note", LIMITS.note_code_points)
    if not note.text.strip():
        raise UnfitError("layer_note_empty", note=note.id[:40])
    check_line(note.author, "author", MAX_NAME)
    body: dict[str, object] = {"text": note.text}
    return FittedRemark("note", keys.of(note.id), span, body, note.author, moment(note.at))


def _waiver(waiver: WaiverRecord, text: str, keys: Keys, labels: Container[str]) -> FittedRemark:
    if waiver.label not in labels:
        raise UnfitError("layer_label", label=waiver.label[:40])
    check_words(waiver.reason, "reason", LIMITS.reason_code_points)
    try:
        fragments = parse(waiver.fragments, len(text))
    except FragmentError as fault:
        raise UnfitError("layer_waiver", waiver=waiver.id[:40]) from fault
    if list(covered(text, fragments)) != list(waiver.text):
        raise UnfitError("layer_waiver", waiver=waiver.id[:40])
    body: dict[str, object] = {
        "label": waiver.label,
        "fragments": fragments,
        "text": waiver.text,
        "reason": waiver.reason,
    }
    return FittedRemark("waiver", keys.of(waiver.id), None, body)
