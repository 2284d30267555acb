"""XML of strangers, told event by event: no tree is built, nothing is fetched, no entity exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from xml.parsers import expat

from annotations.corpora.readers.drafts import UnfitError

_MOST_ELEMENTS = 1_000_000
_LONGEST_TAG = 1_048_576  # bytes: all attributes of one are in memory at once


class Listener(Protocol):
    """Is told what stands in the XML, in order. Names are `prefix:local`, see `follow`."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def words(self, words: str) -> None: ...


@dataclass(slots=True)
class Position:
    """Where in the XML the last element began, or its fault stands: the line from 1, the byte from 0."""

    line: int = 1
    byte: int = 0


def follow(
    data: bytes,
    listener: Listener,
    prefixes: Mapping[str, str],
    position: Position | None = None,
    encoding: str | None = None,
) -> None:
    """Tell `listener` all that `data` holds; `position` moves along.

    `prefixes` are ours, by namespace; in any other a name is `?:local`, in none it is `local`.
    Raises UnfitError: ``xml_doctype``, ``xml_too_large`` (elements), ``xml_tag``, ``xml_broken``;
    and what `listener` raises.
    """
    at = position or Position()
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text = True
    names = _Names(prefixes)

    def start(name: str, attributes: Mapping[str, str]) -> None:
        at.line, at.byte = parser.CurrentLineNumber, parser.CurrentByteIndex
        given = {names.short(key): value for key, value in attributes.items()}
        listener.start(names.counted(name), given)

    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: listener.end(names.short(name))
    parser.CharacterDataHandler = listener.words
    try:
        _feed(parser, data)
    except UnfitError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as fault:
        at.line, at.byte = parser.ErrorLineNumber, parser.ErrorByteIndex
        raise UnfitError("xml_broken") from fault


def _feed(parser: expat.XMLParserType, data: bytes) -> None:
    for begin in range(0, len(data), _LONGEST_TAG):
        fed = data[begin : begin + _LONGEST_TAG]
        parser.Parse(fed, False)
        if begin + len(fed) - max(0, parser.CurrentByteIndex) > _LONGEST_TAG:
            raise UnfitError("xml_tag", limit=_LONGEST_TAG)
    parser.Parse(b"", True)


def _refuse_doctype(*_declared: object) -> None:
    raise UnfitError("xml_doctype")


class _Names:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._count = 0

    def counted(self, name: str) -> str:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise UnfitError("xml_too_large", limit=_MOST_ELEMENTS)
        return self.short(name)

    def short(self, name: str) -> str:
        namespace, _blank, local = name.rpartition(" ")
        return f"{self._prefixes.get(namespace, '?')}:{local}" if namespace else local
