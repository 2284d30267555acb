"""Layers as they were at a revision: as they stand, with every change since then taken back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, linked, listed
from annotations.agreement.measures.relations import Linked
from annotations.assignments.models import Campaign
from annotations.registry.models import Entity

# one statement reads what stands and what was changed: they belong together, whatever is saved meanwhile
_FORMER = """
SELECT g.id,
       (SELECT json_agg(json_build_array(s.id, l.key, s.fragments, s.attributes, s.entity_id))
          FROM span s JOIN label l ON l.id = s.label_id
         WHERE s.assignment_id = g.id AND NOT s.removed)::text,
       (SELECT json_agg(json_build_array(t.key, r.from_id, r.to_id, r.to_entity_id, r.id))
          FROM relation r JOIN relation_type t ON t.id = r.type_id
         WHERE r.assignment_id = g.id AND NOT r.removed)::text,
       (SELECT json_agg(json_build_array(past.kind, past.id, past.before)) FROM (
          SELECT DISTINCT ON (1, 2) c.value->>'kind' AS kind, c.value->>'id' AS id,
                 c.value->'before' AS before
            FROM operation o, jsonb_array_elements(o.changes) WITH ORDINALITY AS c (value, place)
           WHERE o.assignment_id = g.id AND o.seq > w.revision
             AND c.value->>'kind' IN ('span', 'relation')
           ORDER BY 1, 2, o.seq, c.place) past)::text
  FROM unnest(%s::bigint[], %s::int[]) w (id, revision) JOIN assignment g ON g.id = w.id"""


def layers_at(
    campaign: Campaign, revisions: Mapping[int, int], compared: Compared, identities: Identities
) -> dict[int, Linked]:
    """Return layers as they were at these revisions; those that are gone are left out. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_FORMER, [[*revisions], [*revisions.values()]])
        rows = [(key, *map(listed, told)) for key, *told in cursor.fetchall()]
    images = (image for *_, past in rows for *_, image in past if image)
    entities = _entities(campaign.corpus.registry_id, images)
    return {
        key: linked(*_then(spans, links, past, entities), compared, identities)
        for key, spans, links, past in rows
    }


def _then(
    spans: list[list[Any]],
    links: list[list[Any]],
    past: list[list[Any]],
    entities: Mapping[str, int],
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return spans and relations as they were; what was not there then has no image."""
    then = {
        "span": {span[0]: span for span in spans},
        "relation": {link[4]: link for link in links},
    }
    of = {"span": _span, "relation": _relation}
    for kind, key, image in past:
        then[kind].pop(key, None)
        if image:
            then[kind][key] = of[kind](image, entities)
    return [*then["span"].values()], [link[:4] for link in then["relation"].values()]


def _span(image: Mapping[str, Any], entities: Mapping[str, int]) -> list[Any]:
    fragments = [edge for fragment in image["fragments"] for edge in fragment]
    entity = entities.get(image.get("entity") or "")
    return [image["id"], image["label"], fragments, image.get("attributes", {}), entity]


def _relation(image: Mapping[str, Any], entities: Mapping[str, int]) -> list[Any]:
    source, target = image["from"], image["to"]
    entity = entities.get(target.get("entity") or "")
    return [image["type"], source.get("span"), target.get("span"), entity, image["id"]]


def _entities(registry: int, images: Iterator[Mapping[str, Any]]) -> dict[str, int]:
    """Return the keys of the entities of a registry that images name."""
    named = {image.get("entity") or image.get("to", {}).get("entity") for image in images}
    known = Entity.objects.filter(registry=registry, uuid__in=named - {None})
    rows = known.values_list("uuid", "pk")
    return {str(uuid): key for uuid, key in rows}
