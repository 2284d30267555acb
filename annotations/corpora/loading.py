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
from annotations.prepared.plans import forget_plans

Progress = Callable[[int, int], None]
"""Told the bytes read so far and the bytes in all. May raise, to stop the load."""

Chunk = Sequence[Fresh | LineRefusal]

_LOADS = 0x4B75  # the class of our advisory locks; the corpus's id completes the key
_TURN_SECONDS = 0.2
_TOLD_EVERY = 50
_CHUNK_ROWS = 1_000
_CHUNK_CODE_POINTS = 4_000_000
_CHUNK_SECONDS = 2.0
"""Of reading: of files that are slow to read, such as PDFs, a thousand would take minutes."""


class Spoilt(Exception):
    """Something was refused in a load that is all or nothing."""


def readings(
    files: Sequence[Source | LineRefusal], progress: Progress, first: int = 0
) -> Iterator[Reading]:
    """Yield what all files hold from the `first` on, in order, telling the progress on the way and
    at the end."""
    total = size_of(files)
    done = size_of(files[:first])
    for file in files[first:]:
        if isinstance(file, LineRefusal):
            yield file
            continue
        for number, reading in enumerate(kinds.read(file)):
            if number % _TOLD_EVERY == 0:
                progress(done + reading.place.byte, total)
            yield reading
        done += file.size
    progress(total, total)


def size_of(files: Sequence[Source | LineRefusal]) -> int:
    return sum(file.size for file in files if isinstance(file, Source))


class Chunks:
    """Yields the readings by the thousand, fewer where they are long, hashed."""

    def __init__(self, found: Iterator[Reading], *, title_in_text: bool) -> None:
        self._found = found
        self._title_in_text = title_in_text
        self._next: list[Fresh | LineRefusal] = []
        self._size = 0
        self._seconds = 0.0

    def __iter__(self) -> Iterator[Chunk]:
        while chunk := self._cut(_CHUNK_ROWS):
            yield chunk

    def first(self, count: int) -> Iterator[Chunk]:
        """Yield the first `count` readings alone, before any other."""
        while count > 0 and (chunk := self._cut(min(count, _CHUNK_ROWS))):
            count -= len(chunk)
            yield chunk

    def _cut(self, count: int) -> Chunk:
        self.advance(count)
        chunk, self._next, self._size, self._seconds = self._next, [], 0, 0.0
        return chunk

    def advance(self, count: int) -> None:
        """Read up to `count` more of the next chunk: what to do while the database writes."""
        begun = time.monotonic() - self._seconds
        for _ in range(count):
            if len(self._next) >= _CHUNK_ROWS or self._size >= _CHUNK_CODE_POINTS:
                return
            reading = next(self._found, None)
            if reading is None:
                return
            self._add(reading)
            self._seconds = time.monotonic() - begun
            if self._seconds >= _CHUNK_SECONDS:
                return

    def _add(self, reading: Reading) -> None:
        if isinstance(reading, LineRefusal):
            self._next.append(reading)
        else:
            self._next.append(copying.fresh(reading, title_in_text=self._title_in_text))
            self._size += len(reading.text)


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
    """Writes chunks into one corpus and counts them. To be used inside a transaction. `count` and
    `last`: how many articles are new, and the key of the last of them, 0 for none."""

    def __init__(self, corpus: Corpus, tally: Tally, at: datetime, *, skip: bool) -> None:
        self._corpus = corpus
        self._tally = tally
        self._at = at
        self._skip = skip
        self._planned_for = 0
        self.count = 0
        self.last = 0

    def take(self, chunk: Chunk, meanwhile: Callable[[int], None]) -> None:
        """What the chunk holds is in the corpus or refused. Raises Spoilt when something was
        refused that may not be skipped. `meanwhile` is called as `copying.insert` says."""
        for found in chunk:
            self._tally.read(found.draft if isinstance(found, Fresh) else found)
        self._refuse([found for found in chunk if isinstance(found, LineRefusal)])
        met = meeting.meet(self._corpus.pk, [found for found in chunk if isinstance(found, Fresh)])
        self._refuse(met.refused)
        if met.new:
            self._plan_for(self.count + len(met.new))
            self.last = copying.insert(self._corpus.pk, met.new, self._at, meanwhile)
            self.count += len(met.new)
        for article in met.new:
            self._tally.loaded(article.draft)
        for draft, news in meeting.remember(self._corpus.pk, met.again):
            self._tally.already(draft, appeared=news)

    def _plan_for(self, articles: int) -> None:
        if articles >= 2 * self._planned_for:
            self._planned_for = articles
            forget_plans()

    def _refuse(self, refusals: Sequence[LineRefusal]) -> None:
        for refusal in refusals:
            self._tally.refused(refusal)
        if refusals and not self._skip:
            raise Spoilt
