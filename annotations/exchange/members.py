"""Which articles and layers an export holds, in the order of the format.

The order is that of the articles' public ids, which are hashes of hashes: the database cannot
sort by them. So they are sorted here, packed: some 65 bytes for an article and 8 for a layer, all
that grows with the campaign. The articles themselves are fetched in that order, by the handful.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import psycopg
from django.db import connection

from annotations.assignments.models import Campaign
from annotations.exchange.records import article_key

ARTICLES_AT_ONCE = 128
OBJECTS_AT_ONCE = 4_000
CODE_POINTS_AT_ONCE = 1_000_000

_HEAD = struct.Struct(">16sqiq")

_CHOSEN = "AND a.id = ANY(%(articles)s)"
# as articles are searched by it: an adjudicator at work is no annotator
_IN_STATE = """HAVING bool_or((s.kind = 'annotator' OR s.status = 'submitted')
                              AND s.status = ANY(%(state)s))"""

_MEMBERS = """
SELECT a.sha256, a.id, a.length, array_remove(array_agg(l.id), NULL),
       coalesce(sum(l.span_count + l.relation_count), 0)
  FROM assignment s JOIN article a ON a.id = s.article_id
  LEFT JOIN assignment l ON l.id = s.id AND l.status = ANY(%(statuses)s)
 WHERE s.campaign_id = %(campaign)s AND s.status <> 'loading' AND NOT s.withdrawn AND a.withdrawn_at IS NULL
   {chosen} GROUP BY a.id {in_state}
"""


class Member(NamedTuple):
    """An article of an export: its public id, its key, its length in code points, how many spans
    and relations it has, and the keys of its layers."""

    uuid: UUID
    article: int
    length: int
    objects: int
    layers: Sequence[int]


def members(
    campaign: Campaign,
    statuses: Sequence[str],
    *,
    articles: Sequence[int] | None = None,
    state: Sequence[str] = (),
) -> list[bytes]:
    """The campaign's articles with the layers that have one of these statuses, packed, in the
    order of the format. To be called inside a transaction. `articles`: of these alone, by key;
    `state`: of those alone that somebody's work on has one of these statuses."""
    query = _MEMBERS.format(
        chosen="" if articles is None else _CHOSEN, in_state=_IN_STATE if state else ""
    )
    values = {
        "articles": articles,
        "campaign": campaign.pk,
        "state": list(state),
        "statuses": list(statuses),
    }
    with psycopg.ServerCursor(connection.connection, "members") as cursor:
        cursor.itersize = 5_000
        cursor.execute(query, values)
        return sorted(
            _HEAD.pack(article_key(sha256), key, length, objects) + array("q", layers).tobytes()
            for sha256, key, length, layers, objects in cursor
        )


def handfuls(found: Sequence[bytes]) -> Iterator[list[Member]]:
    """The members in pieces that take a few megabytes with their texts, spans and relations."""
    some: list[Member] = []
    points = objects = 0
    for member in map(_unpacked, found):
        points, objects = points + member.length, objects + member.objects
        full = points > CODE_POINTS_AT_ONCE or objects > OBJECTS_AT_ONCE
        if some and (full or len(some) >= ARTICLES_AT_ONCE):
            yield some
            some, points, objects = [], member.length, member.objects
        some.append(member)
    if some:
        yield some


def keys_of(found: Sequence[bytes]) -> dict[int, bytes]:
    """The public ids of the members by the keys of their articles."""
    return {key: uuid for uuid, key, _length, _objects in map(_HEAD.unpack_from, found)}


def _unpacked(packed: bytes) -> Member:
    uuid, article, length, objects = _HEAD.unpack_from(packed)
    return Member(UUID(bytes=uuid), article, length, objects, array("q", packed[_HEAD.size :]))
