"""Which reader a file gets: by the ending of its name, once its first bytes do not belie it."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from annotations.corpora.readers import (
    archive,
    delimited,
    json_file,
    jsonl,
    plain,
    web_archive,
    web_page,
)
from annotations.corpora.readers.drafts import LineRefusal, Reading, Reason
from annotations.corpora.readers.sources import Source, told_apart


def _read_word(source: Source) -> Iterator[Reading]:
    from annotations.corpora.readers import word_document

    return word_document.read(source)


def _read_pdf(source: Source) -> Iterator[Reading]:
    from annotations.corpora.readers import pdf

    return pdf.read(source)


def _read_feed(source: Source) -> Iterator[Reading]:
    from annotations.corpora.readers import feed

    return feed.read(source)


# the three above are imported by whoever reads such a file: all others need not wait for them
_READERS: dict[str, Callable[[Source], Iterator[Reading]]] = {
    ".txt": plain.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".json": json_file.read,
    ".csv": delimited.read,
    ".tsv": delimited.read,
    ".html": web_page.read,
    ".htm": web_page.read,
    ".xhtml": web_page.read,
    ".mhtml": web_archive.read,
    ".mht": web_archive.read,
    ".rss": _read_feed,
    ".atom": _read_feed,
    ".xml": _read_feed,
    ".pdf": _read_pdf,
    ".docx": _read_word,
}
_MARKUP = frozenset((".txt", ".html", ".htm", ".xhtml", ".rss", ".atom", ".xml"))
ENDINGS = (*_READERS, ".zip")
_UNREAD = {
    "sheet_kind": (".xlsx", ".xlsm", ".xls", ".ods", ".numbers"),
    "document_kind": (".doc", ".odt", ".rtf", ".pages"),
}

_MAGIC = (
    (re.compile(rb"\x89PNG"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"PK(\x03\x04|\x05\x06)"), "ZIP"),
    (re.compile(rb"\x1f\x8b"), "gzip"),
    (re.compile(rb"BZh[1-9]"), "bzip2"),
    (re.compile(rb"\xfd7zXZ"), "xz"),
    (re.compile(rb"7z\xbc\xaf"), "7z"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "zstd"),
    (re.compile(rb"\x80[\x02-\x05][\x00-\xff]"), "pickle"),
    (re.compile(rb"\x7fELF"), "ELF"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "Word/Excel 97"),
    (re.compile(rb"SQLite format 3"), "SQLite"),
    (re.compile(rb"PAR1"), "Parquet"),
)
# kinds whose own files begin so; their readers tell the rest
_OWN = {".pdf": ("PDF",), ".docx": ("ZIP", "Word/Excel 97")}
_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)


def unpacked(sources: Iterable[Source], opened: ExitStack) -> list[Source | LineRefusal]:
    """Return every file to read, those inside archives too, no two under one name; `opened` keeps
    the archives open."""
    files: list[Source | LineRefusal] = []
    for source in told_apart(sources):
        if source.suffix == ".zip":
            files += archive.members(source, opened)
        else:
            files.append(source)
    return files


def read(source: Source) -> Iterator[Reading]:
    """Yield each article of the file or its refusal, in order, streaming."""
    reader = _READERS.get(source.suffix)
    if source.suffix == ".qdpx":
        yield source.refused(Reason("annotated_kind"))
        return
    if reader is None:
        yield source.refused(_unread(source.suffix))
        return
    try:
        claim = belied(source)
        if claim:
            yield source.refused(Reason("other_kind", {"kind": claim, "ending": source.suffix}))
        else:
            yield from reader(source)
    except archive.DAMAGED:
        yield source.refused(Reason("zip_damaged"))


def _unread(suffix: str) -> Reason:
    """Why a file of this ending is not read, and what helps."""
    for code, endings in _UNREAD.items():
        if suffix in endings:
            return Reason(code)
    return Reason("unknown_kind", {"kinds": ", ".join(ENDINGS)})


def belied(source: Source) -> str | None:
    """Return what the file really is when its first bytes say that it is no text."""
    with source.open() as stream:
        head = stream.read(64)
    for magic, kind in _MAGIC:
        if magic.match(head):
            return None if kind in _OWN.get(source.suffix, ()) else kind
    return "HTML" if source.suffix not in _MARKUP and _HTML.match(head) else None
