"""Whether a line read from a file can stand: its text, its offsets, the names it uses. Pure.

Never whether a layer is complete: what a schema asks of a finished layer was asked when it was
submitted, and another house may ask for less.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import sha256

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.heirs import Circle, last_heirs, pointers
from annotations.exchange.naming import (
    MAX_NAME,
    Key,
    Keys,
    check_line,
    check_name,
    entity_id,
    moment,
    refuse_twice,
)
from annotations.exchange.records import (
    KINDS,
    STATUSES,
    EndRecord,
    EntityRecord,
    LayerRecord,
    Line,
    RelationRecord,
    SpanRecord,
)
from annotations.exchange.remarks import (
    FittedMessage,
    FittedRemark,
    fitted_messages,
    fitted_remarks,
)
from annotations.exchange.settlements import FittedSettlement, fitted_settlements
from annotations.schema.spec import Attribute, Label, RelationType, Spec
from annotations.text.fragments import FragmentError, parse
from annotations.text.gate import refusal

ALIAS_KINDS = frozenset(
    ("full", "abbreviation", "short", "metonym", "role", "misspelling", "historic")
)
ENTITY_TYPES = frozenset(
    (
        *("person", "organisation", "government", "country", "armed_force", "media", "group"),
        *("unnamed", "concept", "other"),
    )
)


@dataclass(frozen=True, slots=True)
class FittedLayer:
    """A layer that can stand, beside the others of its line: those that settlements name. `ids` has the UUID for every id its spans and relations use;
    `submitted_at` is in UTC as the database reads it, "" for none."""

    layer: LayerRecord
    ids: Mapping[str, Key]
    submitted_at: str
    entities: frozenset[str]
    remarks: Sequence[FittedRemark]
    messages: Sequence[FittedMessage] = ()
    settlements: Sequence[FittedSettlement] = ()


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
        _heirs_stand(line.entities, described)
        layers = [self._layer(line.article.text, digest.hex(), layer) for layer in line.layers]
        refuse_twice("layer_twice", [f"{x.kind} {x.annotator.casefold()}" for x in line.layers])
        layers = [
            replace(layer, settlements=settlements) if settlements else layer
            for layer, settlements in zip(
                layers, fitted_settlements(line.layers, digest.hex()), strict=True
            )
        ]
        linked = frozenset().union(*(layer.entities for layer in layers))
        return FittedLine(digest, layers, linked - described)

    def _entity(self, entity: EntityRecord) -> str:
        check_name(entity.name, "name")
        if entity.type not in ENTITY_TYPES:
            raise UnfitError("layer_entity_type", given=entity.type[:40])
        for alias in entity.aliases:
            check_name(alias.text, "alias")
            check_line(alias.language, "language", 35)
            if alias.kind not in ALIAS_KINDS:
                raise UnfitError("layer_alias_kind", given=alias.kind[:40])
        return entity_id(entity.id)

    def _layer(self, text: str, digest: str, layer: LayerRecord) -> FittedLayer:
        if layer.kind not in KINDS:
            raise UnfitError("layer_kind", given=layer.kind[:40])
        if layer.status not in STATUSES:
            raise UnfitError("layer_status", given=layer.status[:40])
        check_line(layer.annotator, "annotator", MAX_NAME)
        keys = Keys(digest, layer.annotator)
        keys.learn([span.id for span in layer.spans])
        labels: dict[Key, str] = {}
        for span in layer.spans:
            key = keys.of(span.id)
            labels[key] = self._span(text, span).key
        if len(labels) < len(layer.spans):
            refuse_twice("layer_id_twice", [keys.of(span.id)[0] for span in layer.spans])
        self._relations_fit(layer, keys, labels)
        at = "" if layer.submitted_at is None else moment(layer.submitted_at).isoformat()
        remarks = fitted_remarks(layer, text, keys, self._labels)
        messages = fitted_messages(layer, keys)
        return FittedLayer(layer, keys.known, at, _linked(layer), remarks, messages)

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

    def _relations_fit(self, layer: LayerRecord, keys: Keys, labels: Mapping[Key, str]) -> None:
        own: set[Key] = set()
        edges: set[tuple[str, Key | None, str]] = set()
        for relation in layer.relations:
            own.add(keys.of(relation.id))
            source = _end(relation.source, keys)
            target = _end(relation.target, keys)
            self._relation(relation, source, target, labels)
            other = target[0] if target else entity_id(relation.target.entity or "")
            edges.add((relation.type, source, other))
        if len(own) < len(layer.relations):
            refuse_twice("layer_id_twice", [keys.of(one.id)[0] for one in layer.relations])
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


def _heirs_stand(entities: Sequence[EntityRecord], described: AbstractSet[str]) -> None:
    """What entities were merged into is described, too, and none goes on as itself."""
    into = {entity_id(one): entity_id(heir) for one, heir in pointers(entities).items()}
    for one, heir in into.items():
        if heir not in described:
            raise UnfitError("layer_heir_unknown", entity=one, heir=heir)
    try:
        last_heirs(into)
    except Circle as circle:
        raise UnfitError("layer_heir_circle", entity=str(circle)) from circle


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


def _end(end: EndRecord, keys: Keys) -> Key | None:
    """The span at this end, or None: the article or an entity."""
    return None if end.span is None else keys.of(end.span)


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
    return frozenset(map(entity_id, named)) if named else frozenset()
