"""Which articles tell the same story: each new one is compared with those that stand for a cluster
or for themselves. Whoever joins a cluster is never compared with again, so that a story told ten
thousand times costs no more than any other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from struct import Struct

from django.db import connection

from annotations.corpora.searching.likeness import (
    ALIKE,
    BANDS,
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
_SIGNATURE = (
    "COPY article_signature (article_id, corpus_id, minhash, bands) FROM STDIN (FORMAT BINARY)"
)
_SENT = ("int8", "int8", "bytea", "bytea")  # an array is bytes to psycopg
_ARRAY = Struct(f">5i{BANDS * 'iq'}")
_OF_BIGINTS, _LONG = 20, 8
_CLUSTER = """
INSERT INTO article_cluster (article_id, corpus_id, cluster)
SELECT article, %s, cluster FROM unnest(%s::bigint[], %s::bigint[]) found(article, cluster)
    ON CONFLICT DO NOTHING"""


def compare(corpus_id: int, signed: Mapping[int, Signature]) -> None:
    """Each article, given by its key with its signature, is in the cluster of the earlier article
    that it is most like, or stands for itself and those to come."""
    earlier = _sharing_a_band(corpus_id, signed)
    counts = Counter(chain.from_iterable(one.bands for one in signed.values()))
    shared = {band for band, count in counts.items() if count > 1}
    among: dict[int, list[int]] = defaultdict(list)
    alone: dict[int, Signature] = {}
    joined: dict[int, int] = {}
    for article_id, found in signed.items():
        near = earlier[article_id]
        bands = shared.intersection(found.bands)
        sharing = chain.from_iterable(among.get(band, ()) for band in bands)
        near |= {other: alone[other].values for other in sharing}
        head = _most_like(found.values, near)
        if head is not None:
            joined[article_id] = head
            continue
        alone[article_id] = found
        for band in bands:
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
            copy.set_types(_SENT)
            for article_id, found in alone.items():
                copy.write_row((article_id, corpus_id, found.stored(), _sent(found.bands)))
        if joined:
            heads: Sequence[int] = list(dict.fromkeys(joined.values()))
            cursor.execute(_CLUSTER, [corpus_id, [*heads, *joined], [*heads, *joined.values()]])


def _written(bands: Sequence[int]) -> str:
    """The bands as PostgreSQL reads an array: psycopg would look at each of them twice."""
    return f"{{{','.join(map(str, bands))}}}"


def _sent(bands: Sequence[int]) -> bytes:
    """The bands as PostgreSQL is sent an array: one dimension, no nulls, of bigints, how many they
    are, counted from 1, and how long each is before it."""
    each = chain.from_iterable(zip(repeat(_LONG), bands))
    return _ARRAY.pack(1, 0, _OF_BIGINTS, BANDS, 1, *each)
