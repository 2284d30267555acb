"""Stances as statements: one holder, one target, for or against. What networks and DNA are made of.

The words of the schema are those of *atribusi*: a STANCE span with relations HOLDER and TOWARD; PART_OF
from the holder says for whom it speaks, EVIDENCED_BY what it was taken from. A schema without them has
no statements.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from annotations.exchange.records import EntityRecord, LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import entities_of

LABEL = "STANCE"
HOLDER, TOWARD, PART_OF, EVIDENCED_BY = "HOLDER", "TOWARD", "PART_OF", "EVIDENCED_BY"
SIGNS: Mapping[str, int] = {"favor": 1, "against": -1}
NEUTRAL = "neutral"
POLARITIES = ("favor", "against", NEUTRAL, "mixed")
STRONGEST = 3
NAME_CODE_POINTS = 190
"""So long a name is: of what nobody linked, the words are the name, and may be a whole quotation."""


class Told(NamedTuple):
    """Which attributes of stances, and which relations, a format has in some way."""

    attributes: frozenset[str]
    relations: frozenset[str]


ALL_TOLD = Told(
    frozenset(("polarity", "intensity", "conditional")),
    frozenset((HOLDER, TOWARD, PART_OF, EVIDENCED_BY)),
)

_PERSONS = ("person", "unnamed", "")
_DOUBTED = frozenset(("denied", "possible", "questioned", "not_said"))


class Named(NamedTuple):
    """An entity, or the words of a span that none is linked to (`key` and `type` are "")."""

    key: str
    name: str
    type: str

    @property
    def is_person(self) -> bool:
        """Whom no entity is linked to counts as one."""
        return self.type in _PERSONS


class Stance(NamedTuple):
    """`polarity` is "" where none is set. `hedged`: conditional, or all that shows it is denied,
    doubted or conditional itself."""

    span: SpanRecord
    holder: Named
    organisation: Named | None
    target: Named
    polarity: str
    intensity: int | None
    hedged: bool
    quotes: Sequence[SpanRecord]

    @property
    def person(self) -> Named | None:
        return self.holder if self.holder.is_person else None

    @property
    def keys(self) -> set[str]:
        """The entities that it names."""
        return {one.key for one in (self.holder, self.organisation, self.target) if one}

    @property
    def sign(self) -> int | None:
        """1 for, -1 against; None: neither, both, or unknown."""
        return SIGNS.get(self.polarity)

    @property
    def strength(self) -> int | None:
        """From -3 to 3, 0 is neutral. An intensity nobody set counts as the weakest."""
        if self.polarity == NEUTRAL:
            return 0
        return None if self.sign is None else self.sign * (self.intensity or 1)


def stances_of(
    line: Line, layer: LayerRecord, report: LossReport, told: Told = ALL_TOLD
) -> Iterator[Stance]:
    """Every stance of the layer, once for each holder and target, in the order of the spans. In the
    report are spans that are none, stances without both ends, and the attributes and relations that
    are not `told`."""
    _count_the_rest(line, layer, report, told)
    links = _Links(line, layer)
    for span in layer.spans:
        if span.label == LABEL:
            found = links.stances(span)
            if not found:
                report.lose(Part.ENDLESS, line, layer, span.id)
            yield from found


def moment(line: Line) -> int | None:
    """When the article was published, in Unix seconds."""
    published = line.article.published
    return int(datetime.fromisoformat(published).timestamp()) if published else None


def said(spans: Sequence[SpanRecord]) -> str:
    """The words of the spans; white space of any kind is one space."""
    return " | ".join(" ".join(" ".join(span.text).split()) for span in spans)


def count_aliases(line: Line, used: Container[str], report: LossReport) -> None:
    """The other names of entities that are the end of no stance are in the report."""
    for entity in line.entities:
        if entity.id not in used and entity.aliases:
            report.lose(Part.ALIASES, line, id=entity.id, count=len(entity.aliases))


def _count_the_rest(line: Line, layer: LayerRecord, report: LossReport, told: Told) -> None:
    others = [span.id for span in layer.spans if span.label != LABEL]
    report.lose_each(Part.OTHER_LABELS, line, layer, others)
    for span in layer.spans:
        if span.label == LABEL and (more := len(span.attributes.keys() - told.attributes)):
            report.lose(Part.ATTRIBUTES, line, layer, span.id, more)
    relations = [
        relation.id
        for relation in layer.relations
        if relation.type not in told.relations and not relation.source.article
    ]
    report.lose_each(Part.RELATIONS, line, layer, relations)


class _Links:
    """What the relations of a layer lead to, by type and the span they start from."""

    def __init__(self, line: Line, layer: LayerRecord) -> None:
        self._entities = entities_of(line)
        self._spans = {span.id: span for span in layer.spans}
        self._ends: dict[tuple[str, str], list[tuple[SpanRecord | None, EntityRecord | None]]] = {}
        for relation in layer.relations:
            if relation.type in ALL_TOLD.relations and relation.source.span is not None:
                span = self._spans.get(relation.target.span or "")
                entity = self._entities.get(relation.target.entity or "")
                ends = self._ends.setdefault((relation.type, relation.source.span), [])
                ends.append((span, entity))

    def stances(self, span: SpanRecord) -> list[Stance]:
        holders = self._ends.get((HOLDER, span.id), ())
        targets = self._ends.get((TOWARD, span.id), ())
        if not holders or not targets:
            return []
        given = span.attributes
        quotes = [one for one, _ in self._ends.get((EVIDENCED_BY, span.id), ()) if one]
        doubted = bool(quotes) and all(map(_is_hedged, quotes))
        intensity = given.get("intensity")
        return [
            Stance(
                span,
                self._named(*holder),
                self._organisation(*holder),
                self._named(*target),
                str(given.get("polarity", "")),
                int(intensity) if intensity in ("1", "2", "3") else None,
                doubted or bool(given.get("conditional")),
                quotes,
            )
            for holder in holders
            for target in targets
        ]

    def _organisation(self, span: SpanRecord | None, entity: EntityRecord | None) -> Named | None:
        """Whom the holder is part of, as the article has it; or the holder, if it is no person."""
        holder = self._named(span, entity)
        if not holder.is_person:
            return holder
        wholes = self._ends.get((PART_OF, span.id), ()) if span else ()
        return self._named(*wholes[0]) if wholes else None

    def _named(self, span: SpanRecord | None, entity: EntityRecord | None) -> Named:
        if span is not None and span.entity is not None:
            entity = self._entities[span.entity]
        if entity is not None:
            return Named(entity.id, entity.name, entity.type)
        return Named("", said([span] if span else []), "")


def _is_hedged(quote: SpanRecord) -> bool:
    given = quote.attributes
    return given.get("factuality") in _DOUBTED or given.get("condition") == "if"
