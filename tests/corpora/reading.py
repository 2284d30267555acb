"""Bytes as a file, read by the reader that its name calls for."""

from contextlib import ExitStack
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reading
from annotations.corpora.readers.sources import Source


def source(name: str, data: bytes, encoding: str | None = None) -> Source:
    return Source(name, len(data), lambda: BytesIO(data), encoding)


def read(name: str, data: bytes, encoding: str | None = None) -> list[Reading]:
    """What the file gives, files inside archives too."""
    with ExitStack() as opened:
        readings: list[Reading] = []
        for file in kinds.unpacked([source(name, data, encoding)], opened):
            readings += [file] if isinstance(file, LineRefusal) else kinds.read(file)
        return readings


def articles(name: str, data: bytes, encoding: str | None = None) -> list[ArticleDraft]:
    """The articles of a file in which nothing is refused."""
    readings = read(name, data, encoding)
    refused = [found for found in readings if isinstance(found, LineRefusal)]
    assert refused == []
    return [found for found in readings if isinstance(found, ArticleDraft)]


def refusals(name: str, data: bytes) -> list[tuple[str, int, int]]:
    """Code, line and byte of everything refused."""
    return [
        (found.reason.code, found.place.line, found.place.byte)
        for found in read(name, data)
        if isinstance(found, LineRefusal)
    ]


def zipped(members: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()
