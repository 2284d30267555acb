"""The list of jobs: whose they are, in which order, what is asked for, where they lead."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.jobs import listing as paging
from annotations.jobs.models import Job
from annotations.web.jobs.about import REPORTS
from annotations.web.jobs.listing import duration
from annotations.web.jobs.outcomes import COUNTS, outcome
from annotations.web.progress import TITLES
from annotations.web.shell import way_to
from tests import factories
from tests.web.test_jobs import job

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("banjir")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/jobs/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def order(page: str, *jobs: Job) -> list[int]:
    """The places of these jobs in the page, -1 where one is not there."""
    return [page.find(f"/jobs/{one.pk}/") for one in jobs]


def aged(job: Job, minutes: int) -> Job:
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    return job


def test_one_sees_ones_own_and_those_of_what_one_manages(
    signed_in: Any, manager: User, corpus: Corpus
) -> None:
    other = factories.user(role="manager")
    mine, theirs = job(manager, "done"), job(other, "done", args={"corpus": corpus.pk})
    foreign = job(other, "done")
    page = listed(signed_in(manager))
    assert min(order(page, mine, theirs)) > 0
    assert order(page, foreign) == [-1]
    assert min(order(listed(signed_in(factories.user(role="admin"))), mine, theirs, foreign)) > 0


@pytest.mark.parametrize("role", ["manager", "annotator", "analyst", "adjudicator"])
def test_a_stranger_sees_none(signed_in: Any, manager: User, corpus: Corpus, role: str) -> None:
    watched = job(manager, "done", args={"corpus": corpus.pk})
    page = listed(signed_in(factories.user(role=role)))
    assert order(page, watched) == [-1]
    assert "No jobs yet" in page
    assert "banjir" not in page


def test_the_signed_out_sign_in_first() -> None:
    answer = Client().get("/jobs/?state=done")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fjobs%2F%3Fstate%3Ddone"


def test_the_newest_come_first_in_pages_that_meet(
    signed_in: Any, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "JOBS_A_PAGE", 2)
    client = signed_in(manager)
    jobs = [aged(job(manager, "done"), minutes) for minutes in range(5)]
    same = Job.objects.get(pk=jobs[2].pk).created_at
    Job.objects.filter(pk__in=[jobs[1].pk, jobs[2].pk]).update(created_at=same)
    ordered = list(Job.objects.order_by("-created_at", "-pk"))
    seen: list[Job] = []
    query = ""
    for _ in range(3):
        page = listed(client, query)
        seen += sorted((one for one in ordered if order(page, one) != [-1]), key=ordered.index)
        query = f"?after={seen[-1].pk}"
    assert seen == ordered
    assert 'rel="next"' not in page
    before = listed(client, f"?before={ordered[2].pk}")
    assert [one for one in ordered if order(before, one) != [-1]] == ordered[:2]
    assert 'rel="prev"' not in before


def test_state_and_kind_are_asked_for_together(signed_in: Any, manager: User) -> None:
    failed, done = job(manager, "failed"), job(manager, "done")
    page = listed(signed_in(manager), "?state=failed&kind=agreement")
    assert order(page, done) == [-1]
    assert order(page, failed) != [-1]
    assert '<option value="failed" selected>' in page
    page = listed(signed_in(manager), "?state=failed&kind=export")
    assert "There are no such jobs" in page


@pytest.mark.parametrize(
    "query",
    [
        "?state=nothing&kind=<script>",
        "?after=no-uuid&before=" + "9" * 5_000,
        "?after=5e13e919-8e38-44e5-a345-dd877fc786b8",
        "?state=failed%27+or+1=1--",
        "?kind=" + "a" * 5_000,
        "?after=&before=&state=&kind=",
        "?state=done&state=failed&page=-1",
    ],
)
def test_nonsense_is_no_question(signed_in: Any, manager: User, query: str) -> None:
    watched = job(manager, "failed")
    page = listed(signed_in(manager), query)
    assert order(page, watched) != [-1]
    assert "<script>alert" not in page


def test_the_job_of_another_is_no_place_in_the_list(signed_in: Any, manager: User) -> None:
    mine = aged(job(manager, "done"), 5)
    foreign = job(factories.user(role="manager"), "done")
    assert order(listed(signed_in(manager), f"?before={foreign.pk}"), mine) != [-1]


def test_a_load_leads_to_its_corpus_and_its_report(
    signed_in: Any, manager: User, corpus: Corpus
) -> None:
    ended = timezone.now()
    load = job(
        manager,
        "done",
        args={"corpus": corpus.pk, "files": []},
        result={"loaded": 1_200, "already": 0, "refused": 3},
        started_at=ended - timedelta(seconds=75),
        finished_at=ended,
    )
    Job.objects.filter(pk=load.pk).update(kind="load_articles")
    page = listed(signed_in(manager))
    for words in (
        f'<a href="/corpora/banjir/loads/{load.pk}/">Report</a>',
        '<a href="/corpora/banjir/"><bdi>',
        "1,200 loaded, 3 refused",
        "75 seconds",
        "<bdi>manager</bdi>",
    ):
        assert words in page


def test_what_one_may_not_read_is_not_named(
    signed_in: Any, manager: User, analyst: User, corpus: Corpus
) -> None:
    """Nor does a report lead anyone to a door that is closed to them."""
    hidden = factories.corpus("rahasia")
    Membership.objects.create(corpus=hidden, user=factories.user(), role="manager")
    for here in (hidden, corpus):
        load = job(analyst, "done", args={"corpus": here.pk, "files": []}, result={"loaded": 1})
        Job.objects.filter(pk=load.pk).update(kind="load_articles")
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    page = listed(signed_in(analyst))
    assert "rahasia" not in page
    assert '<a href="/corpora/banjir/">' in page
    assert "Report" not in page


def test_the_list_costs_the_same_however_many_jobs_there_are(
    signed_in: Any, manager: User, corpus: Corpus, django_assert_num_queries: Any
) -> None:
    campaign = factories.campaign(corpus, [factories.user()])
    client = signed_in(manager)
    for _ in range(10):
        job(manager, "done", args={"corpus": corpus.pk, "registry": corpus.registry_id})
        last = job(manager, "done", args={"campaign": campaign.pk})
    with django_assert_num_queries(5):  # user, jobs, corpora, campaigns, registries
        listed(client)
    with django_assert_num_queries(6):  # and the job behind which to go on
        listed(client, f"?after={last.pk}&state=done")


def test_broken_results_and_arguments_break_nothing(signed_in: Any, manager: User) -> None:
    for args in ({"corpus": "x"}, {"corpus": [1]}, {"campaign": None}, {"registry": 10**30}, {}):
        for result in (None, {}, {"loaded": "many"}, {"articles": 7, "layers": None}):
            for kind in ("load_articles", "load_annotations", "strange"):
                broken = job(manager, "done", args=args, result=result)
                Job.objects.filter(pk=broken.pk).update(kind=kind)
    listed(signed_in(manager))


def test_the_counts_of_a_result_are_the_first_and_those_that_are_not_nought() -> None:
    layers = Job(kind="import_layers", result={"layers": 1, "spans": 0, "skipped_count": 2})
    assert outcome(layers) == "1 layer, 2 skipped"
    both = {"articles": {"loaded": 0}, "layers": {"layers": 4, "spans": 1_500}}
    words = "0 articles, 4 layers, 1,500 spans"
    assert outcome(Job(kind="load_annotations", result=both)) == words
    assert outcome(Job(kind="agreement", result={"run": 7})) == ""


def test_every_kind_that_is_told_of_has_a_title_and_every_report_a_door() -> None:
    assert set(COUNTS) | set(REPORTS) <= set(TITLES)
    for name, word in REPORTS.values():
        assert way_to(name, 1 if word == "registry" else "x", uuid4())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a second"),
        (1, "1 second"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (3_600, "60 minutes"),
        (3 * 3_600, "3 hours"),
    ],
)
def test_how_long_a_job_took_is_told_in_one_unit(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


def test_home_leads_those_who_run_or_read_campaigns_to_the_list(
    signed_in: Any, manager: User, annotator_a: User
) -> None:
    link = 'href="/jobs/"'
    assert link in signed_in(manager).get("/").content.decode()
    assert link not in signed_in(annotator_a).get("/").content.decode()
