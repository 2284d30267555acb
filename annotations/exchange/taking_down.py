"""Takedown: a text that may not be kept is gone for good, with everything that quotes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from annotations.accounts.models import User
from annotations.assignments import withdrawing
from annotations.assignments.models import Assignment
from annotations.corpora.models import Article
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
    keys = _versions(article)
    mine = Assignment.objects.filter(article__in=keys)
    exports = Export.objects.filter(
        campaign__in=mine.values("campaign"), finished_at__isnull=False
    ).select_related("campaign")
    kept, layers = list(exports.order_by("created_at")), mine.exclude(revision=0).count()
    withdrawing.withdraw(article.corpus, keys, reason=reason, by=by)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT take_down(%s)", [key])
            if cursor.fetchone() == (True,):
                record(TAKEN_DOWN, Article(pk=key), by=by, reason=reason, layers=layers)
    return Takedown(keys, layers, kept)


def _versions(article: Article) -> Sequence[int]:
    """The keys of all versions of an article, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE version(id, previous_id) AS (
                    SELECT id, previous_id FROM article WHERE id = %s
                     UNION SELECT a.id, a.previous_id FROM article a JOIN version v
                        ON (a.id = v.previous_id OR a.previous_id = v.id) AND a.corpus_id = %s)
               SELECT id FROM version ORDER BY id""",
            [article.pk, article.corpus_id],
        )
        return [key for (key,) in cursor.fetchall()]
