"""The pace of a job, from its row: of this attempt, and not before it means anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotations.jobs import running, services
from annotations.jobs.models import Job, State
from annotations.jobs.pace import pace_of
from annotations.jobs.pulse import LEASE
from annotations.jobs.running import Running


def row(seconds: float, **fields: Any) -> Job:
    """A job whose last news came so many seconds after it began to count."""
    since = timezone.now()
    fields = {"state": State.RUNNING, "since_at": since} | fields
    return Job(lease_until=since + timedelta(seconds=seconds) + LEASE, **fields)


def test_the_pace_is_what_this_attempt_did_in_its_time() -> None:
    pace = pace_of(row(20, done=12_400, total=50_000))
    assert pace is not None
    assert (pace.per_second, round(pace.seconds_left or 0, 1)) == (620, 60.6)


def test_what_an_earlier_attempt_did_is_not_counted() -> None:
    pace = pace_of(row(10, since_done=40_000, done=41_000, total=50_000))
    assert pace is not None
    assert (pace.per_second, pace.seconds_left) == (100, 90)


def test_nobody_knows_what_is_left_of_an_unknown_whole() -> None:
    pace = pace_of(row(10, done=50))
    assert pace is not None
    assert (pace.per_second, pace.seconds_left) == (5, None)


def test_more_done_than_there_is_leaves_nothing() -> None:
    pace = pace_of(row(10, done=50, total=40))
    assert pace is not None
    assert pace.seconds_left == 0


@pytest.mark.parametrize(
    "silent",
    [
        row(2.9, done=500, total=600),
        row(10, done=0, total=600),
        row(10, since_done=500, done=500, total=600),
        row(10, since_at=None, done=500, total=600),
        row(10, state=State.QUEUED, done=500, total=600),
    ],
)
def test_there_is_none_before_it_means_anything(silent: Job) -> None:
    assert pace_of(silent) is None


@pytest.mark.parametrize(("ago", "is_known"), [(11, True), (13, False)])
def test_a_worker_that_is_silent_has_no_pace(ago: int, is_known: bool) -> None:
    """Its last words would promise an end that does not come."""
    heard = timezone.now() - timedelta(seconds=ago)
    began = heard - timedelta(seconds=10)
    silent = row(0, done=50, total=60, since_at=began)
    silent.lease_until = heard + LEASE
    assert (pace_of(silent) is not None) == is_known


def since(job: Running) -> object:
    return job.news().get("since_done")


def test_the_count_begins_with_the_first_report_and_with_each_other_thing() -> None:
    job = Running(Job())
    begun = []
    for report in (
        (300, 1_000, "Reading"),
        (400, 1_000, "Reading"),
        (400, 1_000, "Writing"),
        (500, 1_000, "Writing"),
        (20, 1_000, "Writing"),
        (30, 1_100, "Writing"),
    ):
        job.report(*report)
        begun.append(since(job))
    assert begun == [300, None, 400, None, 20, 30]


@pytest.mark.django_db
def test_another_attempt_measures_anew() -> None:
    job = services.start("test", {}, by=None)
    Job.objects.filter(pk=job.pk).update(since_at=timezone.now(), done=7, total=9)
    claimed = running.claim(job.pk)
    assert claimed is not None
    assert (claimed.since_at, pace_of(claimed)) == (None, None)
