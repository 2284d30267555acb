"""Plain text: one file is one article, its title the name of the file."""

from collections.abc import Iterator

from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reading,
    Reason,
    UnfitError,
)
from annotations.corpora.readers.fields import utf8
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

# no encoding takes more bytes for a code point
_WIDEST = 4


def read(source: Source) -> Iterator[Reading]:
    """Yield the one article, its text exactly the file's content, or its refusal."""
    most = LIMITS.article_code_points * _WIDEST + _WIDEST
    with source.open() as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        yield source.refused(Reason("file_too_long", {"limit": LIMITS.article_code_points}))
    else:
        yield _article(source, data)


def _article(source: Source, data: bytes) -> ArticleDraft | LineRefusal:
    try:
        decoded = decode(data, source.encoding)
    except UnfitError as unfit:
        return _refused(source, unfit, data.count(b"\n", 0, unfit.offset) + 1, unfit.offset)
    try:
        data = utf8(decoded.text)
    except UnfitError as unfit:
        before = decoded.text[: int(unfit.reason.values.get("at", 0))]
        byte = decoded.encoding.mark + len(before.encode(decoded.encoding.codec))
        return _refused(source, unfit, before.count("\n") + 1, byte)
    place = Place(source.name, 1, 0)
    return ArticleDraft(
        place, str(decoded.encoding), decoded.text, data, title=title_of(source.stem)
    )


def title_of(stem: str) -> str:
    """Return a title made of the name of a file, without what no title may hold."""
    return "".join(c for c in stem if c.isprintable())[: LIMITS.field_code_points]


def _refused(source: Source, unfit: UnfitError, line: int, byte: int) -> LineRefusal:
    return source.refused(unfit.reason, line=line, byte=byte)
