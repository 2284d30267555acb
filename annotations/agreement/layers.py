"""What is marked in layers: rows -> the plain inputs of the measures."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotations.agreement.identities import Identities
from annotations.agreement.measures.funnel import Order
from annotations.agreement.measures.relations import End, Linked, Relation
from annotations.agreement.measures.tally import Mark
from annotations.schema.spec import Spec
from annotations.text.fragments import pairs

# one statement reads revision and spans: they belong together, whatever is saved meanwhile
_LAYERS = """
SELECT g.id, g.revision,
       (SELECT json_agg(json_build_array(s.id, l.key, s.fragments, s.attributes, s.entity_id))
          FROM span s JOIN label l ON l.id = s.label_id
         WHERE s.assignment_id = g.id AND NOT s.removed)::text,
       (SELECT json_agg(json_build_array(t.key, r.from_id, r.to_id, r.to_entity_id))
          FROM relation r JOIN relation_type t ON t.id = r.type_id
         WHERE r.assignment_id = g.id AND NOT r.removed)::text
  FROM assignment g WHERE g.id = ANY(%s)"""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer at one revision."""

    revision: int
    linked: Linked


@dataclass(frozen=True, slots=True)
class Compared:
    """What of a schema is compared: by label and attribute the values that can agree or not, and
    the order in which a funnel looks at them."""

    values: Mapping[tuple[str, str], Sequence[str]]
    order: Order

    @classmethod
    def of(cls, spec: Spec) -> "Compared":
        values = compared_values(spec)
        attributes = {
            label.key: tuple(
                each.key for each in label.attributes if (label.key, each.key) in values
            )
            for label in spec.labels
        }
        return cls(values, Order(attributes, tuple(each.key for each in spec.relations)))


def compared_values(spec: Spec) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return, by label and attribute, the values that can agree or not: free text cannot, and
    "?" (the annotator could not tell) is no value of a schema."""
    return {
        (label.key, attribute.key): ("false", "true")
        if attribute.kind == "bool"
        else tuple(value.key for value in attribute.values)
        for label in spec.labels
        for attribute in label.attributes
        if attribute.kind != "text"
    }


def read(
    assignments: Collection[int], compared: Compared, identities: Identities
) -> dict[int, Layer]:
    """Return these layers as they stand now; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAYERS, [list(assignments)])
        return {
            key: Layer(revision, linked(listed(spans), listed(links), compared, identities))
            for key, revision, spans, links in cursor.fetchall()
        }


def listed(told: str | None) -> list[list[Any]]:
    """Return what an aggregate of JSON holds; of no rows it is NULL."""
    found: list[list[Any]] = json.loads(told) if told else []
    return found


def linked(
    spans: list[list[Any]], links: list[list[Any]], compared: Compared, identities: Identities
) -> Linked:
    """Return a layer of these spans (id, label, fragments, attributes, entity) and relations (type, spans
    at both ends, entity) for comparison."""
    spans.sort()  # by their ids: the same spans are always in the same order
    at = {span[0]: place for place, span in enumerate(spans)}

    def end(span: str | None, entity: int | None) -> End:
        return at[span] if span is not None else identities.of(entity)

    return Linked(
        [_mark(span, compared, identities) for span in spans],
        [Relation(kind, end(source, None), end(to, entity)) for kind, source, to, entity in links],
    )


def _mark(span: list[Any], compared: Compared, identities: Identities) -> Mark:
    """Return the span for comparison. "Cannot tell" is missing, like what was never set."""
    _, label, fragments, attributes, entity = span
    said = {key: _said(value) for key, value in attributes.items()}
    values = {key: v for key, v in said.items() if v in compared.values.get((label, key), ())}
    return Mark(label, pairs(fragments), values, identities.of(entity))


def _said(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()
