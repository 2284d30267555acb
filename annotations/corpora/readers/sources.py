"""A file to read: its name, its size and how to open it, wherever it lies."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from annotations.corpora.readers.columns import Wish
from annotations.corpora.readers.dates import Order
from annotations.corpora.readers.drafts import LineRefusal, Place, Reason, UnfitError, shown

MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Source:
    """`open` gives a fresh binary stream each time; `size` is in bytes.

    `encoding` is what the user said it is, or None: then it is detected. `wishes` say what becomes
    of columns, and `order` how numeric dates are read where nothing tells. Its reader puts into
    `notes` what it has to say beside its articles, MOST_NOTES at most. `given` is the name it came
    with, where it is called otherwise here. `crc` is the checksum that an archive has of it.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    encoding: str | None = None
    wishes: tuple[Wish, ...] = ()
    order: Order = Order.DAY
    notes: list[Reason] = field(default_factory=list, compare=False)
    given: str = ""
    crc: int | None = None

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        return PurePosixPath(self.given or self.name).stem

    def refused(self, reason: Reason, *, line: int = 0, byte: int = 0) -> LineRefusal:
        """Return the refusal of a line, or with line 0 of the whole file."""
        return LineRefusal(Place(self.name, line, byte), reason)

    def note(self, reason: Reason) -> None:
        if len(self.notes) < MOST_NOTES and reason not in self.notes:
            self.notes.append(reason)


def told_apart(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield the files, each under a name of its own: of two ``a.csv`` the second is ``a (2).csv``."""
    files = list(sources)
    taken = {source.name for source in files}
    times: Counter[str] = Counter()
    for source in files:
        times[source.name] += 1
        if times[source.name] == 1:
            yield source
            continue
        while (name := _numbered(source.name, times[source.name])) in taken:
            times[source.name] += 1
        taken.add(name)
        yield replace(source, name=name, given=source.name)


def _numbered(name: str, number: int) -> str:
    ending = PurePosixPath(name).suffix
    return f"{name.removesuffix(ending)} ({number}){ending}"


def whole(source: Source, limit: int) -> bytes:
    """Return all bytes of the file. Raises UnfitError (file_too_large) when they are over `limit`."""
    with source.open() as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise UnfitError("file_too_large", limit=limit)
    return data


def source_at(path: Path, *, name: str | None = None, encoding: str | None = None) -> Source:
    """Return the file at `path` as a source. Raises OSError when it is not there."""
    return Source(shown(name or path.name), path.stat().st_size, lambda: path.open("rb"), encoding)
