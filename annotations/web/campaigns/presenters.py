"""Campaigns and their assignments as the templates show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.web.shell import way_to

SKIPPED_SHOWN = 50
ASSIGNMENTS_A_PAGE = 50
CHIPS = {
    Campaign.Status.DRAFT: "chip-plain",
    Campaign.Status.RUNNING: "chip-live",
    Campaign.Status.CLOSED: "chip-good",
    Status.WAITING: "chip-plain",
    Status.OPEN: "chip-live",
    Status.SUBMITTED: "chip-good",
    Status.REOPENED: "chip-warn",
    Status.SKIPPED: "chip-bad",
    Status.LOADING: "chip-plain",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many assignments stand where; `spans` and `seconds` are what the work came to."""

    waiting: int = 0
    open: int = 0
    submitted: int = 0
    reopened: int = 0
    skipped: int = 0
    spans: int = 0
    seconds: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.open + self.submitted + self.reopened + self.skipped

    @property
    def begun(self) -> int:
        return self.open + self.reopened

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(self))
        )


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    slug: str
    corpus: str
    status: str | Promise
    chip: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    counts: Counts
    minutes: int


@dataclass(frozen=True, slots=True)
class Skipped:
    id: int
    title: str
    url: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign's progress. `inside` tells whether what was labelled may be counted to the
    reader: not to one who labels here (blindness)."""

    counts: Counts
    people: Sequence[Person]
    skipped: Sequence[Skipped]
    inside: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the campaign's results are; "" where the reader may not go."""

    adjudication: str
    decisions: str
    agreement: str
    exports: str
    concordance: str
    registry: str


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    title: str
    annotator: str
    status: str | Promise
    chip: str
    spans: int
    reopens: bool
    url: str


def campaigns(user: User) -> Sequence[Listed]:
    """Return the campaigns `user` may read, running ones first. Two queries."""
    found = list(
        policy.campaigns_read_by(user)
        .select_related("corpus")
        .order_by("-status", "-created_at", "pk")
    )
    counted = _counts(Assignment.objects.filter(campaign__in=found), "campaign")
    return [
        Listed(
            name=campaign.name,
            slug=campaign.slug,
            corpus=campaign.corpus.name,
            status=Campaign.Status(campaign.status).label,
            chip=CHIPS[Campaign.Status(campaign.status)],
            counts=counted.get(campaign.pk, Counts()),
        )
        for campaign in found
    ]


def progress(campaign: Campaign, user: User) -> Progress:
    """Return how far everyone is. Four queries."""
    counted = _counts(campaign.assignments, "annotator")
    people = campaign.annotators.order_by("username")
    inside = policy.SEE_AGREEMENT.allows(user, campaign)
    return Progress(
        counts=sum(counted.values(), Counts()),
        people=[_person(person, counted.get(person.pk, Counts())) for person in people],
        skipped=_skipped(campaign) if inside else (),
        inside=inside,
    )


def ways(campaign: Campaign, user: User) -> Ways:
    inside = policy.SEE_AGREEMENT.allows(user, campaign)
    settles = inside and policy.ADJUDICATE.allows(user, campaign)
    return Ways(
        adjudication=way_to("adjudication", campaign.slug) if settles else "",
        decisions=way_to("decisions", campaign.slug) if inside and not settles else "",
        agreement=way_to("agreement", campaign.slug) if inside else "",
        exports=way_to("exports", campaign.slug) if inside else "",
        concordance=way_to("span_concordance", campaign.slug) if inside else "",
        registry=way_to("registry", campaign.corpus.registry_id),
    )


def _counts(assignments: Any, by: str) -> Mapping[int | None, Counts]:
    """Return the counts by `by`; those that wait for anyone under None. One query."""
    states = (Status.WAITING, Status.OPEN, Status.SUBMITTED, Status.REOPENED, Status.SKIPPED)
    rows = (
        assignments.filter(kind=Kind.ANNOTATOR, withdrawn=False)
        .order_by()
        .values_list(by)
        .annotate(
            **{state.value: Count("pk", filter=Q(status=state)) for state in states},
            labelled=Sum("span_count"),
            worked=Sum("active_seconds"),
        )
    )
    return {key: Counts(*counts) for key, *counts in rows}


def _person(person: User, counts: Counts) -> Person:
    return Person(person.pk, str(person), counts, minutes=counts.seconds // 60)


def _skipped(campaign: Campaign) -> Sequence[Skipped]:
    rows = (
        campaign.assignments.filter(kind=Kind.ANNOTATOR, status=Status.SKIPPED, withdrawn=False)
        .select_related("article", "annotator")
        .order_by("touched_at", "pk")[:SKIPPED_SHOWN]
    )
    return [
        Skipped(
            id=row.pk,
            title=row.article.title,
            url=way_to("article", campaign.corpus.slug, row.article_id),
            by=str(row.annotator),
            reason=row.skip_reason,
        )
        for row in rows
    ]


def finished(campaign: Campaign, *, annotator: int | None, after: int) -> Sequence[Row]:
    """Return the assignments that were handed in, one page after the key `after`. One query."""
    rows: QuerySet[Assignment] = campaign.assignments.filter(
        kind=Kind.ANNOTATOR,
        withdrawn=False,
        pk__gt=after,
        status__in=(Status.SUBMITTED, Status.SKIPPED, Status.REOPENED),
    )
    if annotator is not None:
        rows = rows.filter(annotator=annotator)
    page = rows.select_related("article", "annotator").order_by("pk")[: ASSIGNMENTS_A_PAGE + 1]
    return [_row(campaign, assignment) for assignment in page]


def _row(campaign: Campaign, assignment: Assignment) -> Row:
    status = Status(assignment.status)
    return Row(
        id=assignment.pk,
        title=assignment.article.title,
        annotator=str(assignment.annotator),
        status=status.label,
        chip=CHIPS[status],
        spans=assignment.span_count,
        reopens=status is not Status.REOPENED,
        url=way_to("article", campaign.corpus.slug, assignment.article_id),
    )
