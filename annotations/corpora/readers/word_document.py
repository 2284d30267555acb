"""Word (.docx): the text of the body, each paragraph a line, cells by tabs, notes at the end.

The text is the one all revisions lead to: what is inserted is read, what is deleted is not. A field
is read as what it shows. The file is an archive, and every bound of archives holds before any part of
it is unpacked.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO

from annotations.corpora.readers import archive
from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reading,
    Reason,
    UnfitError,
)
from annotations.corpora.readers.gleaned import flat, gleaned, in_own_words, made_on
from annotations.corpora.readers.plain import title_of
from annotations.corpora.readers.sources import Source, whole
from annotations.corpora.readers.word_text import PREFIXES, Body, Notes
from annotations.corpora.readers.xml_events import follow
from annotations.limits import LIMITS

_OLD = b"\xd0\xcf\x11\xe0"  # Word 97, and what Word makes of a document with a password
_MAIN = ("document.main+xml", "template.main+xml", "Document.main+xml", "Template.main+xml")
_FIELDS = {
    "?:title": "title",
    "?:creator": "author",
    "?:created": "created",
    "?:language": "language",
}

Parts = Mapping[str, Source | LineRefusal]


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of the document, or its refusal."""
    try:
        with ExitStack() as opened:
            yield _article(source, opened)
    except UnfitError as unfit:
        yield source.refused(unfit.reason)
    except archive.DAMAGED:
        yield source.refused(Reason("word_broken"))


def _article(source: Source, opened: ExitStack) -> ArticleDraft:
    data = whole(source, LIMITS.layer_line_bytes)
    if data.startswith(_OLD):
        raise UnfitError("word_protected")
    parts = _parts(data, opened)
    text, fields = _text(parts), _fields(parts)
    fields["title"] = in_own_words(fields.get("title", "")) or title_of(source.stem)
    note = made_on(fields.pop("created", ""))
    return gleaned(text, fields, Place(source.name, 1, 0), "utf-8", note)


def _parts(data: bytes, opened: ExitStack) -> Parts:
    """Return what the archive holds, by name; what its directory forbids as a refusal.

    Raises UnfitError when the archive is refused as a whole.
    """
    held = Source("", len(data), lambda: BytesIO(data))
    parts: dict[str, Source | LineRefusal] = {}
    for one in archive.members(held, opened):
        if isinstance(one, Source):
            parts[one.name.removeprefix("/")] = one
        elif one.place.file:
            parts[one.place.file.removeprefix("/")] = one
        else:
            raise _unfit(one.reason)
    return parts


def _unfit(reason: Reason) -> UnfitError:
    code = "word_broken" if reason.code == "zip_broken" else reason.code
    return UnfitError(code, 0, **reason.values)


def _part(parts: Parts, name: str) -> bytes:
    """Return a part. Raises UnfitError: it is not there, is refused, or is too large."""
    found = parts.get(name)
    if found is None:
        raise UnfitError("word_none")
    if isinstance(found, LineRefusal):
        raise _unfit(found.reason)
    return whole(found, LIMITS.line_bytes * 2)


def _text(parts: Parts) -> str:
    """Return the text of the body, then of the notes it refers to."""
    main, body = _main(parts), Body()
    follow(_part(parts, main), body, PREFIXES)
    folder = main.rpartition("/")[0]
    kinds = dict.fromkeys(kind for kind, _id in body.notes)
    notes = {kind: _notes(parts, f"{folder}/{kind}.xml") for kind in kinds}
    texts = [notes[kind].get(number, "") for kind, number in dict.fromkeys(body.notes)]
    return "\n".join([str(body), *filter(None, texts)])


def _notes(parts: Parts, name: str) -> Mapping[str, str]:
    notes = Notes()
    if name in parts:
        follow(_part(parts, name), notes, PREFIXES)
    return notes.texts


def _main(parts: Parts) -> str:
    """Return the name of the part that holds the body."""
    types = _Types()
    follow(_part(parts, "[Content_Types].xml"), types, {})
    return types.main.removeprefix("/")


def _fields(parts: Parts) -> dict[str, str]:
    """Return what the document says of itself. Where that cannot be read, nothing."""
    core = _Core()
    try:
        follow(_part(parts, "docProps/core.xml"), core, {})
    except (UnfitError, *archive.DAMAGED):
        return {}
    return {name: flat(words) for name, words in core.fields.items()}


class _Types:
    """The name of the main part, empty where the archive is no document."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if "word" in kind and kind.endswith(_MAIN):
            self.main = attributes.get("PartName", "")

    def end(self, name: str) -> None: ...

    def words(self, words: str) -> None: ...


class _Core:
    """The fields of an article, as they stand there."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._field: str | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._field = _FIELDS.get(name)

    def end(self, name: str) -> None:
        self._field = None

    def words(self, words: str) -> None:
        if self._field:
            self.fields[self._field] = self.fields.get(self._field, "") + words
