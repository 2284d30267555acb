"""Layers that are compared while somebody waits: few, and in no run, since a run has none of them.

People with themselves, who labelled an article again in another campaign of the same schema; and
annotators with the gold layer, which no run counts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.measures.annotators import Pair
from annotations.agreement.measures.tally import Counts, Key, tally
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of

MOST = 500
"""Pairs of layers that are compared, the latest: some seconds of work at most."""

_SIDES = """
SELECT u.username, a.length, a.id, g.id, o.id
  FROM assignment g
  JOIN assignment o ON o.article_id = g.article_id
  JOIN article a ON a.id = g.article_id
  JOIN account u ON u.id = g.annotator_id
 WHERE g.kind = 'annotator' AND g.status = 'submitted' AND NOT g.withdrawn
   AND o.status = 'submitted' AND NOT o.withdrawn AND a.withdrawn_at IS NULL
"""
_LATEST = " ORDER BY g.submitted_at DESC NULLS LAST, g.id, o.id LIMIT %(most)s"

_AGAIN = f"""{_SIDES}
   AND g.id = ANY(%(layers)s) AND o.campaign_id = ANY(%(campaigns)s) AND o.kind = 'annotator'
   AND o.annotator_id = g.annotator_id AND o.schema_id = g.schema_id{_LATEST}"""

_GOLD = f"""{_SIDES}
   AND g.campaign_id = %(campaign)s AND o.campaign_id = g.campaign_id AND o.kind = 'gold'
   AND (%(annotator)s::bigint IS NULL OR g.annotator_id = %(annotator)s){_LATEST}"""


@dataclass(frozen=True, slots=True)
class Direct:
    """By annotator and article, the counts (`tally`) of their layers; the annotator's is the first."""

    counts: Mapping[str, Mapping[int, Counts]] = field(default_factory=dict)

    def pair(self, name: str, labels: Collection[str], variant: str) -> Pair:
        """Return the sums of an annotator over these labels."""
        return pair_of(self.counts[name].values(), labels, variant)

    def articles(self, name: str) -> int:
        return len(self.counts[name])


def pair_of(several: Collection[Counts], labels: Collection[str], variant: str) -> Pair:
    """Return the summed counts of two sides over these labels."""

    def total(*key: str) -> int:
        return sum(counts.get((label, *key), 0) for counts in several for label in labels)

    return Pair(total("matched", variant), total("first"), total("second"))


def again(run: AgreementRun, campaigns: "QuerySet[Campaign]") -> Direct:
    """Return people with themselves: their layers of a run, and those that they submitted of the
    same articles in these other campaigns. Five queries, one where there are no such campaigns."""
    alike = campaigns.filter(schema=run.campaign.schema_id, corpus=run.campaign.corpus_id)
    others = alike.exclude(pk=run.campaign_id)
    keys = [*others.values_list("pk", flat=True)]
    if not keys:
        return Direct()
    known = {"layers": run.layers["assignments"], "campaigns": keys}
    return _compared(run.campaign, _AGAIN, known)


def against_gold(campaign: Campaign, annotator: int | None = None) -> Direct:
    """Return annotators, or this one, with the gold layers of a campaign: of articles of which both
    are submitted. Three queries, one where there are none."""
    return _compared(campaign, _GOLD, {"campaign": campaign.pk, "annotator": annotator})


def _compared(campaign: Campaign, sql: str, known: Mapping[str, Any]) -> Direct:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": MOST, **known})
        rows: Sequence[tuple[str, int, int, int, int]] = cursor.fetchall()
    if not rows:
        return Direct()
    compared = Compared.of(spec_of(campaign.schema_id))
    layers = read({key for row in rows for key in row[3:]}, compared, Identities({}))
    found: defaultdict[str, defaultdict[int, Counter[Key]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for name, length, article, one, other in rows:
        counts = tally(length, layers[one].linked.marks, layers[other].linked.marks)
        found[name][article].update(counts)
    return Direct({name: dict(each) for name, each in sorted(found.items())})
