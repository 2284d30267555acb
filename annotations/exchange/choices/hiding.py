"""Annotators under names that lead to nobody. Pure.

A pseudonym is made with a secret, so that nobody who has the file finds the name by trying all
names. Neither by ids: the id of a span that came from a file is made of its annotator's name, so
with pseudonyms every id is made anew, with the same secret.
"""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from annotations.exchange.records import (
    EndRecord,
    LayerRecord,
    MemberRecord,
    MessageRecord,
    NoteRecord,
    ResultRecord,
    SettlementRecord,
    SpanRecord,
    spelled,
    stamped,
    text_order,
)

_PREFIX = "annotator-"


class Hiding:
    """Pseudonyms and ids under one secret: the same always, and others under another."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.name = lru_cache(maxsize=None)(self._name)

    def _name(self, username: str) -> str:
        """The pseudonym of a user name: 40 bits, in letters that are easily told apart."""
        return _PREFIX + b32encode(self._digest("name", username)[:5]).decode().lower()

    def id(self, known: str) -> str:
        """The id that stands for a span's, relation's, note's, message's, waiver's or settlement's."""
        return spelled(stamped(self._digest("id", known), 0x80))  # version 8: of our own making

    def layer(self, layer: LayerRecord) -> LayerRecord:
        """The layer without anybody's name, in the order of the format. Layers that nobody made
        keep the name of their kind."""
        named = layer.kind in ("annotator", "gold")
        return replace(
            layer,
            annotator=self.name(layer.annotator) if named else layer.annotator,
            messages=sorted(map(self._message, layer.messages), key=lambda one: (one.at, one.id))
            or (),
            notes=self._notes(layer.notes),
            relations=sorted(
                (
                    replace(
                        each,
                        id=self.id(each.id),
                        source=self._end(each.source),
                        target=self._end(each.target),
                    )
                    for each in layer.relations
                ),
                key=lambda relation: relation.id,
            ),
            settlements=sorted(
                map(self._settlement, layer.settlements), key=lambda one: (one.at, one.id)
            )
            or (),
            spans=sorted((self._span(span) for span in layer.spans), key=text_order),
            waivers=sorted(
                (replace(waiver, id=self.id(waiver.id)) for waiver in layer.waivers),
                key=text_order,
            )
            or (),
        )

    def _message(self, one: MessageRecord) -> MessageRecord:
        span = one.span and self.id(one.span)
        return replace(one, author=self.name(one.author), id=self.id(one.id), span=span)

    def _settlement(self, one: SettlementRecord) -> SettlementRecord:
        return replace(
            one,
            author=self.name(one.author),
            id=self.id(one.id),
            of=[
                MemberRecord(
                    self.name(each.annotator),
                    each.relation and self.id(each.relation),
                    each.span and self.id(each.span),
                )
                for each in one.of
            ],
            result=one.result and self._result(one.result),
            took=one.took and self.name(one.took),
        )

    def _result(self, result: ResultRecord) -> ResultRecord:
        if result.span is not None:
            return ResultRecord(span=self.id(result.span))
        return ResultRecord(relations=[self.id(each) for each in result.relations or ()])

    def _span(self, span: SpanRecord) -> SpanRecord:
        notes = self._notes(span.notes) if span.notes else span.notes
        return replace(span, id=self.id(span.id), notes=notes)

    def _notes(self, notes: Sequence[NoteRecord]) -> Sequence[NoteRecord]:
        hidden = [replace(n, author=self.name(n.author), id=self.id(n.id)) for n in notes]
        return sorted(hidden, key=lambda note: (note.at, note.id))

    def _end(self, end: EndRecord) -> EndRecord:
        return end if end.span is None else EndRecord(span=self.id(end.span))

    def _digest(self, what: str, said: str) -> bytes:
        return hmac.digest(self._secret, f"{what}:{said}".encode(), "sha256")
