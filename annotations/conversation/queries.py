"""What is said about layers, and what of it waits for somebody."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Max, Q, QuerySet

from annotations.accounts.models import SHOWN_NAME, User
from annotations.assignments.models import Assignment, Campaign
from annotations.conversation.models import Message
from annotations.spans import images
from annotations.spans.remarks import NoteImage
from annotations.spans.requests import SpanImage

THREADS = 50
"""So many threads are shown together: those that wait, then the newest."""

Place = tuple[int, UUID | None]
"""What a thread is about: a layer, and a span of it or (none) the article."""


class Letter(msgspec.Struct, frozen=True):
    """A message as programs read it. `asks`: somebody who adjudicates wrote it, else the layer's
    annotator; `waits`: nobody of the other side answered it, or said that they read it."""

    id: UUID
    layer: int
    span: UUID | None
    asks: bool
    author: str
    by: int
    at: datetime
    text: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """In how many threads somebody is asked, and in how many somebody answered them."""

    questions: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """How much is said in a thread by each side, and whether something waits for the annotator."""

    questions: int
    answers: int
    waits: bool


_LETTERS = f"""
SELECT m.id, m.assignment_id, m.span_id, m.asks, {SHOWN_NAME}, u.id, m.at, m.text, m.waits
  FROM message m JOIN account u ON u.id = m.account_id
 WHERE m.assignment_id = ANY(%s) ORDER BY m.at, m.id"""


def letters(layers: Collection[int]) -> list[Letter]:
    """Return all that is said about these layers, in its order. One query, none for none."""
    return [Letter(*row) for row in images.fetch(_LETTERS, [list(layers)])] if layers else []


def waits_for(user: User) -> Q:
    """The messages that are to a person, or to whoever adjudicates."""
    return Q(to=user) | Q(to=None, asks=False)


def waiting(user: User, layers: QuerySet[Assignment]) -> Waiting:
    """Return what waits for a person about these layers, where anything can be answered. One query."""
    found = _of(layers).filter(waits_for(user), _not_by(user), waits=True)
    running = found.filter(assignment__campaign__status=Campaign.Status.RUNNING)
    threads = running.order_by().values_list("asks", "assignment", "span_id").distinct()
    count = Counter(asks for asks, _layer, _span in threads)
    return Waiting(questions=count[True], answers=count[False])


def threads(user: User, layers: QuerySet[Assignment]) -> Mapping[Place, bool]:
    """Return the threads about these layers that are a person's: about their own layers, those in which
    they wrote, and what waits for whoever adjudicates; each with whether it waits for them. Those
    that wait come first, then the newest, THREADS of them at most. One query."""
    of_mine = Q(assignment__annotator=user) | Q(account=user) | waits_for(user)
    for_me = Q(waits_for(user), _not_by(user), waits=True)
    found = (
        _of(layers)
        .filter(of_mine)
        .order_by()
        .values_list("assignment", "span_id")
        .annotate(for_me=BoolOr(for_me), last=Max("at"))
        .order_by("-for_me", "-last")[:THREADS]
    )
    return {(layer, span): for_me for layer, span, for_me, _last in found}


def said_of(layers: QuerySet[Assignment]) -> Mapping[Place, Said]:
    """Return how much is said about these layers, thread by thread, without a word of it. One query."""
    rows = (
        _of(layers)
        .order_by()
        .values_list("assignment", "span_id")
        .annotate(
            questions=Count("id", filter=Q(asks=True)),
            answers=Count("id", filter=Q(asks=False)),
            waits=BoolOr(Q(asks=True, waits=True)),
        )
    )
    return {(layer, span): Said(*counted) for layer, span, *counted in rows}


_SPANS = f"""
SELECT s.assignment_id, {images.SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
  LEFT JOIN entity e ON e.id = s.entity_id
 WHERE s.assignment_id = ANY(%s) AND s.id = ANY(%s)"""

_NOTES = f"""
SELECT m.assignment_id, {images.REMARK_COLUMNS} FROM remark m
 WHERE m.assignment_id = ANY(%s) AND m.kind = 'note' AND NOT m.removed ORDER BY m.at, m.id"""


def spans_at(places: Collection[Place]) -> Mapping[Place, tuple[SpanImage, bool]]:
    """Return the spans that threads are about, each with whether it is removed by now. One query, none
    for none."""
    spans = [span for _layer, span in places if span]
    if not spans:
        return {}
    rows = images.fetch(_SPANS, [[layer for layer, _span in places], spans])
    return {(layer, row[0]): images.span_image(tuple(row)) for layer, *row in rows}


def notes_at(layers: Collection[int]) -> Mapping[Place, Sequence[str]]:
    """Return what annotators note in these layers, by what it is about. One query, none for none."""
    found: dict[Place, list[str]] = {}
    for layer, *row in images.fetch(_NOTES, [list(layers)]) if layers else ():
        _kind, note, _removed = images.remark_image(tuple(row))
        if isinstance(note, NoteImage):
            found.setdefault((layer, note.span), []).append(note.text)
    return found


def _of(layers: QuerySet[Assignment]) -> QuerySet[Message]:
    return Message.objects.filter(assignment__in=layers)


def _not_by(user: User) -> Q:
    return ~Q(account=user)
