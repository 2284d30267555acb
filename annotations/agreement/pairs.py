"""The pairs of a campaign's layers: which there are, which wait to be counted, and counting them.

The pairs that wait are rows without counts. Whoever counts takes some that nobody else has, and
writes them in the same transaction: who dies leaves them for the others, and the numbers are the
same whoever counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from annotations.agreement.counted import COUNTS, IN_CAMPAIGN, STANDS, values
from annotations.agreement.identities import Identities
from annotations.agreement.keys import Unnumbered, give_numbers, numbered, packed
from annotations.agreement.layers import Compared, Layer, read
from annotations.agreement.measures.counting import Counted, count
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.models import AgreementPair, AgreementState
from annotations.assignments.models import Campaign
from annotations.corpora.models import ArticleText

AT_ONCE = 200
"""Pairs that are counted in one transaction."""

# The layers of an article are gathered before they are paired: a join of all layers with all layers
# would look at every two of them where the planner takes a campaign that was just filled for empty.
_BRING = f"""
INSERT INTO agreement_pair (campaign_id, article_id, first_id, second_id,
                            first_revision, second_revision, version)
SELECT %(campaign)s, article_id, ids[i], ids[j], revisions[i], revisions[j], %(version)s
  FROM (SELECT g.article_id, array_agg(g.id ORDER BY g.id) AS ids,
               array_agg(g.revision ORDER BY g.id) AS revisions
          FROM assignment g JOIN article a ON a.id = g.article_id
         WHERE {IN_CAMPAIGN.format("g", "a")} AND {STANDS.format("g", "a")}
           AND {COUNTS.format("g")}
           AND (%(articles)s::bigint[] IS NULL OR g.article_id = ANY(%(articles)s))
         GROUP BY g.article_id HAVING count(*) > 1 ORDER BY g.article_id) article
 CROSS JOIN LATERAL generate_series(1, cardinality(ids)) i
 CROSS JOIN LATERAL generate_series(i + 1, cardinality(ids)) j
 WHERE NOT EXISTS (
       SELECT FROM agreement_pair p WHERE p.first_id = ids[i] AND p.second_id = ids[j]
          AND p.first_revision = revisions[i] AND p.second_revision = revisions[j]
          AND p.version = %(version)s)
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET first_revision = excluded.first_revision, second_revision = excluded.second_revision,
       version = excluded.version, counts = NULL, opened = NULL"""

_TURNED = """
UPDATE agreement_pair p SET counts = NULL, opened = NULL
 WHERE p.campaign_id = %(campaign)s AND p.counts IS NOT NULL AND EXISTS (
       SELECT FROM span s WHERE s.entity_id = ANY(%(entities)s)
          AND s.assignment_id IN (p.first_id, p.second_id)
       UNION ALL
       SELECT FROM relation r WHERE r.to_entity_id = ANY(%(entities)s)
          AND r.assignment_id IN (p.first_id, p.second_id))"""

_TAKE = """
SELECT article_id, first_id, second_id FROM agreement_pair
 WHERE campaign_id = %s AND counts IS NULL ORDER BY article_id LIMIT %s FOR UPDATE SKIP LOCKED"""

_WRITE = """
UPDATE agreement_pair p SET counts = n.counts, opened = n.opened,
       first_revision = n.one, second_revision = n.other
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::bytea[], %s::bytea[])
       n(first, second, one, other, counts, opened)
 WHERE p.first_id = n.first AND p.second_id = n.second"""


@dataclass(frozen=True, slots=True)
class Two:
    """Two layers of one article, by the keys of their assignments, the older one first."""

    article: int
    first: int
    second: int


@transaction.atomic
def follow_merges(campaign: Campaign) -> None:
    """Pairs that were counted under other identities of entities wait again. At most four queries."""
    now = Identities.of_registry(campaign.corpus.registry_id)
    state, _ = AgreementState.objects.select_for_update().get_or_create(campaign=campaign)
    if turned := now.unlike(Identities.from_json(state.merged)):
        with connection.cursor() as cursor:
            cursor.execute(_TURNED, {"campaign": campaign.pk, "entities": turned})
        state.merged = now.as_json()
        state.save(update_fields=["merged"])


def bring_up_to_date(
    campaign: Campaign, *, include_open: bool, articles: Sequence[int] | None = None
) -> None:
    """Every two layers that count are a pair at their revisions; those that were counted at others
    wait again. All articles, or these. One query."""
    known = values(campaign, include_open=include_open)
    told = {"version": VERSION, "articles": None if articles is None else list(articles)}
    with connection.cursor() as cursor:
        cursor.execute(_BRING, known | told)


def waiting(campaign: Campaign) -> int:
    """Return how many pairs nobody has counted. One query."""
    return AgreementPair.objects.filter(campaign=campaign, counts__isnull=True).count()


def count_some(campaign: Campaign, compared: Compared) -> int:
    """Some pairs that nobody else is counting are counted, at the revisions they have now.

    Returns how many: 0 where none is left, or others have the rest in hand.
    """
    while True:
        try:
            with transaction.atomic():
                return _count_some(campaign, compared)
        except Unnumbered as fresh:
            # numbered apart from the work: nobody is to wait for that
            with transaction.atomic():
                give_numbers(fresh.keys)


def _count_some(campaign: Campaign, compared: Compared) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [campaign.pk, AT_ONCE])
        taken = [Two(*row) for row in cursor.fetchall()]
    if not taken:
        return 0
    identities = Identities.from_json(AgreementState.objects.get(campaign=campaign).merged)
    layers = read({key for two in taken for key in (two.first, two.second)}, compared, identities)
    texts = dict(
        ArticleText.objects.filter(article__in={two.article for two in taken}).values_list(
            "article", "text"
        )
    )
    counted = [
        count(
            texts[two.article],
            layers[two.first].linked,
            layers[two.second].linked,
            compared.order,
        )
        for two in taken
    ]
    _write(taken, layers, counted)
    return len(taken)


def _write(taken: Sequence[Two], layers: "dict[int, Layer]", counted: Sequence[Counted]) -> None:
    columns: list[Any] = [
        [two.first for two in taken],
        [two.second for two in taken],
        [layers[two.first].revision for two in taken],
        [layers[two.second].revision for two in taken],
        numbered([one.bounded for one in counted]),
        [packed(one.open) for one in counted],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)
