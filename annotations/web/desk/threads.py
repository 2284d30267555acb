"""The threads about a layer, at the desk of its annotator: where there are some, and the way there."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Kind
from annotations.conversation.queries import Said, said_of
from annotations.conversation.services import DISCUSSED

ARTICLE, SPANS = "", "spans"
"""What stands for the article, and for all spans together, among the ids of spans."""


class Way(msgspec.Struct, frozen=True):
    """A link to what was said; `waits`: in words that something does, "" for nothing."""

    words: str
    url: str
    waits: str


def ways(layer: Assignment, user: User) -> Mapping[str, Way]:
    """Return the way to each thread about a person's own layer, by its span. One query, none for a
    layer that nobody has seen yet, or a gold one."""
    if layer.kind != Kind.ANNOTATOR or layer.status not in DISCUSSED:
        return {}
    said = said_of(policy.layers_discussed_by(user).filter(pk=layer.pk))
    running = layer.campaign.status == Campaign.Status.RUNNING
    found = {
        str(span or ARTICLE): _way(_words(each), layer, span, waits=running and each.waits)
        for (_layer, span), each in said.items()
    }
    asked = [each for (_layer, span), each in said.items() if span and each.questions]
    if asked:
        waits = running and any(each.waits for each in asked)
        found[SPANS] = Way(_about_spans(asked), reverse("questions"), _waiting(waits=waits))
    return found


def _way(words: str, layer: Assignment, span: UUID | None, *, waits: bool) -> Way:
    url = reverse("question", args=[layer.pk])
    about = f"?{urlencode({'span': span})}" if span else ""
    return Way(words, f"{url}{about}", _waiting(waits=waits))


def _words(said: Said) -> str:
    """How often one was asked; where never, how much one wrote unasked."""
    if said.questions:
        count = said.questions
        return ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    count = said.answers
    return ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}


def _about_spans(asked: list[Said]) -> str:
    count = sum(each.questions for each in asked)
    words = ngettext("%(count)s question about spans", "%(count)s questions about spans", count)
    return words % {"count": count}


def _waiting(*, waits: bool) -> str:
    return _("waits for you") if waits else ""
