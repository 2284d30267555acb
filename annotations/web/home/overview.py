"""What runs in the corpora a person manages or reads: campaigns, shelves, jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Corpus
from annotations.exchange.models import Export
from annotations.jobs.models import LIVE
from annotations.web.shell import way_to

CHIPS = {
    Campaign.Status.DRAFT: "chip-plain",
    Campaign.Status.RUNNING: "chip-live",
    Campaign.Status.CLOSED: "chip-good",
}
SHOWN = 24
JOBS = 5


@dataclass(frozen=True, slots=True)
class Results:
    """Where the results of a campaign are, and from when; no link where one may not see them."""

    agreement_url: str
    exports_url: str
    measured: datetime | None
    exported: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    total: int = 0
    done: int = 0
    reopened: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Ongoing:
    name: str
    corpus: str
    url: str
    status: str | Promise
    chip: str
    progress: Progress
    results: Results | None


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str
    language: str
    url: str
    articles: int


def campaigns(user: User) -> Sequence[Ongoing]:
    """Return the campaigns `user` may read, running ones first. Three queries."""
    found: list[Any] = list(
        policy.campaigns_read_by(user)
        .annotate(measured=_newest(AgreementRun), exported=_newest(Export))
        .select_related("corpus")
        .order_by("-status", "-created_at", "pk")[:SHOWN]
    )
    progress = _progress(found)
    open_to = set(policy.campaigns_measured_by(user).values_list("pk", flat=True))
    return [_ongoing(campaign, progress, open_to) for campaign in found]


def shelves(user: User) -> Sequence[Shelf]:
    """Return the corpora `user` may read, with the number of their articles. One query."""
    corpora = (
        policy.corpora_read_by(user)
        .annotate(held=F("summary__articles"))
        .order_by("name", "pk")[:SHOWN]
    )
    return [_shelf(corpus) for corpus in corpora]


def jobs(user: User) -> Sequence[UUID]:
    """Return the jobs that wait or run and that `user` may see, newest first. One query."""
    live = policy.jobs_seen_by(user).filter(state__in=LIVE)
    return list(live.order_by("-created_at").values_list("pk", flat=True)[:JOBS])


def _newest(results: type[Model]) -> Subquery:
    finished: QuerySet[Model] = results._default_manager.filter(
        campaign=OuterRef("pk"), finished_at__isnull=False
    )
    return Subquery(finished.order_by("-finished_at").values("finished_at")[:1])


def _progress(found: Sequence[Campaign]) -> Mapping[int, Progress]:
    counted = (
        Assignment.objects.filter(campaign__in=found, kind=Kind.ANNOTATOR, withdrawn=False)
        .order_by()
        .values_list("campaign")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(status=Status.SUBMITTED)),
            reopened=Count("pk", filter=Q(status=Status.REOPENED)),
            skipped=Count("pk", filter=Q(status=Status.SKIPPED)),
        )
    )
    return {campaign: Progress(*counts) for campaign, *counts in counted}


def _ongoing(campaign: Any, progress: Mapping[int, Progress], open_to: Collection[int]) -> Ongoing:
    status = Campaign.Status(campaign.status)
    return Ongoing(
        name=campaign.name,
        corpus=campaign.corpus.name,
        url=way_to("campaign", campaign.slug),
        status=status.label,
        chip=CHIPS[status],
        progress=progress.get(campaign.pk, Progress()),
        results=_results(campaign) if campaign.pk in open_to else None,
    )


def _results(campaign: Any) -> Results:
    return Results(
        agreement_url=way_to("agreement", campaign.slug),
        exports_url=way_to("exports", campaign.slug),
        measured=campaign.measured,
        exported=campaign.exported,
    )


def _shelf(corpus: Corpus) -> Shelf:
    return Shelf(
        name=corpus.name,
        language=corpus.language,
        url=way_to("corpus", corpus.slug),
        articles=getattr(corpus, "held", 0),
    )
