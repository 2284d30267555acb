"""All pairs of a campaign are counted, by as many workers as there are."""

import time
from collections.abc import Callable, Sequence

from annotations.agreement import pairs
from annotations.agreement.layers import Compared
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs
from annotations.schema.spec import Spec

HELP = "agreement_count"
"""The kind of job that counts beside another."""

_HELPERS = 3
_WORTH_HELP = 3 * pairs.AT_ONCE
_PAUSE = 0.05  # seconds, between two looks at what others have in hand

Advance = Callable[[int, int], None]


def count_all(
    campaign: Campaign,
    spec: Spec,
    *,
    articles: Sequence[int],
    include_open: bool,
    advance: Advance,
    helped: bool,
) -> int:
    """Every two layers of these articles that count, and all that wait, are counted at their
    revisions. Returns how many pairs had to be; `advance` hears (done, all) of those. What a helper
    that dies had in hand is counted here.
    """
    pairs.bring_up_to_date(campaign, include_open=include_open, articles=articles)
    total = pairs.waiting(campaign)
    if helped and total > _WORTH_HELP:
        _ask_for_help(campaign)
    compared = Compared.of(spec)
    left = total
    while left:
        advance(total - left, total)
        if not pairs.count_some(campaign, compared):
            time.sleep(_PAUSE)
        left = min(left, pairs.waiting(campaign))
    advance(total, total)
    return total


def help_out(campaign: Campaign, spec: Spec, *, advance: Callable[[int], None]) -> int:
    """Pairs that wait are counted until none is left, or others have the rest in hand. Returns how
    many were."""
    compared, counted = Compared.of(spec), 0
    while some := pairs.count_some(campaign, compared):
        counted += some
        advance(counted)
    return counted


def _ask_for_help(campaign: Campaign) -> None:
    for number in range(_HELPERS):
        key = f"{HELP}:{campaign.pk}:{number}"
        jobs.start(HELP, {"campaign": campaign.pk}, by=None, dedupe_key=key)
