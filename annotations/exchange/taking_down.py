"""Takedown: a text that may not be kept is gone for good, with everything that quotes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from annotations.accounts.models import User
from annotations.assignments import withdrawing
from annotations.assignments.models import Assignment
from annotations.corpora.models import Article
from annotations.corpora.versions import versions
from annotations.exchange.models import Export
from annotations.history.services import record

TAKEN_DOWN = "article.taken_down"


@dataclass(frozen=True, slots=True)
class Takedown:
    """What was done: the keys of the article's versions whose texts are gone, the number of layers
    that are gone with them, and the finished exports that may still hold the text."""

    articles: Sequence[int]
    layers: int
    exports: Sequence[Export]


@transaction.atomic
def take_down(article: Article, *, reason: str, by: User | None) -> Takedown:
    """Nothing of the article is left but its hash, in none of its versions; the history says that
    it was there, who took it down and why. Cannot be undone."""
    keys = versions(article)
    mine = Assignment.objects.filter(article__in=keys)
    exports = Export.objects.filter(
        campaign__in=mine.values("campaign"), finished_at__isnull=False, expired_at=None
    ).select_related("campaign")
    kept, layers = list(exports.order_by("created_at")), mine.exclude(revision=0).count()
    withdrawing.withdraw(article.corpus, keys, reason=reason, by=by)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT take_down(%s)", [key])
            if cursor.fetchone() == (True,):
                record(TAKEN_DOWN, Article(pk=key), by=by, reason=reason, layers=layers)
    return Takedown(keys, layers, kept)
