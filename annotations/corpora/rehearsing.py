"""What a load would do, counted without writing a row: new, there already, refused."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from annotations.corpora.copying import Fresh
from annotations.corpora.loading import Chunks, Progress, readings
from annotations.corpora.meeting import Met, known_texts, sorted_out, taken_names
from annotations.corpora.models import Corpus
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.readers.sources import Source
from annotations.corpora.reports import LoadReport, Record, Tally


def rehearse(
    corpus: Corpus,
    files: Sequence[Source | LineRefusal],
    *,
    progress: Progress = lambda done, total: None,
    journal: Record = lambda row: None,
    see: Callable[[ArticleDraft], None] = lambda draft: None,
) -> LoadReport:
    """Return the report that a load of these files would give if what is refused were skipped;
    `loaded` counts what would be new. Appearances are not counted.

    Constant memory. `see` is given every article in order. Whatever `progress` raises ends it.
    """
    tally = Tally(journal, files)
    with _seen() as seen:
        for chunk in Chunks(readings(files, progress), title_in_text=corpus.title_in_text):
            for found in chunk:
                tally.read(found.draft if isinstance(found, Fresh) else found)
                if isinstance(found, Fresh):
                    see(found.draft)
                else:
                    tally.refused(found)
            met = seen.meet(corpus.pk, [found for found in chunk if isinstance(found, Fresh)])
            _count(tally, met)
    return tally.report(kept=True)


def _count(tally: Tally, met: Met) -> None:
    for refusal in met.refused:
        tally.refused(refusal)
    for article in met.new:
        tally.loaded(article.draft)
    for article in met.again:
        tally.already(article.draft, appeared=False)


class _Seen:
    """The texts and external ids that were counted as new, as hashes in a table of this
    transaction: a file may hold more of them than there is memory."""

    def meet(self, corpus_id: int, drafts: Sequence[Fresh]) -> Met:
        """As the corpus would meet them, had what came before been loaded into it."""
        names = {
            _of_name(name): name
            for draft in drafts
            if (name := draft.draft.external_id) is not None
        }
        before = _there([*names, *(draft.sha256 for draft in drafts)])
        met = sorted_out(
            drafts,
            known_texts(corpus_id, drafts) | before,
            taken_names(corpus_id, drafts) | {names[one] for one in before & names.keys()},
        )
        _remember(met.new)
        return met


def _of_name(external_id: str) -> bytes:
    return hashlib.sha256(f"external id {external_id}".encode()).digest()


def _there(hashes: Sequence[bytes]) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM rehearsed WHERE hash = ANY(%s)", [list(hashes)])
        return {bytes(found) for (found,) in cursor.fetchall()}


def _remember(articles: Sequence[Fresh]) -> None:
    names = [_of_name(name) for a in articles if (name := a.draft.external_id) is not None]
    with connection.cursor() as cursor:
        hashes = [*names, *(article.sha256 for article in articles)]
        cursor.execute("INSERT INTO rehearsed SELECT unnest(%s::bytea[])", [hashes])


@contextmanager
def _seen() -> Iterator[_Seen]:
    """Yield a memory that is empty, and gone after."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE rehearsed (hash bytea PRIMARY KEY)")
        yield _Seen()
        cursor.execute("DROP TABLE rehearsed")
