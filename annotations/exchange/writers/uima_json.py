"""UIMA JSON CAS 0.4: a ZIP with a folder for each annotator, in it a file for each article, named by
its id. Each says itself what it may hold."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from annotations.exchange.formats.uima_json import STRUCTURES
from annotations.exchange.records import Line
from annotations.exchange.writers.cas import HOLDS, SOFA, Document, Structure, documents
from annotations.exchange.writers.cas_types import FROM, TO, Type, Types
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.packages import Member, zipped
from annotations.exchange.writers.shape import Writer
from annotations.schema.spec import Spec

VIEW = "_InitialView"
_FROM, _TO = f"@{FROM}", f"@{TO}"

_encoder = msgspec.json.Encoder()


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A file for each layer."""
    return zipped(_members(lines, Types(spec), report))


def _members(lines: Iterable[Line], types: Types, report: LossReport) -> Iterator[Member]:
    descriptions = _Descriptions(types)
    for _, document in documents(lines, types, report):
        file = _file(document, descriptions.encoded())
        yield f"{document.name}.json", _encoder.encode(file)


class _Descriptions:
    """What all types may hold, encoded once: lines hardly ever add to them."""

    def __init__(self, types: Iterable[Type]) -> None:
        self._types = types
        self._counts: list[int] = []
        self._encoded = msgspec.Raw()

    def encoded(self) -> msgspec.Raw:
        counts = [len(one.features) for one in self._types]
        if counts != self._counts:
            described = {one.name: _description(one) for one in self._types}
            self._counts, self._encoded = counts, msgspec.Raw(_encoder.encode(described))
        return self._encoded


def _file(document: Document, types: msgspec.Raw) -> Mapping[str, Any]:
    sofa = {"%ID": SOFA, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": VIEW}
    text = {"mimeType": "text/plain", "sofaString": document.text}
    return {
        "%TYPES": types,
        STRUCTURES: [sofa | text, *map(_structure, document.structures)],
        "%VIEWS": {VIEW: {"%SOFA": SOFA, "%MEMBERS": list(document.ids())}},
    }


class _Bare(msgspec.Struct, rename={"id": "%ID", "type": "%TYPE", "sofa": "@sofa"}, gc=False):
    """A structure that says nothing but where it is."""

    id: int
    type: str
    sofa: int
    begin: int
    end: int


def _structure(one: Structure) -> Mapping[str, Any] | _Bare:
    made: dict[str, Any] = {"%ID": one.id, "%TYPE": one.type.name}
    if one.place:
        start, end = one.place
        if not one.ends and not one.values:  # as most
            return _Bare(one.id, one.type.name, SOFA, start, end)
        made |= {"@sofa": SOFA, "begin": start, "end": end}
    if one.ends:
        made[_FROM], made[_TO] = one.ends
    if one.values:
        made.update(one.values)
    return made


def _description(one: Type) -> Mapping[str, Any]:
    features = {name: {"%NAME": name, "%RANGE": range} for name, range in one.features.items()}
    return {"%NAME": one.name, "%SUPER_TYPE": one.above, **features}


WRITER = Writer(
    key="uima-json",
    name="UIMA JSON CAS",
    extension="zip",
    media_type="application/zip",
    holds=HOLDS,
    write=write,
)
