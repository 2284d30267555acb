"""Whether a line read from a file can stand: its text, its offsets, the names it uses. Pure.

Never whether a layer is complete: what a schema asks of a finished layer was asked when it was
submitted, and another house may ask for less.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.records import (
    KINDS,
    STATUSES,
    EndRecord,
    EntityRecord,
    LayerRecord,
    Line,
    RelationRecord,
    SpanRecord,
    made_uuid,
    uuid_bytes,
)
from annotations.schema.spec import Attribute, Label, RelationType, Spec
from annotations.text.fragments import FragmentError, parse
from annotations.text.gate import refusal, refuse_line

MAX_ID = 200
"""The most code points in an id that is no UUID."""
MAX_NAME = 500
"""The most code points in the name of an annotator, an entity or an alias."""
ALIAS_KINDS = frozenset(
    ("full", "abbreviation", "short", "metonym", "role", "misspelling", "historic")
)
ENTITY_TYPES = frozenset(
    (
        *("person", "organisation", "government", "country", "armed_force", "media", "group"),
        *("unnamed", "concept", "other"),
    )
)

Key = tuple[str, bytes]
"""A UUID as text and as bytes."""


@dataclass(frozen=True, slots=True)
class FittedLayer:
    """A layer that can stand. `ids` has the UUID for every id its spans and relations use."""

    layer: LayerRecord
    ids: Mapping[str, Key]
    submitted_at: str
    entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class FittedLine:
    """`links` are the entities that spans and relations name and the line does not describe."""

    sha256: bytes
    layers: list[FittedLayer]
    links: frozenset[str]


class Fitter:
    """Checks lines against one schema version. Every refusal is an UnfitError."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._labels = {label.key: label for label in spec.labels}
        self._relations = {relation.key: relation for relation in spec.relations}
        self._accepted: set[tuple[str, str, str | bool]] = set()

    def line(self, line: Line) -> FittedLine:
        """The line with everything checked that can be known without a database."""
        if (line.schema.key, line.schema.version) != (self._spec.key, self._spec.version):
            raise UnfitError(
                "layer_schema",
                given=f"{line.schema.key}@{line.schema.version}"[:80],
                expected=f"{self._spec.key}@{self._spec.version}",
            )
        digest = sha256(line.article.text.encode()).digest()
        if line.article.sha256.lower() not in ("", digest.hex()):
            raise UnfitError("layer_sha256")
        described = {self._entity(entity) for entity in line.entities}
        layers = [self._layer(line.article.text, digest.hex(), layer) for layer in line.layers]
        _refuse_twice("layer_twice", [f"{x.kind} {x.annotator.casefold()}" for x in line.layers])
        linked = frozenset().union(*(layer.entities for layer in layers))
        return FittedLine(digest, layers, linked - described)

    def _entity(self, entity: EntityRecord) -> str:
        _name(entity.name, "name")
        if entity.type not in ENTITY_TYPES:
            raise UnfitError("layer_entity_type", given=entity.type[:40])
        for alias in entity.aliases:
            _name(alias.text, "alias")
            _one_line(alias.language, "language", 35)
            if alias.kind not in ALIAS_KINDS:
                raise UnfitError("layer_alias_kind", given=alias.kind[:40])
        return _entity_id(entity.id)

    def _layer(self, text: str, digest: str, layer: LayerRecord) -> FittedLayer:
        if layer.kind not in KINDS:
            raise UnfitError("layer_kind", given=layer.kind[:40])
        if layer.status not in STATUSES:
            raise UnfitError("layer_status", given=layer.status[:40])
        _one_line(layer.annotator, "annotator", MAX_NAME)
        if layer.notes:
            raise UnfitError("layer_notes")
        ids: dict[str, Key] = {}
        labels: dict[Key, str] = {}
        for span in layer.spans:
            key = _key(ids, span.id, digest, layer.annotator)
            labels[key] = self._span(text, span).key
        if len(labels) < len(layer.spans):
            _refuse_twice("layer_id_twice", [ids[span.id][0] for span in layer.spans])
        self._relations_fit(layer, digest, ids, labels)
        return FittedLayer(layer, ids, _instant(layer.submitted_at), _linked(layer))

    def _span(self, text: str, span: SpanRecord) -> Label:
        """The span's label; what it covers, its attributes and its entity are right."""
        label = self._labels.get(span.label)
        if label is None:
            raise UnfitError("layer_label", label=span.label[:40])
        _covers(text, span)
        for key, value in span.attributes.items():
            if (label.key, key, value) not in self._accepted:
                self._attribute(label.key, label.attribute(key), key, value)
        if span.entity is not None and not label.entity:
            raise UnfitError("layer_no_entity", label=label.key)
        if span.notes:
            raise UnfitError("layer_notes")
        return label

    def _attribute(
        self, owner: str, attribute: Attribute | None, key: str, value: str | bool
    ) -> None:
        """The value may stand; one of a list is remembered, so that it is looked at once."""
        if attribute is None:
            raise UnfitError("layer_attribute", attribute=key[:40], owner=owner)
        if not attribute.accepts(value):
            raise UnfitError("layer_value", attribute=key, value=str(value)[:40], owner=owner)
        if attribute.kind != "text":
            self._accepted.add((owner, key, value))
        elif isinstance(value, str) and (bad := refusal(value)):
            raise UnfitError("layer_character", field=key, character=bad.character)

    def _relations_fit(
        self, layer: LayerRecord, digest: str, ids: dict[str, Key], labels: Mapping[Key, str]
    ) -> None:
        own: set[Key] = set()
        edges: set[tuple[str, Key | None, str]] = set()
        for relation in layer.relations:
            own.add(_key(ids, relation.id, digest, layer.annotator))
            source = _end(relation.source, ids, digest, layer.annotator)
            target = _end(relation.target, ids, digest, layer.annotator)
            self._relation(relation, source, target, labels)
            other = target[0] if target else _entity_id(relation.target.entity or "")
            edges.add((relation.type, source, other))
        if len(own) < len(layer.relations):
            _refuse_twice("layer_id_twice", [ids[relation.id][0] for relation in layer.relations])
        if len(edges) < len(layer.relations):
            raise UnfitError("layer_relation_twice")

    def _relation(
        self,
        relation: RelationRecord,
        source: Key | None,
        target: Key | None,
        labels: Mapping[Key, str],
    ) -> None:
        kind = self._relations.get(relation.type)
        if kind is None:
            raise UnfitError("layer_relation", relation=relation.type[:40])
        for key, value in relation.attributes.items():
            if (kind.key, key, value) not in self._accepted:
                self._attribute(kind.key, kind.attribute(key), key, value)
        if not _may_start(kind, relation.source, source, labels):
            raise UnfitError("layer_from", relation=kind.key)
        if not _may_end(kind, relation.target, target, labels):
            raise UnfitError("layer_to", relation=kind.key)
        if source is not None and source == target:
            raise UnfitError("layer_loop", relation=kind.key)


