"""A person's own labelling: the campaigns they label in, and the articles in their hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.web.shell import way_to

FINISHED = (Status.SUBMITTED, Status.SKIPPED)
CHIPS = {
    Status.OPEN: "chip-live",
    Status.REOPENED: "chip-warn",
    Status.SUBMITTED: "chip-good",
    Status.SKIPPED: "chip-plain",
}
RECENT = 12


@dataclass(frozen=True, slots=True)
class Task:
    """One campaign a person labels in. `total` is None where articles are claimed from a pool:
    how much of it is left would tell how far the others are."""

    name: str
    corpus: str
    done: int
    total: int | None
    next_url: str
    begun: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One article in a person's hands."""

    title: str
    campaign: str
    url: str
    status: str | Promise
    chip: str
    spans: int
    touched: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    mine: int = 0
    done: int = 0
    open: int = 0


def tasks(user: User) -> Sequence[Task]:
    """Return the running campaigns of `user`. Two queries."""
    campaigns = (
        policy.campaigns_labelled_by(user)
        .filter(status=Campaign.Status.RUNNING)
        .annotate(pooled=Exists(_pool(user)))
        .select_related("corpus")
        .order_by("-started_at", "pk")
    )
    counts = _counts(user)
    return [_task(campaign, counts.get(campaign.pk, Counts())) for campaign in campaigns]


def pieces(user: User) -> Sequence[Piece]:
    """Return the articles `user` touched last, newest first. One query."""
    recent = (
        policy.assignments_of(user)
        .filter(kind=Kind.ANNOTATOR, status__in=CHIPS)
        .select_related("article", "campaign")
        .order_by("-touched_at", "-pk")[:RECENT]
    )
    return [_piece(assignment) for assignment in recent]


def _pool(user: User) -> QuerySet[Assignment]:
    """The places of a campaign that wait for anyone, on articles not in this person's hands."""
    held = Assignment.objects.filter(
        campaign=OuterRef("campaign"), article=OuterRef("article"), annotator=user
    )
    return Assignment.objects.filter(
        ~Exists(held),
        campaign=OuterRef("pk"),
        kind=Kind.ANNOTATOR,
        status=Status.WAITING,
        annotator=None,
    )


def _counts(user: User) -> dict[int, Counts]:
    counted = (
        Assignment.objects.filter(annotator=user, kind=Kind.ANNOTATOR)
        .order_by()
        .values_list("campaign")
        .annotate(
            mine=Count("pk"),
            done=Count("pk", filter=Q(status__in=FINISHED)),
            open=Count("pk", filter=Q(status__in=EDITABLE)),
        )
    )
    return {campaign: Counts(*counts) for campaign, *counts in counted}


def _task(campaign: Any, counts: Counts) -> Task:
    left = campaign.pooled or counts.done < counts.mine
    return Task(
        name=campaign.name,
        corpus=campaign.corpus.name,
        done=counts.done,
        total=None if campaign.pooled else counts.mine,
        next_url=way_to("next_article", campaign.slug) if left else "",
        begun=counts.open > 0,
    )


def _piece(assignment: Assignment) -> Piece:
    status = Status(assignment.status)
    return Piece(
        title=str(assignment.article),
        campaign=assignment.campaign.name,
        url=way_to("desk", assignment.pk),
        status=status.label,
        chip=CHIPS[status],
        spans=assignment.span_count,
        touched=assignment.touched_at,
    )
