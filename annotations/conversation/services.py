"""Write a message about a layer, or say that one was read."""

from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.conversation.models import Message
from annotations.conversation.queries import waits_for
from annotations.history import services as history
from annotations.limits import LIMITS
from annotations.spans.models import Span
from annotations.text.gate import refusal

DISCUSSED = (Status.SUBMITTED, Status.REOPENED)
"""Layers that somebody but their annotator has seen. One that was never submitted has its notes."""


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be said, under an id of its writer's making, about a span or (none) the article;
    `seen` is the newest message of the thread that they had before them."""

    id: UUID
    text: str
    span: UUID | None = None
    seen: UUID | None = None


class Unsaid(ValueError):
    """Nothing was written. The message is for people; `error` is the word for programs."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


@transaction.atomic
def say(layer: Assignment, draft: Draft, *, by: User) -> Message:
    """The message stands under the layer, and waits for the other side; what `by` had before them of
    that side waits no longer. A repeat gets the first. Raises Unsaid."""
    layer = _locked(layer)
    known = Message.objects.filter(assignment=layer, id=draft.id).first()
    if known is not None:
        return _again(known, draft, by)
    _check(layer, draft)
    asks = by.pk != layer.annotator_id
    to = layer.annotator if asks else _last_to_ask(layer, draft.span)
    made = Message.objects.create(
        assignment=layer,
        id=draft.id,
        span_id=draft.span,
        asks=asks,
        text=draft.text.strip(),
        account=by,
        to=to,
        waits=True,
        at=timezone.now(),
    )
    if draft.seen is not None:
        _see(layer, draft.seen, by)
    history.record("layer.said", layer, by=by, message=str(made.id))
    return made


@transaction.atomic
def see(layer: Assignment, message: UUID, *, by: User) -> None:
    """This message and those before it in its thread wait no longer for `by`; what came since does."""
    _see(_locked(layer), message, by)


def _see(layer: Assignment, message: UUID, by: User) -> None:
    seen = Message.objects.filter(assignment=layer, id=message).first()
    if seen is None:
        return
    asks = by.pk == layer.annotator_id
    waiting = Message.objects.filter(
        assignment=layer, span_id=seen.span_id, asks=asks, waits=True, at__lte=seen.at
    )
    waiting.filter(waits_for(by)).update(waits=False)


def _locked(layer: Assignment) -> Assignment:
    """The layer, locked against whoever writes about it, or reopens it, at the same time."""
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("campaign", "annotator").get(pk=layer.pk)


def _again(known: Message, draft: Draft, by: User) -> Message:
    same = (known.span_id, known.text, known.account_id) == (draft.span, draft.text.strip(), by.pk)
    if not same:
        raise Unsaid("reused_id", _("A message with this id is there, and it is another one."))
    return known


def _check(layer: Assignment, draft: Draft) -> None:
    if layer.status not in DISCUSSED:
        raise Unsaid("closed", _("This layer is not submitted. Nothing was sent."))
    if layer.withdrawn or layer.campaign.hidden:
        raise Unsaid("closed", _("This article waits in the trash. Nothing was sent."))
    if layer.campaign.status != Campaign.Status.RUNNING:
        raise Unsaid("closed", _("This campaign is closed. Nothing was sent."))
    if not draft.text.strip():
        raise Unsaid("empty", _("Please write something first."))
    if (length := len(draft.text)) > LIMITS.note_code_points:
        message = _("It has %(length)s characters, and may have %(most)s. Please shorten it.")
        raise Unsaid("too_long", message % {"length": length, "most": LIMITS.note_code_points})
    if bad := refusal(draft.text):
        message = _("It holds a character that no text may hold (%(what)s). Please remove it.")
        raise Unsaid("malformed", message % {"what": bad.character})
    if draft.span and not Span.objects.filter(assignment=layer, id=draft.span).exists():
        raise Unsaid("unknown", _("That span is not in this layer. Nothing was sent."))
    if Message.objects.filter(assignment=layer).count() >= LIMITS.layer_messages:
        message = _("%(most)s messages are about this layer, and no more can be. Nothing was sent.")
        raise Unsaid("too_many", message % {"most": LIMITS.layer_messages})


def _last_to_ask(layer: Assignment, span: UUID | None) -> User | None:
    """Who asked last in the thread, if they are still there."""
    asked = Message.objects.filter(assignment=layer, span_id=span, asks=True)
    last = asked.select_related("account").order_by("-at", "-id").first()
    return last.account if last and last.account.is_active else None
