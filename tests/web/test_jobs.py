from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.jobs import log
from annotations.jobs.log import Verb
from annotations.jobs.models import Job, State
from annotations.web.jobs.telling import WORDS
from tests import factories

pytestmark = pytest.mark.django_db


def job(by: User, state: str = "running", **fields: Any) -> Job:
    if state == State.RUNNING:
        fields |= {"lease_until": timezone.now() + timezone.timedelta(hours=1), "lease_token": 1}
    return Job.objects.create(
        kind="agreement", state=state, requested_by=by, run_after=timezone.now(), **fields
    )


def test_the_fragment_asks_again_only_while_the_job_lives(signed_in: Any, manager: User) -> None:
    client = signed_in(manager)
    for state in State:
        watched = job(manager, state)
        answer = client.get(f"/jobs/{watched.pk}/progress/")
        live = state in (State.QUEUED, State.RUNNING)
        assert ("hx-trigger" in answer.content.decode()) == live
        assert ("HX-Trigger" in answer.headers) != live


def test_progress_is_counted_in_words_and_in_a_bar(signed_in: Any, manager: User) -> None:
    watched = job(manager, done=1234, total=5000, message="Membandingkan lapis")
    page = signed_in(manager).get(f"/jobs/{watched.pk}/").content.decode()
    assert 'max="5000" value="1234"' in page
    assert 'aria-valuetext="1,234 of 5,000"' in page
    assert ">1,234 of 5,000</p>" in page
    assert "Membandingkan lapis" in page


def test_a_job_of_unknown_length_has_a_bar_without_value(signed_in: Any, manager: User) -> None:
    page = signed_in(manager).get(f"/jobs/{job(manager, done=7).pk}/").content.decode()
    assert "value=" not in page.split("<progress")[1].split(">")[0]


