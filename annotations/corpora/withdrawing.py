"""Articles that are taken out of a corpus, and put back: nothing of them is lost meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from annotations.accounts.models import User
from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching import indexing
from annotations.corpora.searching.models import CorpusSummary
from annotations.history.services import record
from annotations.limits import LIMITS

WITHDRAWN = "article.withdrawn"
RESTORED = "article.restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """Keys of the articles that are back, and of those whose id outside another article has now."""

    articles: Sequence[int]
    refused: Sequence[int]


def in_trash(corpus: Corpus) -> QuerySet[Article]:
    """The articles that can be restored, the last withdrawn first."""
    gone = restorable(Article.objects.filter(corpus=corpus, taken_down=False))
    return gone.order_by("-withdrawn_at", "-pk")


def restorable(things: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the things that are in the trash, and not yet for longer than they are kept."""
    return things.filter(withdrawn_at__gt=_oldest())


def due(things: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the things that were kept in the trash for as long as is promised."""
    return things.filter(withdrawn_at__lte=_oldest())


def _oldest() -> datetime:
    return timezone.now() - timedelta(days=LIMITS.trash_days)


@transaction.atomic
def withdraw(
    corpus: Corpus, articles: Sequence[int], *, reason: str, by: User | None
) -> Sequence[int]:
    """Those of the articles that are in the corpus are in its trash, for 30 days. Returns them."""
    summary = CorpusSummary.objects.select_for_update().get(corpus=corpus)
    live = Article.objects.select_for_update().filter(
        corpus=corpus, pk__in=list(articles), withdrawn_at=None, superseded=False
    )
    keys = [article.pk for article in live.only("pk").order_by("pk")]
    Article.objects.filter(pk__in=keys).update(withdrawn_at=timezone.now())
    forgotten = indexing.forget(corpus.pk, corpus.language, keys)
    _count(summary, -len(keys), -forgotten)
    for key in keys:
        record(WITHDRAWN, Article(pk=key), by=by, reason=reason)
    return keys


@transaction.atomic
def restore(corpus: Corpus, articles: Sequence[int], *, by: User | None) -> Restored:
    """Those of the articles that are in the trash are in the corpus again, searchable as before."""
    summary = CorpusSummary.objects.select_for_update().get(corpus=corpus)
    gone = in_trash(corpus).filter(pk__in=list(articles)).select_for_update()
    taken = Article.objects.filter(
        corpus=corpus,
        external_id=OuterRef("external_id"),
        withdrawn_at=None,
        superseded=False,
    )
    refused = set(gone.filter(Exists(taken)).values_list("pk", flat=True))
    keys = sorted({article.pk for article in gone.only("pk")} - refused)
    Article.objects.filter(pk__in=keys).update(withdrawn_at=None)
    # what the job has not come to yet, it will come to
    known = [key for key in keys if key <= summary.searched_to]
    indexing.again(corpus.pk, corpus.language, known)
    _count(summary, len(keys), len(known))
    for key in keys:
        record(RESTORED, Article(pk=key), by=by)
    return Restored(keys, sorted(refused))


def _count(summary: CorpusSummary, articles: int, searchable: int) -> None:
    CorpusSummary.objects.filter(pk=summary.pk).update(
        articles=F("articles") + articles, searchable=F("searchable") + searchable
    )
