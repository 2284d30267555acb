"""How the pairs of a campaign stand now: which can be summed, and what tells their counts from others.

A hundred thousand pairs are read as columns of bytes, in one statement, and put together here: a join
in the database and a row of Python for each of them would take ten times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from django.db import connection

from annotations.agreement.counted import COUNTS, IN_CAMPAIGN, STANDS, values
from annotations.agreement.material import ComparedPairs, sides
from annotations.agreement.measures.numbers import Floats, Ints
from annotations.agreement.measures.tally import VERSION
from annotations.assignments.models import Campaign

_OF = "AND (%(articles)s::bigint[] IS NULL OR {0}.article_id = ANY(%(articles)s))"

# Both in one statement: they belong together, whatever is saved meanwhile. The hash of a record is that
# of its bytes, which has a function of its own in the newest PostgreSQL alone; MD5 takes twice as long.
_LOOK = f"""
SELECT (SELECT string_agg(int8send(g.article_id) || int8send(g.id) || int8send(g.revision)
                          || int8send(g.annotator_id) || substr(a.sha256, 1, 8)
                          || coalesce(timestamptz_send(g.submitted_at), %(never)s)
                          || int8send(hash_record_extended(row(a.source, a.language), 0)), '')
          FROM assignment g JOIN article a ON a.id = g.article_id
         WHERE {IN_CAMPAIGN.format("g", "a")} AND {STANDS.format("g", "a")}
           AND {COUNTS.format("g")} {_OF.format("g")}),
       (SELECT string_agg(int8send(p.article_id) || int8send(p.first_id) || int8send(p.second_id)
                          || int8send(p.first_revision) || int8send(p.second_revision)
                          || int8send(hash_record_extended(row(p.counts), 0)), '')
          FROM agreement_pair p
         WHERE p.campaign_id = %(campaign)s AND p.version = %(version)s
           AND p.counts IS NOT NULL {_OF.format("p")})"""

_OF_LAYERS, _OF_PAIRS = 7, 6

NEVER = (-(2**63)).to_bytes(8, "big", signed=True)
"""When a layer was submitted of which nobody knows it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What there is, one column for each: the layers that count (their article, key, revision,
    annotator, the first 8 bytes of the SHA-256 of the text, when it was submitted in microseconds since
    the year 2000, and a digest of the article's source and language), and the counted pairs (their
    article, both layers, both revisions, and a digest of the counts)."""

    layers: Ints
    pairs: Ints

    @classmethod
    def at(
        cls, campaign: Campaign, *, include_open: bool, articles: Sequence[int] | None = None
    ) -> Self:
        """Look at a campaign, or at these of its articles. One query."""
        known = values(campaign, include_open=include_open)
        told = {
            "version": VERSION,
            "never": NEVER,
            "articles": None if articles is None else [*articles],
        }
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, known | told)
            layers, pairs = cursor.fetchone() or (None, None)
        return cls(_columns(layers, _OF_LAYERS), _columns(pairs, _OF_PAIRS))

    def renewed(self, fresh: Self, articles: Sequence[int]) -> Self:
        """Return this look, with another at these articles in the place of what it saw of them."""
        both = ((self.layers, fresh.layers), (self.pairs, fresh.pairs))
        return type(self)(
            *(np.hstack([old[:, ~np.isin(old[0], articles)], new]) for old, new in both)
        )


@dataclass(frozen=True, slots=True)
class Standing(ComparedPairs):
    """The pairs that can be summed. `text` tells an article from others, in every database: the
    first 8 bytes of the SHA-256 of its text; `digest` the counts of a pair from others; `shares`
    are 1 / (layers of the article - 1); `submitted` says when the later layer was, `known` tells source
    and language of an article from others (see `Look`). `behind` are the articles that have other pairs, too: not
    counted yet, or at other revisions."""

    text: Ints
    digest: Ints
    shares: Floats
    submitted: Ints
    known: Ints
    behind: Ints
    look: Look = field(repr=False)


def standing(look: Look) -> Standing:
    """Return the pairs that are counted at the revisions that their layers have now. One query.

    A pair that changed since it was counted is not there, as if its layers were not submitted.
    """
    articles, layers_of = np.unique(look.layers[0], return_counts=True)
    pairs, first, second = _matched(look)
    place, turned, names = sides(first[3], second[3])
    at = np.searchsorted(articles, pairs[0])
    wanted = layers_of * (layers_of - 1) // 2
    return Standing(
        article=pairs[0],
        first=pairs[1],
        second=pairs[2],
        revisions=pairs[3:5].T,
        pair=place,
        turned=turned,
        names=names,
        text=first[4],
        digest=pairs[5],
        shares=1 / (layers_of[at] - 1),
        submitted=np.maximum(first[5], second[5]),
        known=first[6],
        behind=articles[np.bincount(at, minlength=len(articles)) < wanted],
        look=look,
    )


def _matched(look: Look) -> tuple[Ints, Ints, Ints]:
    """Return the pairs whose layers count at the revisions of the pair, in the order of articles and
    layers, and with them those layers, the first and the second."""
    layers = look.layers[:, np.argsort(look.layers[1], kind="stable")]
    pairs = look.pairs if layers.size else look.pairs[:, :0]
    first, second = (
        np.searchsorted(layers[1], keys).clip(max=layers.shape[1] - 1) for keys in pairs[1:3]
    )
    fresh = (layers[1, [first, second]] == pairs[1:3]) & (layers[2, [first, second]] == pairs[3:5])
    some = np.flatnonzero(fresh.all(axis=0))
    order = some[np.lexsort(pairs[2::-1, some])]
    return pairs[:, order], layers[:, first[order]], layers[:, second[order]]


def _columns(stored: bytes | None, columns: int) -> Ints:
    return np.frombuffer(stored or b"", ">i8").reshape(-1, columns).T.astype(np.int64, order="C")
