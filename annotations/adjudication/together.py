"""Settle by a rule whatever is ready in a campaign; what stays open waits for an adjudicator."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from annotations.accounts.models import User
from annotations.adjudication.closing import submit_gold
from annotations.adjudication.preparing import MACHINE, is_untouched, prepare
from annotations.adjudication.queries import awaiting
from annotations.adjudication.rules import Rule
from annotations.adjudication.services import hand_back, hand_out
from annotations.assignments.models import Campaign, Kind
from annotations.assignments.services import Impossible
from annotations.spans.submit import Incomplete

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Settled:
    """How many articles are settled and submitted, how many are left open, and the last of them."""

    settled: int = 0
    open: int = 0
    after: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(self.settled + other.settled, self.open + other.open, other.after)


def settle_ready(
    campaign: Campaign,
    rule: Rule,
    *,
    by: User,
    before: Settled,
    progress: Callable[[int], None],
    keep: Callable[[Settled], None],
) -> Settled:
    """Every article that is ready, or that `by` opened and did not touch, is settled as far as the
    rule goes; one without an open case is submitted, any other waits for whoever adjudicates next,
    with what a majority decided in it.

    Goes on behind what was done `before`. Each article is a transaction of its own, in which `keep`
    is told what was done by then; `progress` is told how many articles were looked at, and may raise,
    to stop.
    """
    done = before
    while keys := awaiting(campaign, by.pk, MACHINE, after=done.after, most=_AT_ONCE):
        for key in keys:
            with transaction.atomic():
                done += _settle(campaign, key, rule, by)
                keep(done)
            progress(done.settled + done.open)
    return done


@transaction.atomic
def _settle(campaign: Campaign, article: int, rule: Rule, by: User) -> Settled:
    own = campaign.assignments.filter(article=article, kind=Kind.GOLD, annotator=by).exists()
    try:
        gold = hand_out(campaign, article, by=by)
    except Impossible:
        return Settled(after=article)  # it is somebody's, or not ready any more
    if not is_untouched(gold):
        return Settled(after=article)
    prepare(gold, by=by, rule=rule)
    try:
        submit_gold(gold, by=by)
    except Incomplete:
        if rule is Rule.EQUAL:
            transaction.set_rollback(True)  # whoever opens it finds it prepared, as it is by then
        elif not own:
            hand_back(gold)
        return Settled(open=1, after=article)
    return Settled(settled=1, after=article)
