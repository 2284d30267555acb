"""The log of a job says what its row went through: no more, no less, and for good."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.history.models import Event
from annotations.jobs import registry, running, services
from annotations.jobs.log import newest
from annotations.jobs.models import Job
from annotations.jobs.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler() -> Iterator[dict[str, registry.Handler]]:
    does: dict[str, registry.Handler] = {"do": lambda job: {}}
    registry.handles("test")(lambda job: does["do"](job))
    yield does
    registry._handlers.pop("test")


def verbs(job: Job) -> list[str]:
    return [event.verb.removeprefix("job.") for event in newest(job.pk, 50)]


def test_a_job_is_queued_by_somebody_claimed_by_a_worker_and_done(
    handler: dict[str, registry.Handler], manager: User
) -> None:
    job = services.run_here("test", {}, by=manager)
    queued, claimed, done = newest(job.pk, 50)
    assert [queued.by, claimed.by, done.by] == [manager, None, None]
    assert claimed.data == {"attempt": 1, "worker": job.worker}
    assert verbs(job) == ["queued", "claimed", "done"]


def test_each_attempt_that_fails_is_told_with_the_kind_of_error_alone(
    handler: dict[str, registry.Handler],
) -> None:
    def fail(job: services.Running) -> registry.Result:
        raise RuntimeError("the text of a layer nobody may see")

    handler["do"] = fail
    job = services.run_here("test", {}, by=None)
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        running.execute(job.pk)
    assert verbs(job) == ["queued", "claimed", "tried", "claimed", "tried", "claimed", "failed"]
    tried, failed = newest(job.pk, 50)[2], newest(job.pk, 50)[-1]
    assert tried.data == {"attempt": 1, "error": "RuntimeError"}
    assert failed.data == {"attempt": 3, "error": "RuntimeError"}


def test_a_refusal_is_told_in_its_own_words(handler: dict[str, registry.Handler]) -> None:
    def refuse(job: services.Running) -> registry.Result:
        raise services.Refused("This corpus is empty.")

    handler["do"] = refuse
    job = services.run_here("test", {}, by=None)
    assert newest(job.pk, 1)[0].data == {"error": "This corpus is empty."}


def test_a_silent_worker_is_told_and_the_last_one_otherwise(
    handler: dict[str, registry.Handler],
) -> None:
    job = services.start("test", {}, by=None)
    for _ in range(3):
        running.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep()
    assert verbs(job)[1:] == ["claimed", "silent", "claimed", "silent", "claimed", "lost"]
    worker = Job.objects.get(pk=job.pk).worker
    assert newest(job.pk, 1)[0].data == {"attempt": 3, "worker": worker}


def test_who_stopped_it_is_told_once(manager: User) -> None:
    job = services.start("test", {}, by=None)
    for _ in range(2):
        services.cancel(job.pk, by=manager)
    assert verbs(job) == ["queued", "cancelled"]
    assert newest(job.pk, 1)[0].by == manager


def test_who_asked_a_running_job_to_stop_is_told_once(manager: User) -> None:
    job = services.start("test", {}, by=None)
    running.claim(job.pk)
    for _ in range(2):
        services.cancel(job.pk, by=manager)
    assert verbs(job) == ["queued", "claimed", "stopping"]
    assert newest(job.pk, 1)[0].by == manager


def test_a_worker_that_lost_its_lease_writes_no_end(handler: dict[str, registry.Handler]) -> None:
    def overtaken(job: services.Running) -> registry.Result:
        Job.objects.filter(pk=job.id).update(lease_token=job.token + 1)
        return {}

    handler["do"] = overtaken
    assert verbs(services.run_here("test", {}, by=None)) == ["queued", "claimed"]


def test_a_live_job_of_the_same_key_is_not_queued_again() -> None:
    job = services.start("test", {}, by=None, dedupe_key="one")
    services.start("test", {}, by=None, dedupe_key="one")
    assert verbs(job) == ["queued"]


def test_the_log_can_only_grow() -> None:
    job = services.start("test", {}, by=None)
    for change in (
        lambda rows: rows.update(verb="job.done"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Event.objects.filter(thing_id=str(job.pk)))
    assert verbs(job) == ["queued"]