def _covers(text: str, span: SpanRecord) -> None:
    """The fragments can stand on the text, and each covers what the span says it covers."""
    if len(span.fragments) == 1 and len(span.text) == 1:
        start, end = span.fragments[0]
        if 0 <= start < end <= len(text) and text[start:end] == span.text[0]:
            return
    try:
        fragments = parse(span.fragments, len(text))
    except FragmentError as fault:
        raise UnfitError("layer_fragments", span=span.id[:40], why=fault.reason) from fault
    if [text[start:end] for start, end in fragments] != list(span.text):
        raise UnfitError("layer_text", span=span.id[:40])


def _key(ids: dict[str, Key], raw: str, digest: str, annotator: str) -> Key:
    """The UUID of an id, which `ids` remembers."""
    known = ids.get(raw)
    if known is None:
        known = ids[raw] = _fresh_key(raw, digest, annotator)
    return known


def _fresh_key(raw: str, digest: str, annotator: str) -> Key:
    given = uuid_bytes(raw)
    if given is not None:
        return raw.lower(), given
    if not raw:
        raise UnfitError("layer_id_empty")
    _one_line(raw, "id", MAX_ID)
    made = made_uuid(digest, annotator, raw)
    return str(made), made.bytes


def _end(end: EndRecord, ids: dict[str, Key], digest: str, annotator: str) -> Key | None:
    """The span at this end, or None: the article or an entity."""
    return None if end.span is None else _key(ids, end.span, digest, annotator)


def _may_start(
    kind: RelationType, end: EndRecord, source: Key | None, labels: Mapping[Key, str]
) -> bool:
    if source is None:
        return end.article and kind.from_article
    return labels.get(source) in kind.sources


def _may_end(
    kind: RelationType, end: EndRecord, target: Key | None, labels: Mapping[Key, str]
) -> bool:
    if target is None:
        return end.entity is not None and kind.to_entity
    return labels.get(target) in kind.targets


def _linked(layer: LayerRecord) -> frozenset[str]:
    named = [span.entity for span in layer.spans if span.entity is not None]
    named += [r.target.entity for r in layer.relations if r.target.entity is not None]
    return frozenset(map(_entity_id, named)) if named else frozenset()


def _entity_id(raw: str) -> str:
    if uuid_bytes(raw) is None:
        raise UnfitError("layer_entity_id", given=raw[:40])
    return raw.lower()


def _instant(value: str | None) -> str:
    """The moment in UTC as the database reads it, "" for none."""
    if value is None:
        return ""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as fault:
        raise UnfitError("layer_submitted_at", given=value[:40]) from fault


def _name(value: str, field: str) -> None:
    if not value or value != " ".join(value.split()):
        raise UnfitError("layer_name", field=field, given=value[:40])
    _one_line(value, field, MAX_NAME)


def _one_line(value: str, field: str, limit: int) -> None:
    if len(value) > limit:
        raise UnfitError("field_too_long", field=field, length=len(value), limit=limit)
    if bad := refuse_line(value):
        raise UnfitError("layer_character", field=field, character=bad.character)


def _refuse_twice(code: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UnfitError(code, name=name[:80])
        seen.add(name)