def test_an_error_is_told_as_text(signed_in: Any, manager: User) -> None:
    failed = job(manager, "failed", error="<script>alert(1)</script> disk full")
    page = signed_in(manager).get(f"/jobs/{failed.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; disk full" in page


def test_who_may_only_watch_is_offered_no_cancelling(signed_in: Any, analyst: User) -> None:
    campaign = factories.assignment(factories.user()).campaign
    Membership.objects.create(corpus=campaign.corpus, user=analyst, role="analyst")
    watched, client = job(factories.user(), args={"campaign": campaign.pk}), signed_in(analyst)
    page = client.get(f"/jobs/{watched.pk}/progress/").content.decode()
    assert "hx-get" in page
    assert "/cancel/" not in page
    assert client.post(f"/jobs/{watched.pk}/cancel/").status_code == 404


def test_cancelling_asks_a_running_job_and_stops_a_waiting_one(
    signed_in: Any, manager: User
) -> None:
    running, waiting = job(manager), job(manager, "queued")
    for asked in (running, waiting):
        signed_in(manager).post(f"/jobs/{asked.pk}/cancel/")
        asked.refresh_from_db()
    assert (running.state, running.cancel_requested) == ("running", True)
    assert waiting.state == "cancelled"


def test_cancelling_by_htmx_answers_with_the_fragment(signed_in: Any, manager: User) -> None:
    answer = signed_in(manager).post(
        f"/jobs/{job(manager).pk}/cancel/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "Stopping" in answer.content.decode()


@pytest.mark.parametrize("door", ["", "progress/", "log/", "cancel/"])
@pytest.mark.parametrize("role", ["manager", "annotator", "analyst", "adjudicator"])
def test_nobody_watches_or_stops_the_job_of_another(
    signed_in: Any, manager: User, role: str, door: str
) -> None:
    watched, client = job(manager), signed_in(factories.user(role=role))
    ask = client.post if door == "cancel/" else client.get
    assert ask(f"/jobs/{watched.pk}/{door}").status_code == 404
    assert ask(f"/jobs/{uuid4()}/{door}").status_code == 404
    watched.refresh_from_db()
    assert not watched.cancel_requested


def test_a_poll_of_the_signed_out_sends_the_page_to_sign_in(manager: User) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/people/"}
    answer = Client().get(f"/jobs/{job(manager).pk}/progress/", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Fpeople%2F"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_a_post_cancels(signed_in: Any, manager: User, method: str) -> None:
    watched = job(manager)
    assert getattr(signed_in(manager), method)(f"/jobs/{watched.pk}/cancel/").status_code == 405


# the log ------------------------------------------------------------------------------------------


def happened(watched: Job, verb: str, by: User | None = None, **data: object) -> None:
    log.note(Verb(f"job.{verb}"), watched.pk, by=by, **data)


def test_the_page_says_what_happened_in_order_and_who_did_it(signed_in: Any, manager: User) -> None:
    watched = job(manager, "failed")
    happened(watched, "queued", manager)
    happened(watched, "claimed", attempt=1, worker="<b>worker</b>")
    happened(watched, "tried", attempt=1, error="OSError")
    happened(watched, "failed", error="100 % <i>full</i>")
    page = signed_in(manager).get(f"/jobs/{watched.pk}/").content.decode()
    words = page.split('id="log"')[1]
    assert (
        words.index("Started · <bdi>manager</bdi>")
        < words.index("Attempt 1, by worker &lt;b&gt;worker&lt;/b&gt;")
        < words.index("Attempt 1 failed: OSError. It will be tried again.")
        < words.index("Failed: 100 % &lt;i&gt;full&lt;/i&gt;")
    )


def test_every_happening_has_words() -> None:
    assert set(WORDS) == set(Verb)


def test_only_the_newest_lines_are_shown(signed_in: Any, manager: User) -> None:
    watched = job(manager)
    for attempt in range(103):
        happened(watched, "claimed", attempt=attempt, worker="w")
    page = signed_in(manager).get(f"/jobs/{watched.pk}/log/").content.decode()
    assert "Older lines are not shown." in page
    assert "Attempt 2," not in page
    assert "Attempt 102," in page


def test_the_log_asks_again_only_while_the_job_lives(signed_in: Any, manager: User) -> None:
    for state in State:
        page = signed_in(manager).get(f"/jobs/{job(manager, state).pk}/log/").content.decode()
        assert ("hx-trigger" in page) == (state in (State.QUEUED, State.RUNNING))


def test_the_page_of_a_job_costs_as_much_however_long_its_log_is(
    signed_in: Any, manager: User, django_assert_num_queries: Any
) -> None:
    watched, client = job(manager), signed_in(manager)
    for _ in range(20):
        happened(watched, "queued", manager)
    with django_assert_num_queries(5):  # user, the job, may see, may stop, the log
        client.get(f"/jobs/{watched.pk}/")


# trying again -------------------------------------------------------------------------------------


def retried(client: Client, watched: Job) -> str:
    """The page that a retry leads to."""
    answer = client.post(f"/jobs/{watched.pk}/retry/", follow=True)
    watched.refresh_from_db()
    return str(answer.content.decode())


def managed(manager: User) -> Corpus:
    corpus = factories.corpus()
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_ended_early_is_put_back_by_who_may(signed_in: Any, manager: User, state: str) -> None:
    watched = job(factories.user(), state, args={"corpus": managed(manager).pk}, attempts=3)
    client = signed_in(manager)
    assert "/retry/" in client.get(f"/jobs/{watched.pk}/").content.decode()
    page = retried(client, watched)
    assert (watched.state, watched.attempts) == ("queued", 0)
    assert "Put back into the queue · <bdi>manager</bdi>" in page
    assert "/retry/" not in page
    retried(client, watched)
    assert [line.verb for line in log.newest(watched.pk, 9)] == ["job.retried"]


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_no_other_job_is_offered_to_be_tried_again(
    signed_in: Any, manager: User, state: str
) -> None:
    watched = job(manager, state, args={"corpus": managed(manager).pk})
    assert "/retry/" not in retried(signed_in(manager), watched)
    assert (watched.state, len(log.newest(watched.pk, 9))) == (state, 0)


def test_a_job_whose_files_are_gone_says_so_and_has_no_button(
    signed_in: Any, manager: User
) -> None:
    args = {"corpus": managed(manager).pk, "files": [{"id": str(uuid4()), "name": "a.txt"}]}
    watched, client = job(manager, "failed", args=args), signed_in(manager)
    page = client.get(f"/jobs/{watched.pk}/").content.decode()
    assert "This cannot be tried again: its files are not there any more." in page
    assert "/retry/" not in page
    assert "load them again" in retried(client, watched)
    assert watched.state == "failed"


def test_a_job_beside_a_live_one_of_its_key_is_refused_in_a_sentence(
    signed_in: Any, manager: User
) -> None:
    args = {"corpus": managed(manager).pk}
    watched = job(manager, "failed", args=args, dedupe_key="one")
    job(manager, args=args, dedupe_key="one")
    assert "The same work is under way already" in retried(signed_in(manager), watched)
    assert watched.state == "failed"


@pytest.mark.parametrize("role", ["manager", "annotator", "analyst", "adjudicator"])
def test_nobody_tries_the_job_of_another_again(signed_in: Any, manager: User, role: str) -> None:
    watched = job(manager, "failed", args={"corpus": managed(manager).pk})
    client = signed_in(factories.user(role=role))
    assert client.post(f"/jobs/{watched.pk}/retry/").status_code == 404
    watched.refresh_from_db()
    assert watched.state == "failed"


def test_who_manages_the_corpus_no_more_cannot_try_their_load_again(
    signed_in: Any, manager: User
) -> None:
    watched = job(manager, "failed", args={"corpus": managed(factories.user()).pk})
    client = signed_in(manager)
    page = client.get(f"/jobs/{watched.pk}/")
    assert (page.status_code, "/retry/" in page.content.decode()) == (200, False)
    assert client.post(f"/jobs/{watched.pk}/retry/").status_code == 404


def test_an_admin_tries_any_job_again(signed_in: Any, manager: User) -> None:
    watched = job(manager, "failed")
    retried(signed_in(factories.user(role="admin")), watched)
    assert watched.state == "queued"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_a_post_tries_again(signed_in: Any, manager: User, method: str) -> None:
    watched = job(manager, "failed", args={"corpus": managed(manager).pk})
    assert getattr(signed_in(manager), method)(f"/jobs/{watched.pk}/retry/").status_code == 405


def test_a_screen_whose_job_failed_leads_to_what_happened(signed_in: Any, manager: User) -> None:
    failed = job(manager, "failed", args={"files": []}, error="<b>full</b>")
    corpus = managed(manager)
    Job.objects.filter(pk=failed.pk).update(
        kind="load_articles", args={"files": [], "corpus": corpus.pk}
    )
    page = signed_in(manager).get(f"/corpora/{corpus.slug}/loads/{failed.pk}/").content.decode()
    assert f'&lt;b&gt;full&lt;/b&gt; <a href="/jobs/{failed.pk}/">What happened</a>' in page
