"""Which layers count, and why the others do not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotations.assignments.models import Campaign

WITHDRAWN = "the article was withdrawn"
NO_LAYER = "no layer of it counts"
ONE_LAYER = "only one layer of it counts"
NOT_BEGUN = "not begun"
NOT_SUBMITTED = "not submitted"
REOPENED = "reopened and not submitted again"
SKIPPED = "skipped by the annotator"
LOADING = "still being loaded"

ARTICLE_REASONS = (WITHDRAWN, NO_LAYER, ONE_LAYER)
LAYER_REASONS = (NOT_BEGUN, NOT_SUBMITTED, REOPENED, SKIPPED, LOADING)

Keys = Sequence[int]

IN_CAMPAIGN = """{0}.campaign_id = %(campaign)s AND {0}.kind = 'annotator'
  AND NOT ({0}.withdrawn AND {1}.superseded)"""
"""An annotator's layer `{0}` of an article `{1}`; the gold layer is nobody's. An older version of an
article is none: its layers were brought onto the newer one."""

COUNTS = """({0}.status = 'submitted'
  OR %(open)s AND {0}.status IN ('open', 'reopened') AND {0}.revision > 0)"""
"""Whether a layer counts: submitted, or with `open` begun and holding any operation."""

STANDS = "{1}.withdrawn_at IS NULL"

_WHY_LAYER = f"""CASE WHEN {COUNTS.format("g")} THEN NULL
  WHEN g.status = 'skipped' THEN '{SKIPPED}' WHEN g.status = 'loading' THEN '{LOADING}'
  WHEN g.status = 'waiting' OR %(open)s THEN '{NOT_BEGUN}'
  WHEN g.status = 'reopened' THEN '{REOPENED}' ELSE '{NOT_SUBMITTED}' END"""

_LAYERS = f"""
SELECT why, array_agg(id ORDER BY id) FROM (
  SELECT g.id, {_WHY_LAYER} AS why FROM assignment g JOIN article a ON a.id = g.article_id
   WHERE {IN_CAMPAIGN.format("g", "a")} AND g.annotator_id IS NOT NULL) layer
 WHERE why IS NOT NULL GROUP BY why ORDER BY why"""

_ARTICLES = f"""
SELECT why, array_agg(article_id ORDER BY article_id) FROM (
  SELECT g.article_id,
         CASE WHEN bool_or(a.withdrawn_at IS NOT NULL) THEN '{WITHDRAWN}'
              WHEN count(*) FILTER (WHERE {COUNTS.format("g")}) = 0 THEN '{NO_LAYER}'
              WHEN count(*) FILTER (WHERE {COUNTS.format("g")}) = 1 THEN '{ONE_LAYER}' END AS why
    FROM assignment g JOIN article a ON a.id = g.article_id
   WHERE {IN_CAMPAIGN.format("g", "a")} GROUP BY g.article_id) article
 WHERE why IS NOT NULL GROUP BY why ORDER BY why"""

_OPEN = f"""
SELECT g.status, array_agg(g.id ORDER BY g.id) FROM assignment g JOIN article a ON a.id = g.article_id
 WHERE {IN_CAMPAIGN.format("g", "a")} AND g.status <> 'submitted' AND {COUNTS.format("g")}
 GROUP BY g.status"""


_NOW = f"""
SELECT id, revision FROM (
  SELECT g.id, g.revision, count(*) OVER (PARTITION BY g.article_id) AS layers
    FROM assignment g JOIN article a ON a.id = g.article_id
   WHERE {IN_CAMPAIGN.format("g", "a")} AND {STANDS.format("g", "a")}
     AND {COUNTS.format("g")}) layer
 WHERE layers > 1"""

_PRINT = "bit_xor(hashint8extended({0}, {1}))"
_PRINT_NOW = f"""
SELECT bit_xor(print) FROM (
  SELECT {_PRINT.format("g.id", "g.revision")} AS print
    FROM assignment g JOIN article a ON a.id = g.article_id
   WHERE {IN_CAMPAIGN.format("g", "a")} AND {STANDS.format("g", "a")} AND {COUNTS.format("g")}
   GROUP BY g.article_id HAVING count(*) > 1) article"""
_PRINT_OF = f"""
SELECT {_PRINT.format("layer", "revision")} FROM unnest(%s::bigint[], %s::int[]) n (layer, revision)"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not compared, by reason: keys of articles, and of assignments. A layer that counts
    may be over an article that is left out."""

    articles: Mapping[str, Keys] = field(default_factory=dict)
    layers: Mapping[str, Keys] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[str, list[int]]]:
        return {
            name: {reason: [*keys] for reason, keys in kept.items()}
            for name, kept in (("articles", self.articles), ("layers", self.layers))
        }


def values(campaign: Campaign, *, include_open: bool) -> dict[str, Any]:
    """Return what the conditions of this module ask for."""
    return {"campaign": campaign.pk, "open": include_open}


def left_out(campaign: Campaign, *, include_open: bool) -> LeftOut:
    """Return what does not count now, and why. Two queries."""
    known = values(campaign, include_open=include_open)
    return LeftOut(dict(_lists(_ARTICLES, known)), dict(_lists(_LAYERS, known)))


def not_submitted(campaign: Campaign, *, include_open: bool) -> dict[str, Keys]:
    """Return the layers that count although they are not submitted, by status. One query, none
    where such do not count."""
    if not include_open:
        return {}
    return dict(_lists(_OPEN, values(campaign, include_open=True)))


def compared_now(campaign: Campaign, *, include_open: bool) -> list[tuple[int, int]]:
    """Return the layers that would be compared now, with their revisions. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, values(campaign, include_open=include_open))
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows


def print_now(campaign: Campaign, *, include_open: bool) -> int | None:
    """Return what tells the layers that would be compared now, at their revisions, from others: quicker
    than the layers. One query."""
    return _print(_PRINT_NOW, values(campaign, include_open=include_open))


def print_of(layers: Sequence[int], revisions: Sequence[int]) -> int | None:
    """Return the same of these layers. One query."""
    return _print(_PRINT_OF, [layers, revisions])


def _print(sql: str, told: Mapping[str, Any] | Sequence[Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        (found,) = cursor.fetchone() or (None,)
        return found


def _lists(sql: str, known: Mapping[str, Any]) -> Iterator[tuple[str, Keys]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, known)
        yield from cursor.fetchall()
