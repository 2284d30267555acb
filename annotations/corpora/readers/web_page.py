"""A web page saved as HTML: its main text, by trafilatura, without menus, comments and notices.

Nothing is fetched. The page says its encoding itself, as browsers read it; title, author, outlet, day,
address and language are taken from what it says of itself, and left out where they can be none.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any

import trafilatura
from lxml import etree, html

from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import ArticleDraft, Place, Reading, UnfitError
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_HEAD = 4_096
_SHORTEST = 25  # code points; what is shorter is a menu, not an article
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
# browsers read these names so, as the pages that bear them mean it
_MEANT = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}
_DAY = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
_FIELDS = {
    "title": "title",
    "author": "author",
    "sitename": "source",
    "date": "published",
    "url": "url",
}


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of the page, or its refusal."""
    with source.open() as stream:
        data = stream.read(LIMITS.line_bytes + 1)
    try:
        if len(data) > LIMITS.line_bytes:
            raise UnfitError("page_too_long", limit=LIMITS.line_bytes)
        yield _article(source, data)
    except UnfitError as unfit:
        yield source.refused(unfit.reason)


def _article(source: Source, data: bytes) -> ArticleDraft:
    decoded = decode(data, source.encoding or _declared(data))
    found, language = _found(decoded.text)
    text = _paragraphs(found.text or "", found.title or "")
    if len(text) < _SHORTEST:
        raise UnfitError("page_no_text")
    place, recorded = Place(source.name, 1, 0), str(decoded.encoding)
    record: dict[str, object] = {"text": text}
    said = {field: getattr(found, name) for name, field in _FIELDS.items()}
    for field, value in {**said, "language": language}.items():
        if value and _stands(field, str(value), place):
            record[field] = str(value)
    record.setdefault("title", source.stem[: LIMITS.field_code_points])
    return draft(record, place, recorded)


def _found(text: str) -> tuple[Any, str]:
    """What trafilatura makes of the page, and the language the page says it is in."""
    try:
        # bytes: lxml refuses a text that says what encoding it is in
        tree = html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
        language = (tree.get("lang") or "").strip()
        found = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            favor_precision=True,
            with_metadata=True,
            date_extraction_params=_DAY,
        )
    except (etree.LxmlError, RecursionError, ValueError, AssertionError) as fault:
        raise UnfitError("page_no_text") from fault
    if found is None:
        raise UnfitError("page_no_text")
    return found, language


def _paragraphs(text: str, title: str) -> str:
    """The paragraphs with an empty line between them; the title is a field of its own."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and lines[0] == title.strip():
        lines = lines[1:]
    return "\n\n".join(lines) + "\n" if lines else ""


def _stands(field: str, value: str, place: Place) -> bool:
    """Whether this can be that field of an article."""
    record: Mapping[str, object] = {"text": "-", field: value}
    try:
        draft(record, place, "")
    except UnfitError:
        return False
    return True


def _declared(data: bytes) -> str | None:
    """The encoding the page says it is in, where there is one of that name."""
    named = _CHARSET.search(data[:_HEAD])
    if named is None:
        return None
    try:
        name = named[1].decode("ascii").lower()
        return _MEANT.get(codecs.lookup(name).name, name)
    except LookupError:
        return None
