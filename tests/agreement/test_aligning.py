"""Articles are counted with all their layers by any number of workers: the same rows, and no one lost."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from annotations.agreement import aligning, depth, handlers, together
from annotations.agreement.layers import Compared
from annotations.agreement.models import AgreementArticle, AgreementRun
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.schema.services import spec_of
from tests.agreement.conftest import Study
from tests.agreement.layers import mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(study: Study, monkeypatch: pytest.MonkeyPatch) -> AgreementRun:
    """A run over three articles, which are taken one by one."""
    monkeypatch.setattr(aligning, "HANDFUL", 1)
    monkeypatch.setattr(aligning, "_WORTH_HELP", 1)
    for at in range(3):
        study.lay(at, study.annotator_a, mark("QUOTE", (0, 9)), mark("ACTOR", (30, 35 + at)))
        study.lay(at, study.annotator_b, mark("QUOTE", (0, 8)), mark("ACTOR", (30, 40)))
    return study.run()


def alive(run: AgreementRun) -> Job:
    """The job that computes the figures in depth, in the queue."""
    args: dict[str, object] = {"campaign": run.campaign_id, "run": run.pk}
    return jobs.start(handlers.DEPTH, args, by=None, dedupe_key="depth")


def help_out(run: AgreementRun, of: Job, number: int, advance: Callable[[int], None]) -> int:
    compared = Compared.of(spec_of(run.campaign.schema_id))
    return aligning.help_out(run, number, compared, of=of.pk, advance=advance)


def rows() -> list[tuple[int, bytes, bytes]]:
    told = AgreementArticle.objects.order_by("article").values_list("article", "layers", "found")
    return [(article, bytes(layers), bytes(found)) for article, layers, found in told]


def test_whoever_counts_the_rows_are_the_same(run: AgreementRun) -> None:
    depth.deepen(run, lambda *told: None)
    alone, results = rows(), run.depth["results"]
    AgreementArticle.objects.all().delete()
    run.depth = None

    class Died(Exception):
        pass

    def die(done: int) -> None:
        if done == 2:
            raise Died

    with pytest.raises(Died):
        help_out(run, alive(run), 2, die)
    assert len(rows()) == 2
    told: list[int] = []
    depth.deepen(run, lambda done, total, words: told.append(done))
    assert (rows(), run.depth["results"], told) == (alone, results, [2, 3])


def test_helpers_begin_at_different_articles(run: AgreementRun) -> None:
    first: dict[int, int] = {}
    for number in (1, 2, 3):
        AgreementArticle.objects.all().delete()

        def stop(done: int) -> None:
            raise jobs.Cancelled

        with pytest.raises(jobs.Cancelled):
            help_out(run, alive(run), number, stop)
        first[number] = AgreementArticle.objects.get().article_id
    assert [first[number] for number in (1, 2, 3)] == [
        each.article for each in together.articles(run)
    ]


def test_what_one_has_in_hand_the_others_leave_until_he_is_gone(
    run: AgreementRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    (article, *_) = [each.article for each in together.articles(run)]
    another = connection.copy()
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [aligning._HANDFULS, article])
    assert help_out(run, alive(run), 1, lambda done: None) == 2
    waited: list[float] = []

    def wait(seconds: float) -> None:
        assert len(rows()) == 2
        waited.append(seconds)
        another.close()

    monkeypatch.setattr("annotations.agreement.aligning.time.sleep", wait)
    depth.deepen(run, lambda *told: None)
    assert len(rows()) == 3
    assert waited


def test_nobody_helps_a_job_that_ended(run: AgreementRun) -> None:
    job = alive(run)
    Job.objects.filter(pk=job.pk).update(state=State.CANCELLED)
    assert help_out(run, job, 1, lambda done: None) == 0
    assert not rows()


def test_a_large_run_asks_other_workers_once(run: AgreementRun) -> None:
    job = alive(run)
    for _ in range(2):
        AgreementArticle.objects.all().delete()
        aligning.count_all(
            run,
            together.articles(run),
            Compared.of(spec_of(run.campaign.schema_id)),
            lambda done, total: None,
            helped_for=job.pk,
        )
    helpers = Job.objects.filter(kind=aligning.HELP)
    assert [each.args["number"] for each in helpers.order_by("dedupe_key")] == [1, 2, 3]
    assert {each.args["of"] for each in helpers} == {str(job.pk)}


def test_a_helper_is_a_job(run: AgreementRun) -> None:
    args: dict[str, Any] = {"campaign": run.campaign_id, "run": run.pk, "number": 1}
    job = jobs.run_here(aligning.HELP, args | {"of": str(alive(run).pk)}, by=None)
    assert (job.state, job.result) == (State.DONE, {"articles": 3})
    gone = jobs.run_here(aligning.HELP, args | {"run": 0, "of": str(uuid4())}, by=None)
    assert (gone.state, gone.attempts) == (State.FAILED, 1)
