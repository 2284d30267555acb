"""A feed (RSS, Atom): each entry an article, its text what the feed itself holds of it.

Nothing is fetched: where a feed gives only the first lines of an article, these are its text.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import unescape

from annotations.corpora.readers.blocks import UNFIT, Tags, text_of
from annotations.corpora.readers.charsets import declared
from annotations.corpora.readers.decoding import Encoding, decode
from annotations.corpora.readers.drafts import LineRefusal, Place, Reading, Reason, UnfitError
from annotations.corpora.readers.feed_entries import PREFIXES, Entry, Feed, Value
from annotations.corpora.readers.gleaned import flat, gleaned
from annotations.corpora.readers.hypertext import parse_html
from annotations.corpora.readers.sources import Source, whole
from annotations.corpora.readers.xml_events import Position, follow
from annotations.limits import LIMITS

_TEXTS = ("content:encoded", "atom:content", "description", "rss:description", "atom:summary")
_TITLES = ("title", "rss:title", "atom:title", "dc:title")
_AUTHORS = ("dc:creator", "atom:author/atom:name", "author")
_MOMENTS = (
    *("pubDate", "atom:published", "atom:issued", "dc:date", "atom:updated", "atom:modified"),
)
_OUTLETS = ("source", "atom:source/atom:title")
_WORDS = frozenset(("", "text", "html", "xhtml", "text/plain", "text/html"))  # kinds of values
_PLAIN = frozenset(("text", "text/plain"))

_TAG = re.compile(r"<[A-Za-z/!]")
_ADDRESS = re.compile(r"https?://\S+")
_MAIL_AND_NAME = re.compile(r"[^\s@]+@\S+ \((.+)\)")
_LONGEST_MOMENT = 100  # code points
_MOST_TAGS = 100_000  # of a text
_ZONES = {"WIB": "+0700", "WITA": "+0800", "WIT": "+0900"}
_HTML = Tags(
    paragraphs=frozenset(
        (
            *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "hr"),
            *("blockquote", "pre", "figure", "section", "article", "aside", "header", "footer"),
            *("address", "details", "main", "body"),
        )
    ),
    lines=frozenset(("li", "dt", "dd", "tr", "caption", "figcaption", "summary")),
    cells=frozenset(("td", "th")),
    breaks=frozenset(("br",)),
    kept=frozenset(("pre",)),
    dropped=frozenset(
        (
            *("script", "style", "head", "title", "template", "noscript", "iframe", "object"),
            *("svg", "audio", "video", "canvas", "select", "button", "textarea", "form"),
        )
    ),
)


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every entry, or its refusal; what stands before damage is read."""
    try:
        decoded = decode(*_bytes(source))
    except UnfitError as unfit:
        yield source.refused(unfit.reason)
        return
    data, position = UNFIT.sub("", decoded.text).encode(), Position()
    feed, fault = Feed(position), None
    try:
        follow(data, feed, PREFIXES, position, "utf-8")
    except UnfitError as unfit:
        fault = unfit
    places = _Places(source, data, decoded.encoding)
    for entry in feed.entries:
        yield _article(feed, entry, places.at(entry.line, entry.byte), str(decoded.encoding))
    if fault:
        at = places.at(position.line, position.byte)
        yield LineRefusal(at, fault.reason, str(decoded.encoding))
    elif not feed.entries:
        yield source.refused(Reason("feed_empty")).read_as(str(decoded.encoding))


def _bytes(source: Source) -> tuple[bytes, str | None]:
    data = whole(source, LIMITS.line_bytes * 2)
    return data, source.encoding or declared(data)


class _Places:
    """Where things stand in the file, asked in their order; `data` is its text in UTF-8."""

    def __init__(self, source: Source, data: bytes, encoding: Encoding) -> None:
        self._source = source
        self._data = data
        self._codec = encoding.codec
        self._done, self._byte = 0, encoding.mark

    def at(self, line: int, index: int) -> Place:
        passed = self._data[self._done : index].decode("utf-8", "ignore")
        self._byte += len(passed.encode(self._codec))
        self._done = index
        return Place(self._source.name, line, self._byte)


def _article(feed: Feed, entry: Entry, place: Place, encoding: str) -> Reading:
    try:
        return gleaned(_text(entry), _fields(feed, entry), place, encoding)
    except UnfitError as unfit:
        return LineRefusal(place, unfit.reason, encoding)


def _text(entry: Entry) -> str:
    """Return the first text there is, the whole one before a summary. Raises UnfitError."""
    values = (value for value in entry.all(*_TEXTS) if value.kind in _WORDS)
    text = next(filter(None, map(_words, values)), "")
    if not text:
        raise UnfitError("feed_no_text")
    return text


def _words(value: Value) -> str:
    """Return the words of a value; what holds no tag is no markup, and keeps its lines."""
    if value.kind in _PLAIN:
        return value.words.strip()
    if not _TAG.search(value.words):
        return unescape(value.words).strip()
    if value.words.count("<") > _MOST_TAGS:
        raise UnfitError("html_too_large", limit=_MOST_TAGS)
    try:
        root = parse_html(f"<body>{value.words}")
    except UnfitError as unfit:
        if unfit.reason.code == "text_empty":
            return ""
        raise
    return text_of(root, _HTML)


def _fields(feed: Feed, entry: Entry) -> dict[str, str | None]:
    ids = _bare(entry, "guid", "atom:id")
    links = (*_bare(entry, "link", "rss:link"), entry.link, *ids)
    languages = (*_bare(entry, "dc:language"), entry.language, feed.fields.get("language", ""))
    return {
        "title": _first(_lines(entry, *_TITLES)),
        "author": ", ".join(_authors(entry)),
        "source": _first((*_lines(entry, *_OUTLETS), unescape(feed.fields.get("title", "")))),
        "url": _first(link for link in links if _ADDRESS.fullmatch(link)),
        "external_id": _first(ids),
        "language": _first(languages),
        "published": _first(map(_moment, _bare(entry, *_MOMENTS))),
    }


def _lines(entry: Entry, *names: str) -> list[str]:
    return [flat(_words(value)) for value in entry.all(*names)]


def _bare(entry: Entry, *names: str) -> list[str]:
    """Return values that are no HTML: in an address an ampersand is one."""
    return [flat(value.words) for value in entry.all(*names)]


def _first(values: Iterable[str]) -> str:
    return next((flat(value) for value in values if value), "")


def _authors(entry: Entry) -> Iterable[str]:
    """Return the authors, each once; RSS 2.0 writes an address, and the name in brackets."""
    names = _lines(entry, *_AUTHORS)
    found = [(_MAIL_AND_NAME.fullmatch(name), name) for name in names]
    return dict.fromkeys(match[1] if match else name for match, name in found if name)


def _moment(written: str) -> str:
    """Return the moment as ISO 8601 where it is written as in e-mail; otherwise as it is."""
    if len(written) > _LONGEST_MOMENT:
        return written
    before, _blank, zone = written.rpartition(" ")
    zone = _ZONES.get(zone, zone)
    try:
        moment = parsedate_to_datetime(f"{before} {zone}")
    except (ValueError, TypeError, IndexError, OverflowError):
        return written
    if moment.tzinfo is None and zone != "-0000":  # a zone nobody knows
        return written
    return moment.replace(tzinfo=moment.tzinfo or UTC).isoformat()
