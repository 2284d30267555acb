"""What became of a load, file by file; and the journal that names every line not loaded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import msgspec

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reason
from annotations.corpora.readers.sources import Source
from annotations.corpora.reasons import sentence

LOADED = "corpus.loaded"
"""What the history calls it."""
FILES_SHOWN = 200
REFUSALS_SHOWN = 50
_COUNTS = ("loaded", "already", "appearances", "refused")

Record = Callable[[Mapping[str, object]], None]


@dataclass(slots=True)
class FileReport:
    """One file's counts, and what its reader noted. `encoding` is empty when it was never found
    out."""

    name: str
    encoding: str = ""
    loaded: int = 0
    already: int = 0
    appearances: int = 0
    refused: int = 0
    notes: list[Reason] = field(default_factory=list)


@dataclass(slots=True)
class LoadReport:
    """All counts, the first files, the first refusals. `kept` is False when nothing was loaded
    because something was refused."""

    kept: bool = True
    loaded: int = 0
    already: int = 0
    appearances: int = 0
    refused: int = 0
    file_count: int = 0
    files: list[FileReport] = field(default_factory=list)
    refusals: list[LineRefusal] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        built: dict[str, object] = msgspec.to_builtins(self)
        return built


def report_from(stored: Mapping[str, object]) -> LoadReport:
    """Return the report that `as_json` gave."""
    return msgspec.convert(stored, LoadReport)


class Tally:
    """Counts while a load runs, and hands every line that was not loaded to `record`.

    Of the first files it keeps the counts of each, of all others their sum: there may be as many
    files as articles.
    """

    def __init__(self, record: Record, files: Sequence[Source | LineRefusal] = ()) -> None:
        self._record = record
        self._files: dict[str, FileReport] = {}
        self._others = FileReport("")
        self._other_names: set[str] = set()
        self._refusals: list[LineRefusal] = []
        for file in files:
            if isinstance(file, Source):
                # the reports share the lists that the readers write their notes into
                self._first_met(file.name, file.notes)
        for file in files:
            if isinstance(file, LineRefusal):
                self.file(file.place.file)

    def go_on(self, before: LoadReport) -> None:
        """What was counted before counts. To be called first, with the same files."""
        for told in before.files:
            file = self.file(told.name)
            file.encoding, file.notes[:] = told.encoding, told.notes
        for name in _COUNTS:
            for told in before.files:
                setattr(self.file(told.name), name, getattr(told, name))
            shown = sum(getattr(told, name) for told in before.files)
            setattr(self._others, name, getattr(before, name) - shown)
        self._refusals = list(before.refusals)

    def read(self, found: ArticleDraft | LineRefusal) -> None:
        """Something of this file was read, or refused, in this encoding."""
        file = self.file(found.place.file)
        file.encoding = found.encoding or file.encoding

    def file(self, name: str) -> FileReport:
        """Where the counts of this file belong."""
        return self._files.get(name) or self._first_met(name, [])

    def _first_met(self, name: str, notes: list[Reason]) -> FileReport:
        if len(self._files) < FILES_SHOWN:
            return self._files.setdefault(name, FileReport(name, notes=notes))
        if name not in self._files:
            self._other_names.add(name)
        return self._files.get(name, self._others)

    def loaded(self, draft: ArticleDraft) -> None:
        self.file(draft.place.file).loaded += 1

    def already(self, draft: ArticleDraft, *, appeared: bool) -> None:
        file = self.file(draft.place.file)
        file.already += 1
        file.appearances += appeared
        self._record({**asdict(draft.place), "outcome": "already there"})

    def refused(self, refusal: LineRefusal) -> None:
        self.file(refusal.place.file).refused += 1
        if len(self._refusals) < REFUSALS_SHOWN:
            self._refusals.append(refusal)
        reason = refusal.reason
        self._record(
            {
                **asdict(refusal.place),
                "outcome": "refused",
                "code": reason.code,
                "reason": sentence(reason),
            }
        )

    def report(self, *, kept: bool) -> LoadReport:
        shown = list(self._files.values())
        files = [*shown, self._others]
        if not kept:
            for file in files:
                file.loaded = file.already = file.appearances = 0
        return LoadReport(
            kept=kept,
            **{name: sum(getattr(file, name) for file in files) for name in _COUNTS},
            file_count=len(shown) + len(self._other_names),
            files=shown,
            refusals=self._refusals,
        )
