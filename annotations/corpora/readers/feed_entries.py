"""The entries of a feed (RSS 0.9 to 2.0, Atom), out of the events of its XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from annotations.corpora.readers.drafts import UnfitError
from annotations.corpora.readers.xml_events import Position

PREFIXES = {
    "http://purl.org/rss/1.0/": "rss",
    "http://my.netscape.com/rdf/simple/0.9/": "rss",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xhtml": "h",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
_ROOTS = frozenset(("rss", "rdf:RDF", "atom:feed"))
_ENTRIES = frozenset(("item", "rss:item", "atom:entry"))
_WANTED = frozenset(
    (
        *("title", "rss:title", "atom:title", "dc:title"),
        *("author", "dc:creator", "atom:author/atom:name"),
        *("pubDate", "atom:published", "atom:issued", "dc:date", "atom:updated", "atom:modified"),
        *("link", "rss:link", "guid", "atom:id", "dc:language", "source", "atom:source/atom:title"),
        *("content:encoded", "atom:content", "description", "rss:description", "atom:summary"),
    )
)
_DEEPEST = 2
_OF_FEED = {
    **dict.fromkeys(("channel/title", "rss:channel/rss:title", "atom:title"), "title"),
    **dict.fromkeys(("channel/language", "channel/dc:language", "dc:language"), "language"),
    "rss:channel/dc:language": "language",
}


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in an element: its words, or markup where it is (`kind` ``xhtml``)."""

    words: str
    kind: str = ""


@dataclass(slots=True)
class Entry:
    """One entry: where it begins, and its values by the names of their elements."""

    line: int
    byte: int
    link: str = ""
    language: str = ""
    values: dict[str, list[Value]] = field(default_factory=dict)

    def all(self, *names: str) -> list[Value]:
        """Return what is given under these names, those under the first before the rest."""
        return [value for name in names for value in self.values.get(name, ())]


class Feed:
    """What a feed holds. Raises UnfitError (``feed_other``) where the XML is none."""

    def __init__(self, position: Position) -> None:
        self.entries: list[Entry] = []
        self.fields: dict[str, str] = {}
        self._position = position
        self._entry: Entry | None = None
        self._path: list[str] = []  # below the root, or below the entry
        self._above: list[str] = []  # that of the feed, while in an entry
        self._rooted = False
        self._kind: str | None = None  # while a value is read
        self._inside = 0  # how many elements deep in it
        self._parts: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._rooted:
            self._root(name, attributes)
        elif self._kind is not None:
            self._nested(name, attributes)
        elif self._entry is None and name in _ENTRIES:
            self._begin(attributes)
        else:
            self._path.append(name)
            self._child(name, attributes)

    def end(self, name: str) -> None:
        if self._inside:
            self._inside -= 1
            self._parts.append(f"</{_local(name)}>" * (self._kind == "xhtml"))
        elif self._path:
            self._keep()
            self._path.pop()
        elif self._entry is not None:
            self.entries.append(self._entry)
            self._entry, self._path = None, self._above

    def words(self, words: str) -> None:
        if self._kind is not None:
            self._parts.append(escape(words, quote=False) if self._kind == "xhtml" else words)

    def _root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name not in _ROOTS:
            raise UnfitError("feed_other", name=name.rpartition(":")[2][:40])
        self._rooted = True
        if "xml:lang" in attributes:
            self.fields["language"] = attributes["xml:lang"]

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self._entry = Entry(
            self._position.line,
            self._position.byte,
            attributes.get("rdf:about", ""),
            attributes.get("xml:lang", ""),
        )
        self._above, self._path = self._path, []

    def _child(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) > _DEEPEST:
            return
        path = "/".join(self._path)
        if self._entry is not None and name == "atom:link" and len(self._path) == 1:
            if attributes.get("rel", "alternate") == "alternate" and not self._entry.link:
                self._entry.link = attributes.get("href", "")
        elif path in (_WANTED if self._entry else _OF_FEED):
            self._kind = _kind(attributes)
            self._parts = []

    def _nested(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element within a value is markup."""
        if not self._inside and self._kind != "xhtml":
            self._parts = [escape(part, quote=False) for part in self._parts]
            self._kind = "xhtml"
        self._inside += 1
        given = "".join(f' {_local(key)}="{escape(value)}"' for key, value in attributes.items())
        self._parts.append(f"<{_local(name)}{given}>")

    def _keep(self) -> None:
        if self._kind is None:
            return
        path, value = "/".join(self._path), Value("".join(self._parts), self._kind)
        if self._entry is not None:
            self._entry.values.setdefault(path, []).append(value)
        else:
            self.fields.setdefault(_OF_FEED[path], value.words)
        self._kind = None


def _kind(attributes: Mapping[str, str]) -> str:
    kind = attributes.get("type", "").lower()
    return "" if kind == "xhtml" else kind


def _local(name: str) -> str:
    return name.rpartition(":")[2]
