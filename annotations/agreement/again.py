"""People with themselves: who labelled an article again, in another campaign of the same schema."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.measures.annotators import Names, Pair
from annotations.agreement.measures.tally import Key, tally
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of

MOST = 500
"""Layers of the run that are compared with another pass, the latest: some seconds of work at most."""

_PASSES = """
SELECT u.username, a.length, a.id, g.id, o.id
  FROM assignment g
  JOIN assignment o ON o.annotator_id = g.annotator_id AND o.article_id = g.article_id
   AND o.campaign_id <> g.campaign_id AND o.schema_id = g.schema_id
  JOIN article a ON a.id = g.article_id
  JOIN account u ON u.id = g.annotator_id
 WHERE g.id = ANY(%s) AND o.campaign_id = ANY(%s) AND o.kind = 'annotator' AND o.status = 'submitted'
   AND NOT o.withdrawn AND a.withdrawn_at IS NULL
 ORDER BY g.submitted_at DESC NULLS LAST, g.id, o.id LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Passes:
    """Summed counts of people with themselves, and over how many articles each."""

    pairs: Mapping[Names, Pair]
    articles: Mapping[str, int]


def passes(
    run: AgreementRun, labels: Collection[str], variant: str, campaigns: "QuerySet[Campaign]"
) -> Passes:
    """Return how the layers of a run agree with those that the same people submitted of the same
    articles in these other campaigns; MOST at the most. Three queries, one where there are none."""
    others = campaigns.filter(schema=run.campaign.schema_id).exclude(pk=run.campaign_id)
    with connection.cursor() as cursor:
        keys = [*others.values_list("pk", flat=True)]
        cursor.execute(_PASSES, [run.layers["assignments"], keys, MOST])
        rows = cursor.fetchall()
    if not rows:
        return Passes({}, {})
    compared = Compared.of(spec_of(run.campaign.schema_id))
    layers = read(
        {key for *_, one, other in rows for key in (one, other)}, compared, Identities({})
    )
    sums: defaultdict[str, Counter[Key]] = defaultdict(Counter)
    articles: defaultdict[str, set[int]] = defaultdict(set)
    for name, length, article, one, other in rows:
        sums[name].update(tally(length, layers[one].linked.marks, layers[other].linked.marks))
        articles[name].add(article)

    def pair(counts: Mapping[Key, int]) -> Pair:
        keys = (("matched", variant), ("first",), ("second",))
        return Pair(*(sum(counts.get((label, *key), 0) for label in labels) for key in keys))

    return Passes(
        {(name, name): pair(counts) for name, counts in sorted(sums.items())},
        {name: len(each) for name, each in articles.items()},
    )
