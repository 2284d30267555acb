"""What a person adjudicates: the campaigns with articles that are ready, or in their hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.counting import counts_of
from annotations.adjudication.queries import Counts
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind
from annotations.web.shell import way_to

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Settling:
    """One campaign: how many articles are ready, in one's own hands, settled, of how many."""

    name: str
    corpus: str
    url: str
    next_url: str
    ready: int
    mine: int
    settled: int
    total: int


def settling(user: User) -> Sequence[Settling]:
    """Return the running campaigns in which something waits for this person to settle, those in which
    they have begun first. Three queries, one for who adjudicates nowhere."""
    campaigns = list(
        policy.campaigns_adjudicated_by(user)
        .filter(status=Campaign.Status.RUNNING)
        .select_related("corpus")
        .order_by("-started_at", "pk")[:SHOWN]
    )
    if not campaigns:
        return ()
    counts = counts_of([campaign.pk for campaign in campaigns])
    mine = _in_hands(user)
    found = [_settling(each, counts[each.pk], mine.get(each.pk, 0)) for each in campaigns]
    return sorted(
        (each for each in found if each.ready or each.mine), key=lambda each: not each.mine
    )


def _in_hands(user: User) -> Mapping[int, int]:
    golds = Assignment.objects.filter(
        annotator=user, kind=Kind.GOLD, withdrawn=False, status__in=EDITABLE
    )
    return dict(golds.order_by().values_list("campaign").annotate(Count("pk")))


def _settling(campaign: Campaign, counts: Counts, mine: int) -> Settling:
    return Settling(
        name=campaign.name,
        corpus=campaign.corpus.name,
        url=way_to("adjudication", campaign.slug),
        next_url=way_to("adjudicate_next", campaign.slug),
        ready=counts.ready,
        mine=mine,
        settled=counts.settled,
        total=counts.waiting + counts.ready + counts.progress + counts.settled,
    )
