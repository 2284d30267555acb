"""What a load would do, counted without writing a row: new, there already, refused."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing

from annotations.corpora.copying import Fresh
from annotations.corpora.loading import Chunks, Progress, readings
from annotations.corpora.meeting import Met, sorted_out, there
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
    with closing(_Seen()) as seen:
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
    """The texts and external ids that were counted as new, as hashes in a file that is nobody's: a
    load may hold more of them than there is memory. Closed, it is gone."""

    def __init__(self) -> None:
        # without a name SQLite keeps what does not fit into its small cache in a temporary file
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID")

    def close(self) -> None:
        self._file.close()

    def meet(self, corpus_id: int, drafts: Sequence[Fresh]) -> Met:
        """As the corpus would meet them, had what came before been loaded into it."""
        names = {
            _of_name(name): name
            for draft in drafts
            if (name := draft.draft.external_id) is not None
        }
        before = self._there([*names, *(draft.sha256 for draft in drafts)])
        known = there(corpus_id, drafts)
        known.texts.update(before)
        known.names.update(names[one] for one in before & names.keys())
        met = sorted_out(drafts, known)
        self._remember(met.new)
        return met

    def _there(self, hashes: Sequence[bytes]) -> set[bytes]:
        marks = ",".join("?" * len(hashes))
        found = self._file.execute(f"SELECT hash FROM seen WHERE hash IN ({marks})", hashes)
        return {hash for (hash,) in found}

    def _remember(self, articles: Sequence[Fresh]) -> None:
        names = [_of_name(name) for a in articles if (name := a.draft.external_id) is not None]
        hashes = [*names, *(article.sha256 for article in articles)]
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO seen VALUES (?)", ((hash,) for hash in hashes))
        self._file.execute("COMMIT")


def _of_name(external_id: str) -> bytes:
    return hashlib.sha256(f"external id {external_id}".encode()).digest()
