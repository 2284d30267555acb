"""XML of UIMA, parsed safely, and what a type system says of the features of its types."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from annotations.corpora.readers.decoding import NAMED, decode
from annotations.corpora.readers.drafts import UnfitError
from annotations.corpora.readers.sources import Source, whole
from annotations.exchange.formats.uima_cas import LISTS, MOST_STRUCTURES, PRIMITIVE
from annotations.limits import LIMITS

TYPES = "typesystem.xml"
_MOST_DEPTH = 8
"""Levels of elements: those of a type system are seven."""
_DECLARED = re.compile(rb"<\?xml[^>]{1,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = frozenset(codecs.lookup(name).name for name in NAMED)
_LF = re.compile(rb"\n")


class Xml:
    """The XML of a file, in UTF-8. Raises UnfitError for what is too long, no text, or declares a
    DOCTYPE: nothing is ever expanded or fetched."""

    def __init__(self, source: Source) -> None:
        data = whole(source, LIMITS.layer_line_bytes)
        decoded = decode(data, source.encoding or _declared(data))
        self.encoding = str(decoded.encoding)
        if "<!DOCTYPE" in decoded.text:
            before = decoded.text[: decoded.text.index("<!DOCTYPE")]
            raise XmlError("uima_doctype", before.count("\n") + 1, len(before.encode()))
        self._data = decoded.text.encode()
        self._starts = [0, *(found.end() for found in _LF.finditer(self._data))]

    def byte(self, line: int) -> int:
        """Where a line begins."""
        return self._starts[min(max(line, 1), len(self._starts)) - 1]

    def elements(self, depth: int) -> Iterator[etree._Element]:
        """Yield the elements of this depth (the root's is 0), each whole, and forgotten afterwards.

        Raises UnfitError where the XML ends to be well-formed, is too deep or holds too many."""
        events = etree.iterparse(
            BytesIO(self._data),
            events=("start", "end"),
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            yield from self._at(events, depth)
        except etree.XMLSyntaxError as fault:
            line = next((entry.line for entry in events.error_log), fault.lineno or 1)
            raise XmlError("uima_xml", line, self.byte(line)) from fault

    def _at(
        self, events: Iterator[tuple[str, etree._Element]], depth: int
    ) -> Iterator[etree._Element]:
        level = count = 0
        for event, element in events:
            level += 1 if event == "start" else -1
            if level > _MOST_DEPTH:
                line = element.sourceline or 1
                raise XmlError("uima_deep", line, self.byte(line))
            if event == "end" and level == depth:
                count += 1
                if count > MOST_STRUCTURES:
                    raise UnfitError("uima_large", limit=MOST_STRUCTURES)
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


class XmlError(UnfitError):
    """As UnfitError, at a line; `offset` is the byte."""

    def __init__(self, code: str, line: int, byte: int) -> None:
        super().__init__(code, byte)
        self.line = line


def _declared(data: bytes) -> str | None:
    """The encoding that the XML says it is in, if it is one that we know."""
    found = _DECLARED.match(data)
    try:
        name = codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return None
    return name if name in _KNOWN else None


# --- types ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Types:
    """Which features the types of a type system have, and of what types these are."""

    above: dict[str, str] = field(default_factory=dict)
    ranges: dict[tuple[str, str], str] = field(default_factory=dict)

    def leads(self, type: str, feature: str) -> bool | None:
        """Whether the feature leads to structures, rather than has a value; None where nothing is
        known of it."""
        for one in self._up(type):
            if given := self.ranges.get((one, feature)):
                return not any(up in PRIMITIVE or up in LISTS for up in self._up(given))
        return None

    def _up(self, type: str) -> Iterator[str]:
        """A type and those above it."""
        for _step in range(100):
            if not type:
                return
            yield type
            type = self.above.get(type, "")


def types_of(source: Source) -> Types:
    """What a TypeSystem.xml says. Raises UnfitError."""
    types = Types()
    for element in Xml(source).elements(2):
        if etree.QName(element).localname != "typeDescription":
            continue
        name = _text(element, "name")
        types.above[name] = _text(element, "supertypeName")
        for one in element.iterfind("{*}features/{*}featureDescription"):
            types.ranges[name, _text(one, "name")] = _text(one, "rangeTypeName")
    return types


def nearest(known: Mapping[str, Types], name: str) -> Types:
    """The type system in the folder of a file, else in the next one above it."""
    for folder in PurePosixPath(name).parents:
        if found := known.get(str(folder)):
            return found
    return Types()


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip()
