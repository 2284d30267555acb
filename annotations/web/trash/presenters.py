"""What goes into the trash with a corpus or a campaign, and what lies there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.assignments.trash import jobs_of_campaign, jobs_of_corpus, stopped
from annotations.corpora.models import Corpus
from annotations.limits import LIMITS
from annotations.registry.models import Entity

ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on a corpus or a campaign. `layers` are those that hold work; they and `spans` are
    None where the reader labels and may not know (blindness). `entities`: of the registry that goes
    along, 0 where another corpus uses it. `jobs` are stopped."""

    articles: int
    campaigns: int
    layers: int | None
    spans: int | None
    entities: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Row:
    """`restore` is where its form goes; `about` says what it is a part of, or holds."""

    name: str
    slug: str
    corpus: str
    articles: int
    deleted: datetime
    until: datetime
    restore: str


@dataclass(frozen=True, slots=True)
class Trash:
    corpora: Sequence[Row]
    campaigns: Sequence[Row]


def weight_of_corpus(corpus: Corpus, user: User) -> Weight:
    """Seven queries, one of which reads all assignments of the corpus."""
    campaigns = corpus.campaigns.filter(withdrawn_at=None)
    shared = Corpus.objects.filter(registry=corpus.registry_id).exclude(pk=corpus.pk).exists()
    standing = Entity.objects.filter(registry=corpus.registry_id, merged_into=None)
    summary: Any = corpus.summary
    layers, spans = _work(campaigns, user)
    return Weight(
        articles=summary.articles,
        campaigns=campaigns.count(),
        layers=layers,
        spans=spans,
        entities=0 if shared else standing.count(),
        jobs=stopped(jobs_of_corpus(corpus)).count(),
    )


def weight_of_campaign(campaign: Campaign, user: User) -> Weight:
    """Four queries, one of which reads all assignments of the campaign."""
    articles = campaign.assignments.aggregate(articles=Count("article", distinct=True))["articles"]
    layers, spans = _work(Campaign.objects.filter(pk=campaign.pk), user)
    jobs = stopped(jobs_of_campaign(campaign)).count()
    return Weight(articles, 0, layers, spans, 0, jobs)


def _work(campaigns: QuerySet[Campaign], user: User) -> tuple[int | None, int | None]:
    if campaigns.exclude(pk__in=policy.campaigns_measured_by(user)).exists():
        return None, None
    counted = Assignment.objects.filter(campaign__in=campaigns).aggregate(
        layers=Count("pk", filter=Q(revision__gt=0)), spans=Sum("span_count")
    )
    return counted["layers"], counted["spans"] or 0


def trash(user: User) -> Trash:
    """Return what the user may restore, the last deleted first. Two queries."""
    corpora = policy.corpora_restored_by(user).select_related("summary")
    campaigns = policy.campaigns_restored_by(user).select_related("corpus__summary")
    return Trash(
        [_row(one, one, "corpus_restore") for one in _newest(corpora)],
        [_row(one, one.corpus, "campaign_restore") for one in _newest(campaigns)],
    )


def _newest(things: QuerySet[Any]) -> Iterable[Any]:
    return things.order_by("-withdrawn_at", "-pk")[:ROWS_SHOWN]


def _row(thing: Any, corpus: Any, restore: str) -> Row:
    return Row(
        name=thing.name,
        slug=thing.slug,
        corpus=corpus.name,
        articles=corpus.summary.articles,
        deleted=thing.withdrawn_at,
        until=thing.withdrawn_at + timedelta(days=LIMITS.trash_days),
        restore=reverse(restore, args=[thing.slug]),
    )
