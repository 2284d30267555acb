"""A layer as the structures of a UIMA CAS, whichever way these are written.

A span is an annotation of its label's type; each further fragment is one of the same type, joined to
the first by a `kutip.Part`. A relation has its ends as `Governor` and `Dependent`, and the place of
the second, as INCEpTION has it. The article's fields stand in one `kutip.Article`, its title also
where DKPro looks for it. There are no tokens and sentences: INCEpTION makes its own where a file has
none. Offsets count UTF-16 units.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import msgspec

from annotations.exchange.formats.uima_cas import ENTITY, ENTITY_NAME
from annotations.exchange.records import (
    Attributes,
    EntityRecord,
    LayerRecord,
    Line,
    Pair,
    SpanRecord,
)
from annotations.exchange.writers.cas_types import STRING, Type, Types
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import safe_name
from annotations.exchange.writers.shape import between_spans, described, entities_of, who
from annotations.exchange.writers.utf16 import Units

HOLDS = frozenset(
    (
        *(Part.TEXT, Part.FIELDS, Part.SPLIT, Part.EMPTY, Part.FRAGMENTS, Part.ATTRIBUTES),
        Part.ENTITY,
        *(Part.RELATIONS, Part.RELATION_ATTRIBUTES),
    )
)
SOFA = 1
"""The id of the text; those of other structures follow."""

Ends = tuple[int, int]
_NOTHING: Mapping[str, str] = {}


class Structure(msgspec.Struct, gc=False):
    """`place` is None for what stands nowhere in the text; `ends` are the ids that a relation
    joins."""

    id: int
    type: Type
    place: Pair | None
    values: Mapping[str, str]
    ends: Ends | None = None


class Document(NamedTuple):
    """One layer: the name of its file without ending, and what it is made of; the ids of the
    structures are numbers in a row."""

    name: str
    text: str
    structures: Sequence[Structure]

    def ids(self) -> range:
        return range(SOFA + 1, SOFA + 1 + len(self.structures))


def documents(
    lines: Iterable[Line], types: Types, report: LossReport
) -> Iterator[tuple[Line, Document]]:
    """Each layer with its line."""
    for line in lines:
        units, entities = Units(line.article.text), entities_of(line)
        for layer in line.layers:
            name = f"{safe_name(who(layer))}/{line.article.id}"
            made = _Layer(line, layer, types, units, entities, report).structures()
            yield line, Document(name, line.article.text, made)


@dataclass(slots=True)
class _Layer:
    line: Line
    layer: LayerRecord
    types: Types
    units: Units
    entities: Mapping[str, EntityRecord]
    report: LossReport
    out: list[Structure] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)

    def structures(self) -> list[Structure]:
        self._article()
        spans = self.layer.spans
        # in units all at once: half the time
        fragments = chain.from_iterable([span.fragments for span in spans])
        places = iter(self.units.places([*fragments]))
        for span in spans:
            kind = self.types.label(span.label)
            first = self._add(kind, next(places), self._said(kind, span))
            self.first[span.id] = first
            for _ in span.fragments[1:]:
                other = self._add(kind, next(places), _NOTHING)
                self._join(self.types.part, first, other, _NOTHING)
        for relation, source, target in between_spans(self.layer):
            kind = self.types.relation(relation.type)
            values = self._values(kind, relation.type, relation.attributes, relation.id)
            self._join(kind, self.first[source], self.first[target], values)
        return self.out

    def _article(self) -> None:
        article = self.line.article
        whole = (0, self.units.at(len(article.text)))
        about = {"documentId": article.id, "documentTitle": article.title or article.id}
        if article.language:
            about["language"] = article.language
        self._add(self.types.document, whole, about)
        known = {name: str(value) for name, value in described(self.line).items()}
        self.types.article.features.update(dict.fromkeys(known, STRING))
        self._add(self.types.article, None, known)

    def _said(self, kind: Type, span: SpanRecord) -> Mapping[str, str]:
        values = _NOTHING
        if span.attributes or kind.local != span.label:  # most have nothing: a tenth of the time
            values = self._values(kind, span.label, span.attributes, span.id)
        if span.entity is not None:
            name = self.entities[span.entity].name
            values = {**values, ENTITY: span.entity, ENTITY_NAME: name}
        return values

    def _values(self, kind: Type, key: str, given: Attributes, id: str) -> dict[str, str]:
        """The attributes under the names of the features; the report knows what is renamed."""
        renamed = kind.local != key
        values: dict[str, str] = {}
        for name, value in given.items():
            feature = kind.feature(name)
            renamed = renamed or feature != name
            values[feature] = value if isinstance(value, str) else str(value).lower()
        if renamed:
            self.report.lose(Part.NAMES, self.line, self.layer, id)
        return values

    def _join(self, kind: Type, source: int, target: int, values: Mapping[str, str]) -> None:
        place = self.out[target - SOFA - 1].place
        self._add(kind, place, values, (source, target))

    def _add(
        self, kind: Type, place: Pair | None, values: Mapping[str, str], ends: Ends | None = None
    ) -> int:
        id = SOFA + 1 + len(self.out)
        self.out.append(Structure(id, kind, place, values, ends))
        return id
