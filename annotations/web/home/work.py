"""A person's own labelling: the campaigns they label in, and the articles in their hands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.utils.functional import Promise

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.corrected import settled_for
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.assignments.queries import Reopening, reopenings
from annotations.web.corrected import corrections_url
from annotations.web.shell import way_to

FINISHED = (Status.SUBMITTED, Status.SKIPPED)
CHIPS = {
    Status.OPEN: "chip-live",
    Status.REOPENED: "chip-warn",
    Status.SUBMITTED: "chip-good",
    Status.SKIPPED: "chip-plain",
}
RECENT = 12
# what waits for its annotator comes before what is done
_TURN = Case(When(status=Status.REOPENED, then=0), When(status=Status.OPEN, then=1), default=2)


@dataclass(frozen=True, slots=True)
class Task:
    """One campaign a person labels in. `total` is None where articles are claimed from a pool:
    how much of it is left would tell how far the others are. `settled`: so many of the person's articles
    have a gold layer that is shown to them."""

    name: str
    corpus: str
    done: int
    total: int | None
    next_url: str
    places_url: str
    gold_url: str
    settled: int
    corrections_url: str
    open: int
    reopened: int
    first: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One article in a person's hands; `reopening` tells why it came back, if it did."""

    title: str
    campaign: str
    url: str
    status: str | Promise
    chip: str
    spans: int
    touched: datetime | None
    reopening: Reopening | None


@dataclass(frozen=True, slots=True)
class Counts:
    mine: int = 0
    done: int = 0
    open: int = 0
    reopened: int = 0
    settled: int = 0


def tasks(user: User) -> Sequence[Task]:
    """Return the running campaigns of `user`; the `first` one with something to label is where
    the one key of the page leads. Two queries."""
    campaigns = (
        policy.campaigns_labelled_by(user)
        .filter(status=Campaign.Status.RUNNING)
        .annotate(pooled=Exists(_pool(user)))
        .select_related("corpus")
        .order_by("-started_at", "pk")
    )
    counts = _counts(user)
    found = [_task(campaign, counts.get(campaign.pk, Counts())) for campaign in campaigns]
    first = next((task for task in found if task.next_url), None)
    return [replace(task, first=task is first) for task in found]


def pieces(user: User) -> Sequence[Piece]:
    """Return the articles of `user`: those reopened, those open, then those done; of each the
    last touched first. One query, and one for the reasons of those reopened."""
    recent = list(
        policy.assignments_of(user)
        .filter(kind=Kind.ANNOTATOR, status__in=CHIPS)
        .select_related("article", "campaign")
        .order_by(_TURN, "-touched_at", "-pk")[:RECENT]
    )
    why = reopenings([one.pk for one in recent if one.status == Status.REOPENED])
    return [_piece(assignment, why.get(assignment.pk)) for assignment in recent]


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
        withdrawn=False,
    )


def _counts(user: User) -> dict[int, Counts]:
    counted = (
        Assignment.objects.filter(annotator=user, kind=Kind.ANNOTATOR, withdrawn=False)
        .order_by()
        .values_list("campaign")
        .annotate(
            mine=Count("pk"),
            done=Count("pk", filter=Q(status__in=FINISHED)),
            open=Count("pk", filter=Q(status__in=EDITABLE)),
            reopened=Count("pk", filter=Q(status=Status.REOPENED)),
            settled=Count("pk", filter=Q(pk__in=settled_for(user).values("pk"))),
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
        places_url=way_to("own_concordance", campaign.slug) if counts.done < counts.mine else "",
        gold_url=way_to("own_gold", campaign.slug) if campaign.gold_shown and counts.done else "",
        settled=counts.settled,
        corrections_url=corrections_url(campaign.slug) if counts.settled else "",
        open=counts.open,
        reopened=counts.reopened,
        first=False,
    )


def _piece(assignment: Assignment, reopening: Reopening | None) -> Piece:
    status = Status(assignment.status)
    return Piece(
        title=str(assignment.article),
        campaign=assignment.campaign.name,
        url=way_to("desk", assignment.pk),
        status=status.label,
        chip=CHIPS[status],
        spans=assignment.span_count,
        touched=assignment.touched_at,
        reopening=reopening,
    )
