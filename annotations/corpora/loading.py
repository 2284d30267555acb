"""One load while it runs: files into chunks, chunks into the corpus, everything counted."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import connection

from annotations.corpora import copying, meeting
from annotations.corpora.copying import Fresh
from annotations.corpora.models import Corpus
from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import LineRefusal, Reading
from annotations.corpora.readers.sources import Source
from annotations.corpora.reports import Tally

Progress = Callable[[int, int], None]
"""Told the bytes read so far and the bytes in all. May raise, to stop the load."""

Chunk = Sequence[Fresh | LineRefusal]

_LOADS = 0x4B75  # the class of our advisory locks; the corpus's id completes the key
_TURN_SECONDS = 0.2
_CHUNK_ROWS = 1_000
_CHUNK_CODE_POINTS = 4_000_000


class Spoilt(Exception):
    """Something was refused in a load that is all or nothing."""


def readings(files: Sequence[Source | LineRefusal], progress: Progress) -> Iterator[Reading]:
    """Yield what all files hold, in order, telling the progress at every article."""
    total = sum(file.size for file in files if isinstance(file, Source))
    done = 0
    for file in files:
        if isinstance(file, LineRefusal):
            yield file
            continue
        for reading in kinds.read(file):
            progress(done + reading.place.byte, total)
            yield reading
        done += file.size
    progress(total, total)


def chunks(found: Iterator[Reading], *, title_in_text: bool) -> Iterator[Chunk]:
    """Yield the readings by the thousand, fewer where they are long, hashed."""
    chunk: list[Fresh | LineRefusal] = []
    size = 0
    for reading in found:
        if isinstance(reading, LineRefusal):
            chunk.append(reading)
        else:
            chunk.append(copying.fresh(reading, title_in_text=title_in_text))
            size += len(reading.text)
        if len(chunk) >= _CHUNK_ROWS or size >= _CHUNK_CODE_POINTS:
            yield chunk
            chunk, size = [], 0
    yield chunk


def take_turn(corpus: Corpus, wait: Callable[[], None]) -> None:
    """This transaction alone loads into the corpus, until it ends. `wait` may raise."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOADS, corpus.pk])
            if cursor.fetchone() == (True,):
                return
            wait()
            time.sleep(_TURN_SECONDS)


class Loading:
    """Writes chunks into one corpus and counts them. To be used inside a transaction."""

    def __init__(self, corpus: Corpus, tally: Tally, at: datetime, *, skip: bool) -> None:
        self._corpus = corpus
        self._tally = tally
        self._at = at
        self._skip = skip

    def take(self, chunk: Chunk) -> None:
        """What the chunk holds is in the corpus or refused. Raises Spoilt when something was
        refused that may not be skipped."""
        self._refuse([found for found in chunk if isinstance(found, LineRefusal)])
        met = meeting.meet(self._corpus.pk, [found for found in chunk if isinstance(found, Fresh)])
        self._refuse(met.refused)
        copying.insert(self._corpus.pk, met.new, self._at)
        for article in met.new:
            self._tally.loaded(article.draft.place, article.draft.encoding)
        for draft, news in meeting.remember(self._corpus.pk, met.again):
            self._tally.already(draft.place, draft.encoding, appeared=news)

    def _refuse(self, refusals: Sequence[LineRefusal]) -> None:
        for refusal in refusals:
            self._tally.refused(refusal)
        if refusals and not self._skip:
            raise Spoilt
