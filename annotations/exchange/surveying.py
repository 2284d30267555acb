"""What files of annotations hold, counted before anything is loaded. Pure.

A survey answers what a person must know to say what becomes of each label, attribute, relation and
annotator of another tool: how often each is there, an example, which values it takes.
"""

from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import TypeVar

import msgspec

from annotations.corpora.readers.drafts import LineRefusal
from annotations.exchange.formats.annotated import (
    Annotated,
    Found,
    Loss,
    TaggedLayer,
    TaggedRelation,
    TaggedSpan,
    Value,
)

MOST_NAMES = 200
"""Labels, attributes of one, types of relations: a file that has more means something else."""
MOST_PEOPLE = 1_000
MOST_VALUES = 50
"""Different values of an attribute; one that has more is text, not a choice."""
MOST_ENDS = 200
ROWS = 20
LOSSES = 50
EXAMPLE = 80

T = TypeVar("T")


class TooManyNames(ValueError):
    """The files hold more labels, attributes or annotators than a schema can have; `what` says of
    which, `limit` how many are read."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"more than {limit} {what}")
        self.what, self.limit = what, limit


class AttributeFound(msgspec.Struct):
    """`values` counts at most MOST_VALUES different ones, `more` tells that there were others;
    `truths` is how often the value was true or false rather than text."""

    count: int = 0
    truths: int = 0
    more: bool = False
    values: dict[str, int] = {}


class LabelFound(msgspec.Struct):
    count: int = 0
    example: str = ""
    references: int = 0
    attributes: dict[str, AttributeFound] = {}


class EndsFound(msgspec.Struct):
    """How often a relation goes from one label to another."""

    source: str
    target: str
    count: int


class RelationFound(msgspec.Struct):
    count: int = 0
    ends: list[EndsFound] = []
    attributes: dict[str, AttributeFound] = {}


class PersonFound(msgspec.Struct):
    layers: int = 0
    spans: int = 0


class Row(msgspec.Struct):
    """One of the first articles."""

    file: str
    title: str
    length: int
    annotators: list[str]
    spans: int


class LossFound(msgspec.Struct):
    """One of the first things that cannot be held as they are; `line` 0 means the whole file."""

    file: str
    line: int
    byte: int
    code: str
    values: dict[str, str | int]
    kept: bool


class Survey(msgspec.Struct):
    """`articles` counts different texts, `texts` each as often as it comes: once for each annotator,
    in some formats. `lost` counts by code what was left out, `changed` what is kept in another form."""

    articles: int = 0
    texts: int = 0
    refused: int = 0
    layers: int = 0
    spans: int = 0
    relations: int = 0
    notes: int = 0
    people: dict[str, PersonFound] = {}
    labels: dict[str, LabelFound] = {}
    types: dict[str, RelationFound] = {}
    rows: list[Row] = []
    losses: list[LossFound] = []
    lost: dict[str, int] = {}
    changed: dict[str, int] = {}


def survey(found: Iterable[Found]) -> Survey:
    """Count all of it. Raises TooManyNames; memory grows with what is different, not with what is
    there."""
    counting = _Counting()
    for one in found:
        counting.take(one)
    return counting.survey


class _Counting:
    def __init__(self) -> None:
        self.survey = Survey()
        self._seen: set[bytes] = set()

    def take(self, one: Found) -> None:
        if isinstance(one, LineRefusal):
            self.survey.refused += 1
            self._lose(_loss(Loss(one.place, one.reason)))
            return
        self.survey.texts += 1
        self._seen.add(sha256(one.draft.text.encode()).digest())
        self.survey.articles = len(self._seen)
        for layer in one.layers:
            self._layer(one, layer)
        for loss in one.losses:
            self._lose(_loss(loss))
        if len(self.survey.rows) < ROWS:
            self.survey.rows.append(_row(one))

    def _layer(self, one: Annotated, layer: TaggedLayer) -> None:
        survey = self.survey
        person = _entry(survey.people, layer.annotator, PersonFound, "annotators", MOST_PEOPLE)
        person.layers += 1
        person.spans += len(layer.spans)
        survey.layers += 1
        survey.spans += len(layer.spans)
        survey.relations += len(layer.relations)
        survey.notes += len(layer.notes) + sum(len(s.notes) for s in layer.spans.values())
        for span in layer.spans.values():
            self._span(span, one.draft.text)
        for relation in layer.relations.values():
            self._relation(relation, layer)

    def _span(self, span: TaggedSpan, text: str) -> None:
        label = _entry(self.survey.labels, span.label, LabelFound, "labels", MOST_NAMES)
        label.count += 1
        label.references += span.reference is not None
        label.example = label.example or _example(span, text)
        _count(label.attributes, span.attributes)

    def _relation(self, relation: TaggedRelation, layer: TaggedLayer) -> None:
        kind = _entry(self.survey.types, relation.type, RelationFound, "relations", MOST_NAMES)
        kind.count += 1
        _count(kind.attributes, relation.attributes)
        source, target = (layer.spans[end].label for end in (relation.source, relation.target))
        ends = next((e for e in kind.ends if (e.source, e.target) == (source, target)), None)
        if ends is None and len(kind.ends) < MOST_ENDS:
            kind.ends.append(EndsFound(source, target, 1))
        elif ends:
            ends.count += 1

    def _lose(self, loss: LossFound) -> None:
        counts = self.survey.changed if loss.kept else self.survey.lost
        counts[loss.code] = counts.get(loss.code, 0) + 1
        if len(self.survey.losses) < LOSSES:
            self.survey.losses.append(loss)


def _count(known: dict[str, AttributeFound], attributes: dict[str, Value]) -> None:
    for name, value in attributes.items():
        found = _entry(known, name, AttributeFound, "attributes", MOST_NAMES)
        found.count += 1
        if isinstance(value, bool):
            found.truths += 1
        else:
            _count_value(found, value)


def _count_value(found: AttributeFound, value: str) -> None:
    has_room = len(found.values) < MOST_VALUES and len(value) <= EXAMPLE
    if value in found.values or has_room:
        found.values[value] = found.values.get(value, 0) + 1
    else:
        found.more = True


def _entry(known: dict[str, T], name: str, kind: type[T], what: str, most: int) -> T:
    if name not in known:
        if len(known) >= most:
            raise TooManyNames(what, most)
        known[name] = kind()
    return known[name]


def _loss(loss: Loss) -> LossFound:
    reason = loss.reason
    return LossFound(
        **asdict(loss.place), code=reason.code, values=dict(reason.values), kept=loss.kept
    )


def _row(one: Annotated) -> Row:
    return Row(
        file=one.draft.place.file,
        title=one.draft.title,
        length=len(one.draft.text),
        annotators=[layer.annotator for layer in one.layers],
        spans=sum(len(layer.spans) for layer in one.layers),
    )


def _example(span: TaggedSpan, text: str) -> str:
    """The words of a span in one line, as far as there is room."""
    words = " … ".join(text[start:end] for start, end in span.fragments)
    return " ".join(words[: 2 * EXAMPLE].split())[:EXAMPLE]
