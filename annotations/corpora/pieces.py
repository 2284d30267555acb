"""A load that may leave things out goes into the corpus in pieces (ADR 32).

Each is one transaction, which also keeps in the job how far the load has come. Whoever takes the job
up again reads on from there, and gives in the end the report of a load that was never interrupted.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.corpora.copying import Fresh
from annotations.corpora.journal import Journal, JournalLost, Mark
from annotations.corpora.loading import Chunk, Chunks, Loading, readings, size_of, take_turn
from annotations.corpora.models import Corpus
from annotations.corpora.prints import Print
from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.readers.sources import Source
from annotations.corpora.reports import LOADED, LoadReport, Tally
from annotations.corpora.upkeep import count_loaded
from annotations.corpora.uploads import report_path
from annotations.history.services import record
from annotations.jobs.services import Refused, Running

PIECE_READINGS = 10_000
"""A second of work for the usual files. To commit and to remember costs a hundredth of that."""
PIECE_SECONDS = 5.0
"""Of work, for files that are slow to read: more than that is hardly ever done twice."""

Files = Sequence[Source | LineRefusal]
Finish = Callable[[Journal, LoadReport], None]


class Behind(msgspec.Struct, frozen=True):
    """What was read: all files before `file`, and so many readings from there on, the last of which
    begins at `byte`. `trail` follows from what they held."""

    file: int = 0
    readings: int = 0
    byte: int = 0
    trail: int = 0


class SoFar(msgspec.Struct, frozen=True):
    """How far a load has come. `at` is when it began, the moment of all its articles; `files`
    follows from their names, sizes and, in archives, checksums; `digest` is the `Print` of what is
    behind; `done` are the bytes that were told as read."""

    at: datetime
    files: str
    behind: Behind = Behind()
    digest: str = ""
    done: int = 0
    journal: Mark | None = None
    report: LoadReport = msgspec.field(default_factory=LoadReport)


def so_far(checkpoint: Mapping[str, Any]) -> SoFar | None:
    """How far the load has come that left this checkpoint; None: it has kept nothing, or all."""
    return msgspec.convert(checkpoint["so_far"], SoFar) if "so_far" in checkpoint else None


def load_in_pieces(
    job: Running,
    corpus: Corpus,
    sources: Sequence[Source],
    *,
    check: Callable[[], object],
    finish: Finish,
) -> None:
    """Every article of the sources is in the corpus once, or its refusal is reported.

    Goes on behind what the job's checkpoint says is there. `check` is called in each transaction
    and may raise; `finish` gets the report in the last one. Other loads may come between two pieces:
    each meets the corpus as it stands then. Raises Refused where the files are others than before.
    """
    with ExitStack() as opened:
        files = kinds.unpacked(sources, opened)
        since = so_far(job.checkpoint) or SoFar(timezone.now(), _kind_of(files))
        if since.files != _kind_of(files):
            raise _changed()
        try:
            journal = opened.enter_context(Journal(report_path(job.id), since.journal))
        except JournalLost as lost:
            raise _changed() from lost
        prints = opened.enter_context(Print(files))
        _Load(job, corpus, files, journal, prints, since, check, finish).run()


class _Load:
    """One attempt at a load."""

    def __init__(
        self,
        job: Running,
        corpus: Corpus,
        files: Files,
        journal: Journal,
        prints: Print,
        since: SoFar,
        check: Callable[[], object],
        finish: Finish,
    ) -> None:
        self._job = job
        self._corpus = corpus
        self._files = files
        self._journal = journal
        self._prints = prints
        self._since = since
        self._check = check
        self._finish = finish
        self._by = job.by()
        self._tally = Tally(journal.record, files)
        self._tally.go_on(since.report)
        self._told = since.report
        self._total = size_of(files)
        self._done = since.done
        self._message = ""

    def run(self) -> None:
        found = readings(self._files, self._tell, self._since.behind.file)
        made = Chunks(found, title_in_text=self._corpus.title_in_text)
        trail = _Trail(self._files, self._since.behind.file)
        self._pass_by(made, trail)
        chunks = iter(made)
        while self._piece(made, chunks, trail):
            pass

    def _pass_by(self, made: Chunks, trail: "_Trail") -> None:
        """Read again what is behind, as far as it stands in the file that was not read to its end; of
        the files before it, the bytes alone."""
        behind = self._since.behind
        if behind == Behind():
            return
        self._message = _("Going on where it stopped")
        tell = partial(self._tell, 0, self._total)
        if self._prints.upto(behind.file, behind.byte, tell) != self._since.digest:
            raise _changed()
        for chunk in made.first(behind.readings):
            trail.follow(chunk)
        if trail.behind() != behind:
            raise _changed()
        self._message = ""

    def _piece(self, made: Chunks, chunks: Iterator[Chunk], trail: "_Trail") -> bool:
        """The next piece is in the corpus. False: it was the last one."""
        chunk = next(chunks, None)  # read before anybody has to wait for it
        with transaction.atomic():
            take_turn(self._corpus, lambda: self._tell(0, self._total))
            self._check()
            loading = Loading(self._corpus, self._tally, self._since.at, skip=True)
            until, read = time.monotonic() + PIECE_SECONDS, 0
            while chunk is not None:
                loading.take(chunk, made.advance)
                trail.follow(chunk)
                self._prints.follow(*trail.place)
                read += len(chunk)
                if read >= PIECE_READINGS or time.monotonic() >= until:
                    break
                chunk = next(chunks, None)
            count_loaded(self._corpus, loading.count, loading.last)
            report = self._tally.report(kept=True)
            if read or trail.behind() == Behind():
                self._write_down(report)
            if chunk is None:
                self._finish(self._journal, report)
            else:
                self._keep(trail.behind(), report)
        return chunk is not None

    def _write_down(self, report: LoadReport) -> None:
        """Each piece is told of by itself: it is there, whatever becomes of the others."""
        before, self._told = self._told, report
        record(
            LOADED,
            self._corpus,
            by=self._by,
            loaded=report.loaded - before.loaded,
            already=report.already - before.already,
            refused=report.refused - before.refused,
        )

    def _keep(self, behind: Behind, report: LoadReport) -> None:
        so_far = msgspec.structs.replace(
            self._since,
            behind=behind,
            digest=self._prints.digest(),
            done=self._done,
            journal=self._journal.mark(),
            report=report,
        )
        self._job.save_checkpoint({"so_far": msgspec.to_builtins(so_far)})

    def _tell(self, done: int, total: int) -> None:
        """How far the load is: what is read again is no news."""
        self._done = max(self._done, done)
        self._job.report(self._done, total or None, self._message)


class _Trail:
    """Follows what is read through the files."""

    def __init__(self, files: Files, first: int) -> None:
        self._names = [f.name if isinstance(f, Source) else f.place.file for f in files]
        self._file = first
        self._readings = self._byte = self._trail = 0
        self._last: Fresh | LineRefusal | None = None

    def follow(self, chunk: Chunk) -> None:
        for found in chunk:
            place = found.draft.place if isinstance(found, Fresh) else found.place
            if place.file != self._names[self._file]:
                self._file = self._names.index(place.file, self._file)
                self._readings = self._byte = self._trail = 0
            self._readings += 1
            self._byte = max(self._byte, place.byte)
            known = found.sha256 if isinstance(found, Fresh) else b"refused"
            self._trail = crc32(known, self._trail)
            self._last = found

    @property
    def place(self) -> tuple[int, int]:
        """The file, and the byte at which the last of its readings begins."""
        return self._file, self._byte

    def behind(self) -> Behind:
        # the bytes of the last one lie beyond the place where it begins
        last = b"" if self._last is None else repr(self._last).encode("utf-8", "surrogatepass")
        return Behind(self._file, self._readings, self._byte, crc32(last, self._trail))


def _kind_of(files: Files) -> str:
    """Return what tells these files from others: a hash of their names, sizes and, in archives,
    checksums."""
    known = [
        (f.name, f.size, f.crc) if isinstance(f, Source) else (f.place.file, -1, None)
        for f in files
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def _changed() -> Refused:
    return Refused(
        _(
            "The files are not those with which this load began. Load them again: what is in the"
            " corpus already is not loaded twice."
        )
    )
