"""A job that ended early is put back into the queue: once, whole, and never beside its like."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone

from annotations.accounts.models import User
from annotations.jobs import registry, running, services
from annotations.jobs.log import newest
from annotations.jobs.models import Job, State

Doing = dict[str, registry.Handler]


@pytest.fixture
def handler() -> Iterator[Doing]:
    does: Doing = {"do": lambda job: {}}
    registry.handles("test")(lambda job: does["do"](job))
    yield does
    registry._handlers.pop("test")


def failing(job: services.Running) -> registry.Result:
    job.save_checkpoint({"after": 500})
    raise services.Refused("The disk is full.")


@pytest.mark.django_db
def test_a_failed_job_goes_on_from_its_checkpoint(handler: Doing, manager: User) -> None:
    handler["do"] = failing
    job = services.run_here("test", {}, by=None)
    handler["do"] = lambda again: {"after": again.checkpoint["after"]}
    assert services.retry(job.pk, by=manager)
    done = running.execute(job.pk)
    assert done is not None
    assert (done.state, done.result, done.error) == (State.DONE, {"after": 500}, "")
    retried = newest(job.pk, 50)[3]
    assert (retried.verb, retried.by) == ("job.retried", manager)


@pytest.mark.django_db
def test_attempts_are_counted_anew_up_to_the_limit(handler: Doing) -> None:
    def fault(job: services.Running) -> registry.Result:
        raise RuntimeError

    def all_attempts() -> int:
        for tried in range(10):
            Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
            if running.execute(job.pk) is None:
                return tried
        return 10

    handler["do"] = fault
    job = services.start("test", {}, by=None)
    assert all_attempts() == 3
    services.retry(job.pk, by=None)
    assert all_attempts() == 3


@pytest.mark.django_db
def test_a_cancelled_job_is_not_cancelled_again_when_it_is_retried(handler: Doing) -> None:
    job = services.start("test", {}, by=None)
    services.cancel(job.pk, by=None)
    assert services.retry(job.pk, by=None)
    again = running.execute(job.pk)
    assert again is not None
    assert (again.state, again.cancel_requested) == (State.DONE, False)


@pytest.mark.django_db
def test_what_lives_or_is_done_stays_as_it_is(handler: Doing) -> None:
    waiting = services.start("test", {}, by=None)
    claimed = services.start("test", {}, by=None)
    running.claim(claimed.pk)
    done = services.run_here("test", {}, by=None)
    for job in (waiting, claimed, done):
        before = Job.objects.filter(pk=job.pk).values().get()
        lines = len(newest(job.pk, 50))
        assert not services.retry(job.pk, by=None)
        assert Job.objects.filter(pk=job.pk).values().get() == before
        assert len(newest(job.pk, 50)) == lines


@pytest.mark.django_db
def test_a_job_is_not_put_beside_a_live_one_of_its_key(handler: Doing) -> None:
    handler["do"] = failing
    first = services.start("test", {}, by=None, dedupe_key="one")
    running.execute(first.pk)
    second = services.start("test", {}, by=None, dedupe_key="one")
    with pytest.raises(services.UnderWay):
        services.retry(first.pk, by=None)
    first.refresh_from_db()
    assert (first.state, newest(first.pk, 1)[0].verb) == (State.FAILED, "job.failed")
    services.cancel(second.pk, by=None)
    assert services.retry(first.pk, by=None)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_ten_retries_at_once_do_the_job_once(handler: Doing) -> None:
    did: list[int] = []
    job = services.start("test", {}, by=None)
    services.cancel(job.pk, by=None)

    def once(job: services.Running) -> registry.Result:
        did.append(1)
        return {}

    def again() -> None:
        services.retry(job.pk, by=None)
        running.execute(job.pk)
        connections.close_all()

    handler["do"] = once
    people = [threading.Thread(target=again) for _ in range(10)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    verbs = [line.verb for line in newest(job.pk, 50)]
    assert did == [1]
    assert verbs.count("job.retried") == 1
    assert Job.objects.get(pk=job.pk).state == State.DONE


@pytest.mark.django_db
def test_a_worker_that_comes_back_after_a_retry_writes_nothing(handler: Doing) -> None:
    def given_up(job: services.Running) -> registry.Result:
        Job.objects.filter(pk=job.id).update(state=State.FAILED, lease_until=None)
        services.retry(job.id, by=None)
        running.claim(job.id)
        return {"from": "the dead"}

    handler["do"] = given_up
    job = services.run_here("test", {}, by=None)
    assert (job.state, job.result, job.attempts) == (State.RUNNING, None, 1)
    assert newest(job.pk, 1)[0].verb == "job.claimed"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_cancel_and_claim_at_once_leave_a_job_that_will_stop(handler: Doing) -> None:
    """Whoever comes first: a queued job is cancelled, a claimed one is asked to stop."""
    for _ in range(10):
        job = Job.objects.create(kind="test", run_after=timezone.now())

        def claim(job: Job = job) -> None:
            running.claim(job.pk)
            connections.close_all()

        def cancel(job: Job = job) -> None:
            services.cancel(job.pk, by=None)
            connections.close_all()

        both = [threading.Thread(target=claim), threading.Thread(target=cancel)]
        for each in both:
            each.start()
        for each in both:
            each.join()
        job.refresh_from_db()
        assert job.cancel_requested
        assert job.state in (State.RUNNING, State.CANCELLED)
