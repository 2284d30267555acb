"""What became of a load, file by file; and the journal that names every line not loaded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import msgspec

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reason
from annotations.corpora.readers.sources import Source
from annotations.corpora.reasons import sentence

FILES_SHOWN = 200
REFUSALS_SHOWN = 50

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
    """Counts while a load runs, and hands every line that was not loaded to `record`."""

    def __init__(self, record: Record, files: Sequence[Source | LineRefusal] = ()) -> None:
        self._record = record
        # the reports share the lists that the readers write their notes into
        self._files = {
            file.name: FileReport(file.name, notes=file.notes)
            for file in files
            if isinstance(file, Source)
        }
        self._refusals: list[LineRefusal] = []

    def read(self, found: ArticleDraft | LineRefusal) -> None:
        """Something of this file was read, or refused, in this encoding."""
        file = self.file(found.place.file)
        file.encoding = found.encoding or file.encoding

    def file(self, name: str) -> FileReport:
        if name not in self._files:
            self._files[name] = FileReport(name)
        return self._files[name]

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
        files = list(self._files.values())
        if not kept:
            for file in files:
                file.loaded = file.already = file.appearances = 0
        return LoadReport(
            kept=kept,
            loaded=sum(file.loaded for file in files),
            already=sum(file.already for file in files),
            appearances=sum(file.appearances for file in files),
            refused=sum(file.refused for file in files),
            file_count=len(files),
            files=files[:FILES_SHOWN],
            refusals=self._refusals,
        )
