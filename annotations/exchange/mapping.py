"""What becomes of each name in files of another tool: which label of the schema it is, or none. Pure.

`proposed` is a first answer, people change it, `Mapper` carries it out: a layer of another tool
becomes a layer record of kutip/1, and what cannot stand under the schema is counted, never silent.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from annotations.exchange.formats.annotated import (
    Reference,
    TaggedLayer,
    TaggedRelation,
    TaggedSpan,
    Value,
)
from annotations.exchange.records import (
    Attributes,
    EndRecord,
    EntityRecord,
    LayerRecord,
    NoteRecord,
    RelationRecord,
    SpanRecord,
    made_uuid,
)
from annotations.exchange.surveying import Survey
from annotations.limits import LIMITS
from annotations.schema.spec import Attribute, Label, RelationType, Spec
from annotations.text.gate import refusal, refuse_line

LEFT_OUT = ""
"""What a name is mapped to that is not to be loaded."""

_TRUE = frozenset(("true", "yes", "1", "ya", "benar"))
_FALSE = frozenset(("false", "no", "0", "tidak", "salah"))
_NOT_IN_NAMES = re.compile(r"[^\w.@+-]+")
_NAME_LENGTH = 150

What = Literal["label", "attribute", "value", "relation", "ends", "entity", "note", "same"]


class Named(msgspec.Struct):
    """What a label or a type of relation becomes, and each of its attributes; LEFT_OUT for none."""

    to: str = LEFT_OUT
    attributes: dict[str, str] = {}


class Decisions(msgspec.Struct):
    """The answers: by the names in the files. A name that is not there is left out; an annotator
    who is not there keeps their name as far as an account can have it."""

    labels: dict[str, Named] = {}
    relations: dict[str, Named] = {}
    people: dict[str, str] = {}


def proposed(survey: Survey, spec: Spec, before: Decisions | None = None) -> Decisions:
    """A first answer to everything in the survey: what was decided before where it still can be,
    else what has the same name under the schema, case and word marks aside, else nothing."""
    before = before or Decisions()
    labels = {label.key: label for label in spec.labels}
    relations = {relation.key: relation for relation in spec.relations}
    return Decisions(
        {
            name: _named(name, found.attributes, labels, before.labels.get(name))
            for name, found in survey.labels.items()
        },
        {
            name: _named(name, found.attributes, relations, before.relations.get(name))
            for name, found in survey.types.items()
        },
        {name: before.people.get(name) or account_name(name) for name in survey.people},
    )


def _named(
    name: str,
    attributes: Iterable[str],
    owners: Mapping[str, Label] | Mapping[str, RelationType],
    before: Named | None,
) -> Named:
    if before is not None and before.to not in owners:
        before = None if before.to else before
    to = before.to if before else like(name, owners)
    owner = owners.get(to)
    known = {attribute.key: attribute for attribute in owner.attributes} if owner else {}
    chosen = before.attributes if before else {}
    return Named(
        to,
        {
            one: chosen[one] if chosen.get(one) in (*known, LEFT_OUT) else like(one, known)
            for one in attributes
        },
    )


def like(name: str, keys: Iterable[str]) -> str:
    """The key that is this name but for case, hyphens, underscores and spaces, or LEFT_OUT."""
    plain = _plain(name)
    return next((key for key in keys if key == name or (plain and _plain(key) == plain)), LEFT_OUT)


def account_name(name: str) -> str:
    """The name as an account may have it."""
    return _NOT_IN_NAMES.sub("_", name).strip("_")[:_NAME_LENGTH] or "annotator"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


# --- carrying it out --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Over:
    """The article a layer is over: its text and sha256 as the corpus has them, how many code
    points stand before the text of the file, and when the load was (ISO 8601)."""

    text: str
    sha256: str
    shift: int
    at: str


class Mapper:
    """Turns layers into records under one schema. `left_out` counts what was not taken, by what it
    was and its name in the file; `entities` are the records of all that spans were linked to."""

    def __init__(self, decisions: Decisions, spec: Spec) -> None:
        self._decisions = decisions
        self._labels = {label.key: label for label in spec.labels}
        self._relations = {relation.key: relation for relation in spec.relations}
        self.left_out: Counter[tuple[What, str]] = Counter()
        self._names: dict[UUID, str] = {}

    def person(self, name: str) -> str:
        """The account that an annotator of the files becomes."""
        return self._decisions.people.get(name) or account_name(name)

    def layer(self, tagged: TaggedLayer, over: Over) -> tuple[LayerRecord, list[EntityRecord]]:
        """The layer with what the decisions keep of it, as submitted, and its entities."""
        return _Layer(self, tagged, over).made()

    def label_of(self, span: TaggedSpan) -> tuple[Label, Named] | None:
        decided = self._decisions.labels.get(span.label, Named())
        label = self._labels.get(decided.to)
        if label is None:
            self.left_out["label", span.label] += 1
            return None
        return label, decided

    def type_of(self, relation: TaggedRelation) -> tuple[RelationType, Named] | None:
        decided = self._decisions.relations.get(relation.type, Named())
        kind = self._relations.get(decided.to)
        if kind is None:
            self.left_out["relation", relation.type] += 1
            return None
        return kind, decided

    def attributes(
        self, given: Mapping[str, Value], owner: Label | RelationType, decided: Named, whose: str
    ) -> Attributes:
        """What of these attributes the owner may have."""
        kept: Attributes = {}
        for name, value in given.items():
            attribute = owner.attribute(decided.attributes.get(name, LEFT_OUT))
            if attribute is None:
                self.left_out["attribute", f"{whose}.{name}"] += 1
                continue
            fitted = fit(attribute, value)
            if fitted is None:
                self.left_out["value", f"{whose}.{name}"] += 1
            else:
                kept[attribute.key] = fitted
        return kept

    def entity(self, reference: Reference) -> EntityRecord | None:
        """The entity that a reference is; None where its name is none. The first name counts."""
        given = reference.name or reference.key
        name = " ".join(given.split())[: LIMITS.field_code_points // 4]
        if not name or refuse_line(name):
            self.left_out["entity", f"{reference.database}:{reference.key}"] += 1
            return None
        uuid = uuid5(NAMESPACE_URL, f"kutip:reference:{reference.database}:{reference.key}")
        return EntityRecord(
            aliases=[], id=str(uuid), name=self._names.setdefault(uuid, name), type="other"
        )


class _Layer:
    """One layer while it becomes a record."""

    def __init__(self, mapper: Mapper, tagged: TaggedLayer, over: Over) -> None:
        self._mapper, self._tagged, self._over = mapper, tagged, over
        self._author = mapper.person(tagged.annotator)
        self._labels: dict[str, str] = {}
        self._entities: dict[str, EntityRecord] = {}

    def made(self) -> tuple[LayerRecord, list[EntityRecord]]:
        spans = [made for span in self._tagged.spans.values() if (made := self._span(span))]
        relations = self._relations()
        layer = LayerRecord(
            annotator=self._author,
            kind="annotator",
            notes=self._notes("layer", self._tagged.notes),
            relations=relations,
            spans=spans,
            status="submitted",
            submitted_at=None,
        )
        return layer, list(self._entities.values())

    def _span(self, span: TaggedSpan) -> SpanRecord | None:
        known = self._mapper.label_of(span)
        if known is None:
            return None
        label, decided = known
        self._labels[span.id] = label.key
        shift, text = self._over.shift, self._over.text
        fragments = [(start + shift, end + shift) for start, end in span.fragments]
        return SpanRecord(
            attributes=self._mapper.attributes(span.attributes, label, decided, span.label),
            entity=self._entity(span, label),
            fragments=fragments,
            id=self._uuid(f"span:{span.id}"),
            label=label.key,
            notes=self._notes(f"span:{span.id}", span.notes),
            text=[text[start:end] for start, end in fragments],
        )

    def _entity(self, span: TaggedSpan, label: Label) -> str | None:
        if span.reference is None:
            return None
        record = self._mapper.entity(span.reference) if label.entity else None
        if record is None:
            if not label.entity:
                self._mapper.left_out["entity", span.label] += 1
            return None
        self._entities[record.id] = record
        return record.id

    def _relations(self) -> list[RelationRecord]:
        made: dict[tuple[str, str, str], RelationRecord] = {}
        for relation in self._tagged.relations.values():
            record = self._relation(relation)
            if record is None:
                continue
            edge = (record.type, record.source.span or "", record.target.span or "")
            if edge in made:
                self._mapper.left_out["same", relation.type] += 1
            made.setdefault(edge, record)
        return list(made.values())

    def _relation(self, relation: TaggedRelation) -> RelationRecord | None:
        known = self._mapper.type_of(relation)
        if known is None:
            return None
        kind, decided = known
        source, target = self._labels.get(relation.source), self._labels.get(relation.target)
        if source not in kind.sources or target not in kind.targets:
            self._mapper.left_out["ends", relation.type] += 1
            return None
        return RelationRecord(
            attributes=self._mapper.attributes(relation.attributes, kind, decided, relation.type),
            source=EndRecord(span=self._uuid(f"span:{relation.source}")),
            id=self._uuid(f"relation:{relation.id}"),
            target=EndRecord(span=self._uuid(f"span:{relation.target}")),
            type=kind.key,
        )

    def _notes(self, about: str, notes: Iterable[str]) -> list[NoteRecord]:
        """Those that can be notes here; one that is too long ends where it must."""
        made = []
        for number, note in enumerate(notes):
            words = note[: LIMITS.note_code_points]
            if not words.strip() or refusal(words):
                self._mapper.left_out["note", about.partition(":")[0]] += 1
                continue
            uuid = self._uuid(f"note:{about}:{number}")
            made.append(NoteRecord(self._over.at, self._author, uuid, words))
        return made

    def _uuid(self, what: str) -> str:
        """The same at every load, whatever the id in the file looks like."""
        return str(made_uuid(self._over.sha256, self._author, what))


def fit(attribute: Attribute, value: Value) -> Value | None:
    """The value as the attribute may hold it, or None."""
    if attribute.kind == "bool":
        return value if isinstance(value, bool) else _truth(value)
    words = str(value).lower() if isinstance(value, bool) else value
    if attribute.kind == "text":
        return words if attribute.accepts(words) and not refusal(words) else None
    return like(words, [one.key for one in attribute.values]) or None


def _truth(value: str) -> bool | None:
    folded = value.strip().casefold()
    return True if folded in _TRUE else False if folded in _FALSE else None
