"""Which articles tell the same story: each new one is compared with those that stand for a cluster
or for themselves. Whoever joins a cluster is never compared with again, so that a story told ten
thousand times costs no more than any other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from django.db import connection

from annotations.corpora.searching.likeness import (
    ALIKE,
    Signature,
    Values,
    from_stored,
    resemblance,
)

_LOOKED_AT = 200
"""How many articles that share a band an article is compared with, at the most."""

_LIKE = """
SELECT fresh.id, other.article_id, other.minhash
  FROM unnest(%s::bigint[], %s::text[]) fresh(id, bands)
 CROSS JOIN LATERAL (
       SELECT s.article_id, s.minhash FROM article_signature s
        WHERE s.bands && fresh.bands::bigint[] AND s.corpus_id = %s LIMIT %s) other"""
_SIGNATURE = "COPY article_signature (article_id, corpus_id, minhash, bands) FROM STDIN"
_CLUSTER = """
INSERT INTO article_cluster (article_id, corpus_id, cluster)
SELECT article, %s, cluster FROM unnest(%s::bigint[], %s::bigint[]) found(article, cluster)
    ON CONFLICT DO NOTHING"""


def compare(corpus_id: int, signed: Mapping[int, Signature]) -> None:
    """Each article, given by its key with its signature, is in the cluster of the earlier article
    that it is most like, or stands for itself and those to come."""
    earlier = _sharing_a_band(corpus_id, signed)
    among: dict[int, list[int]] = defaultdict(list)
    alone: dict[int, Signature] = {}
    joined: dict[int, int] = {}
    for article_id, found in signed.items():
        near = earlier[article_id]
        sharing = chain.from_iterable(among.get(band, ()) for band in found.bands)
        near |= {other: alone[other].values for other in sharing}
        head = _most_like(found.values, near)
        if head is not None:
            joined[article_id] = head
            continue
        alone[article_id] = found
        for band in found.bands:
            among[band].append(article_id)
    _write(corpus_id, alone, joined)


def _most_like(values: Values, near: Mapping[int, Values]) -> int | None:
    """The article that is most like these values, the first of several; None when none is alike."""
    likest = max(
        ((resemblance(values, others), -other) for other, others in near.items()),
        default=(0.0, 0),
    )
    return -likest[1] if likest[0] >= ALIKE else None


def _sharing_a_band(
    corpus_id: int, signed: Mapping[int, Signature]
) -> dict[int, dict[int, Values]]:
    found: dict[int, dict[int, Values]] = defaultdict(dict)
    bands = [_written(one.bands) for one in signed.values()]
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, [list(signed), bands, corpus_id, _LOOKED_AT])
        for article_id, other, minhash in cursor.fetchall():
            found[article_id][other] = from_stored(bytes(minhash))
    return found


def _write(corpus_id: int, alone: Mapping[int, Signature], joined: Mapping[int, int]) -> None:
    with connection.cursor() as cursor:
        with cursor.copy(_SIGNATURE) as copy:
            for article_id, found in alone.items():
                copy.write_row((article_id, corpus_id, found.stored(), _written(found.bands)))
        if joined:
            heads: Sequence[int] = list(dict.fromkeys(joined.values()))
            cursor.execute(_CLUSTER, [corpus_id, [*heads, *joined], [*heads, *joined.values()]])


def _written(bands: Sequence[int]) -> str:
    """The bands as PostgreSQL reads an array: psycopg would look at each of them twice."""
    return f"{{{','.join(map(str, bands))}}}"
