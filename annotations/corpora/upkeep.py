"""What follows from the articles of a corpus is kept true: counts, search, clusters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from annotations.corpora.models import Corpus
from annotations.corpora.searching.aside import aside
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.searching.settling import Settling

if TYPE_CHECKING:
    from annotations.corpora.searching.indexing import Made

Progress = Callable[[int, int], None]
"""Told the searchable articles and the articles in all. May raise, to stop."""


def count_loaded(corpus: Corpus, articles: int, last: int) -> None:
    """The corpus has so many articles more, the last of them with this key. To be called in the
    transaction that loads, at its end: others wait for the row until it commits.

    Whoever makes articles searchable has the row for a step, longer where the machine is busy: no
    load is to fail of that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
    CorpusSummary.objects.filter(corpus=corpus).update(
        articles=F("articles") + articles, last_article=Greatest(F("last_article"), last)
    )


def behind() -> Iterator[int]:
    """Yield the keys of the corpora of which articles wait to become searchable; those in the trash
    can wait."""
    waiting = CorpusSummary.objects.filter(searched_to__lt=F("last_article"))
    yield from waiting.filter(corpus__withdrawn_at=None).values_list("corpus", flat=True)


def is_behind(corpus: Corpus) -> bool:
    """Whether articles of this corpus wait to be compared with the others."""
    return CorpusSummary.objects.filter(corpus=corpus, searched_to__lt=F("last_article")).exists()


def make_searchable(
    corpus: Corpus,
    *,
    progress: Progress,
    hold: Callable[[], None],
    keep: Callable[[int], None] = lambda made: None,
) -> int:
    """Every article that a load left is searchable, compared with the others and counted.

    Returns how many became so. One transaction for some hundred articles: whatever stops it, the
    next call goes on from there. `hold` is called first in each; what it raises stops this. `keep`
    hears how many became so up to then, in the transaction that makes them. When this ends, however
    it does, no words wait outside the index.
    """
    # here: they bring numpy and scipy, 60 MB that whoever only asks what waits can do without
    from annotations.corpora.searching.ahead import Ahead
    from annotations.corpora.searching.indexing import store

    total = 0
    with aside() as preparer, aside() as settler:
        following = Ahead(corpus.pk, corpus.language, preparer)
        settling = Settling(settler)
        try:
            while True:
                with transaction.atomic(), _held(corpus) as summary:
                    hold()
                    made = store(corpus.pk, following.after(summary.searched_to))
                    _note(summary, made)
                    total += made.count
                    keep(total)
                if not made.count:
                    return total
                settling.add(made.size)
                progress(summary.searchable, summary.articles)
        finally:
            settling.end()


def _note(summary: CorpusSummary, made: "Made") -> None:
    summary.searchable += made.count
    # at the end, what follows the last live article is withdrawn: there is nothing to come to
    summary.searched_to = made.last if made.count else summary.last_article
    summary.save(update_fields=("searchable", "searched_to"))


@contextmanager
def _held(corpus: Corpus) -> Iterator[CorpusSummary]:
    """Nobody else changes what follows from this corpus's articles until the transaction ends."""
    yield CorpusSummary.objects.select_for_update().get(corpus=corpus)
