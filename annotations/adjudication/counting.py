"""How many articles of a campaign stand where: counted from what is kept, after what changed since."""

from collections.abc import Collection, Mapping

from django.db import connection, transaction

from annotations.adjudication.queries import STATES, Counts
from annotations.assignments.models import Campaign
from annotations.spans.images import fetch

_KNOWN = """
SELECT campaign_id, state, count(*) FROM article_standing
 WHERE campaign_id = ANY(%(campaigns)s) GROUP BY campaign_id, state"""
_IS_BEHIND = "SELECT EXISTS (SELECT FROM standing_change WHERE campaign_id = ANY(%(campaigns)s))"

# others who ask at the same time wait, in one order, and find nothing left to do
_TURN = """
SELECT pg_advisory_xact_lock(hashtextextended('article_standing', c.id))
  FROM (SELECT id FROM unnest(%(campaigns)s::bigint[]) AS x (id) ORDER BY id) c"""
_CHANGED = """
WITH gone AS (DELETE FROM standing_change WHERE campaign_id = ANY(%(campaigns)s) RETURNING campaign_id, article_id)
SELECT DISTINCT campaign_id, article_id FROM gone"""
_FORGET = """
DELETE FROM article_standing s USING unnest(%(campaigns)s::bigint[], %(articles)s::bigint[]) AS x (campaign, article)
 WHERE s.campaign_id = x.campaign AND s.article_id = x.article"""
_OF_EACH = STATES.format(range="AND g.article_id = ANY(c.articles)").replace("%(campaign)s", "c.id")
_KEEP = f"""
INSERT INTO article_standing (campaign_id, article_id, state)
SELECT c.id, x.key, x.state
  FROM (SELECT id, array_agg(article) AS articles
          FROM unnest(%(campaigns)s::bigint[], %(articles)s::bigint[]) AS y (id, article) GROUP BY id) c
 CROSS JOIN LATERAL ({_OF_EACH}) x"""


def counts_of(campaigns: Collection[int]) -> Mapping[int, Counts]:
    """Return how many articles of each of these campaigns stand where. Two queries, or six where something
    changed since somebody asked last."""
    keys = {"campaigns": [*campaigns]}
    if fetch(_IS_BEHIND, keys)[0][0]:
        _catch_up(keys)
    found: dict[int, dict[str, int]] = {campaign: {} for campaign in campaigns}
    for campaign, state, number in fetch(_KNOWN, keys):
        found[campaign][state] = number
    return {campaign: Counts(**numbers) for campaign, numbers in found.items()}


def counts(campaign: Campaign) -> Counts:
    """Return the same of one campaign."""
    return counts_of([campaign.pk])[campaign.pk]


@transaction.atomic
def _catch_up(keys: Mapping[str, list[int]]) -> None:
    """What changed is looked at anew. A change is cleared away before its article is looked at, each in
    a statement of its own: what comes in between leaves another change."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, keys)
        cursor.execute(_CHANGED, keys)
        changed = cursor.fetchall()
        pairs = {
            "campaigns": [campaign for campaign, _article in changed],
            "articles": [article for _campaign, article in changed],
        }
        cursor.execute(_FORGET, pairs)
        cursor.execute(_KEEP, pairs)
