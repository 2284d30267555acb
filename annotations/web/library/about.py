"""What happened to an article: the states of its layers, and who did what with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.articles import these
from annotations.assignments.models import Assignment, Kind, Status
from annotations.corpora.models import Article
from annotations.corpora.versions import REVISED, versions
from annotations.corpora.withdrawing import RESTORED, WITHDRAWN
from annotations.exchange.taking_down import TAKEN_DOWN
from annotations.history.models import Event
from annotations.web.adjudicating import Doorway, doorway

LAYERS_SHOWN = 100
EVENTS_SHOWN = 50
CHIPS = {
    Status.WAITING: "chip-plain",
    Status.OPEN: "chip-live",
    Status.SUBMITTED: "chip-good",
    Status.REOPENED: "chip-warn",
    Status.SKIPPED: "chip-warn",
}
WORDS: Mapping[str, str | Promise] = {
    WITHDRAWN: _("Deleted"),
    RESTORED: _("Restored"),
    REVISED: _("Text corrected"),
    TAKEN_DOWN: _("Taken down"),
}


@dataclass(frozen=True, slots=True)
class Layer:
    campaign: str
    slug: str
    annotator: str
    gold: bool
    status: str | Promise
    chip: str
    spans: int


@dataclass(frozen=True, slots=True)
class Settles:
    """A campaign in which the reader may settle the article, and the way there."""

    campaign: str
    way: Doorway


@dataclass(frozen=True, slots=True)
class Happening:
    words: str | Promise
    by: str
    reason: str
    at: datetime


def layers(article: Article, user: User) -> Sequence[Layer]:
    """Return the layers over an article in the campaigns whose results `user` may see; none of
    those in which they label themselves. One query."""
    rows = (
        Assignment.objects.filter(article=article, campaign__in=policy.campaigns_measured_by(user))
        .exclude(status=Status.LOADING)
        .select_related("campaign", "annotator")
        .order_by("campaign", "kind", "slot")[:LAYERS_SHOWN]
    )
    return [
        Layer(
            row.campaign.name,
            row.campaign.slug,
            str(row.annotator or ""),
            row.kind == Kind.GOLD,
            Status(row.status).label,
            CHIPS[Status(row.status)],
            row.span_count,
        )
        for row in rows
    ]


def settles(article: Article, user: User) -> Sequence[Settles]:
    """Return the campaigns in which `user` may settle the article, or has. Two queries at most."""
    open_to = policy.campaigns_adjudicated_by(user).filter(corpus=article.corpus_id)
    campaigns = open_to.in_bulk()
    found = these(campaigns, [article.pk])
    ways = [
        (campaigns[key], doorway(campaigns[key], each, user))
        for (key, _article), each in found.items()
    ]
    return [Settles(campaign.name, way) for campaign, way in ways if way]


def others(article: Article) -> Sequence[Article]:
    """Return all versions of an article where there are several, the newest first."""
    keys = versions(article)
    if len(keys) < 2:
        return ()
    return list(Article.objects.filter(pk__in=keys, taken_down=False).order_by("-pk"))


def events(article: Article) -> Sequence[Happening]:
    """Return what people did with an article, the last first. One query."""
    found = Event.objects.filter(
        thing=Article._meta.db_table, thing_id=str(article.pk), verb__in=WORDS
    ).select_related("by")
    return [
        Happening(
            WORDS[event.verb],
            str(event.by or ""),
            str(event.data.get("reason", "")),
            event.at,
        )
        for event in found.order_by("-pk")[:EVENTS_SHOWN]
    ]
