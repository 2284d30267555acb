"""Takedown: a text that may not be kept is gone for good, with everything that quotes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from annotations.accounts.models import User
from annotations.assignments import withdrawing
from annotations.assignments.models import Assignment
from annotations.corpora.looking import LOOK
from annotations.corpora.models import Article, Corpus
from annotations.corpora.versions import versions
from annotations.exchange.annotated_handlers import SURVEY
from annotations.exchange.models import Export
from annotations.history.services import record
from annotations.jobs.models import Job

TAKEN_DOWN = "article.taken_down"

_ROWS: Mapping[str, object] = {"rows": [], "documents": [], "example": ""}
"""What quotes articles in the results of looks into files, by its key; and what is left of it."""


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
    _forget_first_rows(article.corpus)
    return Takedown(keys, layers, kept)


def _forget_first_rows(corpus: Corpus) -> None:
    """What was seen of files before they were loaded is forgotten: the first rows of the text may
    stand there."""
    looks = Job.objects.filter(kind__in=(LOOK, SURVEY), args__corpus=corpus.pk)
    for job in looks.exclude(result=None, checkpoint={}).only("result", "checkpoint").iterator():
        told = {"result": _without_rows(job.result), "checkpoint": _without_rows(job.checkpoint)}
        Job.objects.filter(pk=job.pk).update(**told)


def _without_rows(found: Any) -> Any:
    """What a look found, without the words of any article."""
    if isinstance(found, dict):
        return {key: _ROWS.get(key, _without_rows(value)) for key, value in found.items()}
    return [_without_rows(value) for value in found] if isinstance(found, list) else found
