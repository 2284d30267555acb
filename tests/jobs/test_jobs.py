"""The outbox: claimed once, retried, given up, cancelled, never lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.utils import timezone

from annotations.history.models import Event
from annotations.jobs import registry, running, services
from annotations.jobs.models import Job, State
from annotations.jobs.sweep import sweep
from annotations.tasks import run_job

Steps = list[str]


@pytest.fixture
def handler() -> Iterator[dict[str, registry.Handler]]:
    """A kind of job for one test: `handler["do"]` is what it does."""
    does: dict[str, registry.Handler] = {"do": lambda job: {"echo": job.args.get("word")}}
    registry.handles("test")(lambda job: does["do"](job))
    yield does
    registry._handlers.pop("test")


@pytest.mark.django_db
def test_a_job_is_done_and_keeps_its_result(handler: dict[str, registry.Handler]) -> None:
    job = services.run_here("test", {"word": "kutip"}, by=None)
    assert (job.state, job.result, job.attempts) == (State.DONE, {"echo": "kutip"}, 1)
    assert job.lease_until is None


@pytest.mark.django_db
def test_a_refusal_is_final_and_says_why(handler: dict[str, registry.Handler]) -> None:
    def refuse(job: services.Running) -> registry.Result:
        raise services.Refused("This corpus is empty.")

    handler["do"] = refuse
    job = services.run_here("test", {}, by=None)
    assert (job.state, job.error) == (State.FAILED, "This corpus is empty.")


@pytest.mark.django_db
def test_a_fault_is_tried_three_times(handler: dict[str, registry.Handler]) -> None:
    def fail(job: services.Running) -> registry.Result:
        raise RuntimeError("no luck")

    handler["do"] = fail
    job = services.run_here("test", {}, by=None)
    states = [job.state]
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        states.append(getattr(running.execute(job.pk), "state", None))
    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    assert running.execute(job.pk) is None


@pytest.mark.django_db
def test_a_job_is_claimed_once(handler: dict[str, registry.Handler]) -> None:
    job = services.start("test", {}, by=None)
    assert running.claim(job.pk) is not None
    assert running.claim(job.pk) is None
    assert running.execute(job.pk) is None


@pytest.mark.django_db
def test_a_dedupe_key_gives_the_live_job(handler: dict[str, registry.Handler]) -> None:
    first = services.start("test", {}, by=None, dedupe_key="one")
    assert services.start("test", {}, by=None, dedupe_key="one").pk == first.pk
    running.execute(first.pk)
    assert services.start("test", {}, by=None, dedupe_key="one").pk != first.pk


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_writes_nothing(handler: dict[str, registry.Handler]) -> None:
    def overtaken(job: services.Running) -> registry.Result:
        Job.objects.filter(pk=job.id).update(lease_token=job.token + 1)
        return {"from": "the dead"}

    handler["do"] = overtaken
    job = services.run_here("test", {}, by=None)
    assert (job.state, job.result) == (State.RUNNING, None)


@pytest.mark.django_db
def test_hold_refuses_who_lost_the_lease(handler: dict[str, registry.Handler]) -> None:
    seen: Steps = []

    def overtaken(job: services.Running) -> registry.Result:
        Job.objects.filter(pk=job.id).update(lease_token=job.token + 1)
        with transaction.atomic():
            try:
                job.hold()
            except services.LeaseLost:
                seen.append("refused")
        return {}

    handler["do"] = overtaken
    services.run_here("test", {}, by=None)
    assert seen == ["refused"]


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once(handler: dict[str, registry.Handler]) -> None:
    job = services.start("test", {}, by=None)
    services.cancel(job.pk, by=None)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert running.execute(job.pk) is None


@pytest.mark.django_db
def test_an_expired_lease_is_given_up_and_fails_after_the_last_try(
    handler: dict[str, registry.Handler],
) -> None:
    job = services.start("test", {}, by=None)
    states = []
    for _ in range(3):
        running.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep()
        job.refresh_from_db()
        states.append(job.state)
    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    assert job.error


@pytest.mark.django_db
def test_the_sweeper_rings_when_a_pause_is_over_or_no_bell_was_rung(
    handler: dict[str, registry.Handler],
) -> None:
    def rung(created: float, rang: float | None, due: float, attempts: int) -> bool:
        """How many seconds ago it was entered, rung (None: never) and due; whether it is rung now."""
        now = timezone.now()
        job = services.start("test", {}, by=None)
        before = None if rang is None else now - timedelta(seconds=rang)
        Job.objects.filter(pk=job.pk).update(
            created_at=now - timedelta(seconds=created),
            rung_at=before,
            run_after=now - timedelta(seconds=due),
            attempts=attempts,
        )
        sweep()
        job.refresh_from_db()
        return job.rung_at != before

    assert rung(created=5, rang=5, due=1, attempts=1), "it failed, and has paused"
    assert not rung(created=5, rang=5, due=-1, attempts=1), "it pauses still"
    assert not rung(created=5, rang=1, due=2, attempts=1), "it was rung since"
    assert rung(created=3, rang=None, due=3, attempts=0), "the broker did not answer"
    assert not rung(created=1, rang=None, due=1, attempts=0), "its bell may be on the way"
    assert not rung(created=5, rang=5, due=5, attempts=0), "all workers may be at work"
    assert rung(created=12, rang=12, due=12, attempts=0), "the bell was lost"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_job_of_a_rolled_back_transaction_never_was(
    handler: dict[str, registry.Handler],
) -> None:
    def give_up() -> None:
        with transaction.atomic():
            services.start("test", {}, by=None)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        give_up()
    assert (Job.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_five_bells_at_once_do_the_job_once(handler: dict[str, registry.Handler]) -> None:
    did: list[UUID] = []

    def once(job: services.Running) -> registry.Result:
        did.append(job.id)
        return {}

    handler["do"] = once
    job = Job.objects.create(kind="test", run_after=timezone.now())

    def ring() -> None:
        run_job(str(job.pk))
        connections.close_all()

    bells = [threading.Thread(target=ring) for _ in range(5)]
    for bell in bells:
        bell.start()
    for bell in bells:
        bell.join()
    assert did == [job.pk]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_progress_is_seen_while_the_job_sits_in_a_transaction(
    handler: dict[str, registry.Handler],
) -> None:
    seen: list[tuple[int, int | None, bool]] = []

    def slow(job: services.Running) -> registry.Result:
        with transaction.atomic():
            job.report(3, 10, "three")
            moment = threading.Event()
            threading.Thread(target=lambda: (look(job.id), moment.set())).start()
            moment.wait(10)
        return {}

    def look(job_id: UUID) -> None:
        for _ in range(100):
            job = Job.objects.get(pk=job_id)
            if job.done:
                break
            threading.Event().wait(0.05)
        seen.append((job.done, job.total, job.lease_until is not None))
        connections.close_all()

    handler["do"] = slow
    services.run_here("test", {}, by=None)
    assert seen == [(3, 10, True)]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_running_job_is_cancelled_at_its_next_report(
    handler: dict[str, registry.Handler],
) -> None:
    def endless(job: services.Running) -> registry.Result:
        services.cancel(job.id, by=None)
        for step in range(200):
            job.report(step)
            threading.Event().wait(0.05)
        return {}

    handler["do"] = endless
    assert services.run_here("test", {}, by=None).state == State.CANCELLED
