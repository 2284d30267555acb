"""One load of a campaign at a time, and what is done with those that died.

Whoever loads holds an advisory lock, which PostgreSQL takes back from a process that is gone. So a
layer that is still being loaded while its campaign's lock is free belongs to a load that is dead.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.jobs.models import LIVE, Job

_LOADS = 0x4B76  # the class of our advisory locks; the campaign's id completes the key
_TURN_SECONDS = 0.2


@contextmanager
def turn(campaign: Campaign, progress: Callable[[int, int, str], None]) -> Iterator[None]:
    """This process alone loads into the campaign, and nothing of a load that died is left. While
    it waits, `progress` may raise."""
    while not _take(campaign.pk):
        progress(0, 0, _("Waiting for another load of this campaign"))
        time.sleep(_TURN_SECONDS)
    try:
        _discard_loads(campaign)
        yield
    finally:
        _give_back(campaign.pk)


def discard_abandoned() -> int:
    """The places that a load had taken when it died for good wait again. Loads that go on, or will
    be tried again, keep theirs. Returns how many campaigns were looked at."""
    abandoned = (
        Assignment.objects.filter(load_job__isnull=False, status=Status.LOADING)
        .exclude(load_job__in=Job.objects.filter(state__in=LIVE).values("pk"))
        .values("campaign_id")
    )
    campaigns = Campaign.objects.filter(pk__in=abandoned)
    for campaign in campaigns:
        if _take(campaign.pk):
            try:
                _discard_loads(campaign)
            finally:
                _give_back(campaign.pk)
    return len(campaigns)


def _discard_loads(campaign: Campaign) -> None:
    """Layers that another load was writing when it died: as it is our turn, it is dead."""
    dead = campaign.assignments.filter(status=Status.LOADING)
    for load in set(dead.values_list("load_job", flat=True)):
        if load:
            assignments.discard_load(load, campaign)


def _take(campaign: int) -> bool:
    return _asked("SELECT pg_try_advisory_lock(%s, %s)", [_LOADS, campaign])


def _give_back(campaign: int) -> None:
    _asked("SELECT pg_advisory_unlock(%s, %s)", [_LOADS, campaign])


def _asked(question: str, values: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return bool(cursor.fetchone() == (True,))
