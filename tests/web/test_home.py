from typing import Any

import pytest
from django.utils import timezone

from annotations.accounts.models import User
from annotations.agreement.models import AgreementRun
from annotations.assignments import services
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Corpus, Membership
from annotations.jobs.services import start
from tests import factories

pytestmark = pytest.mark.django_db


def filled(corpus: Corpus, articles: int, start: int = 0) -> Corpus:
    for number in range(start, start + articles):
        factories.article(corpus, f"Naskah {number}.", title=f"Judul {number}")
    return corpus


def page_of(client: Any) -> str:
    text: str = client.get("/").content.decode()
    return text


def test_an_annotator_sees_their_share_and_goes_on(signed_in: Any, annotator_a: User) -> None:
    campaign = factories.campaign(filled(factories.corpus(), 3), [annotator_a])
    client = signed_in(annotator_a)
    assert "0 / 3" in page_of(client)
    assert "Next article" in page_of(client)
    taken = client.post(f"/next/{campaign.slug}/")
    assignment = Assignment.objects.get(status=Status.OPEN)
    assert taken.headers["Location"] == f"/desk/{assignment.pk}/"
    assert "Go on labelling" in page_of(client)


def test_a_claimed_pool_shows_no_total_of_others(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    campaign = factories.campaign(
        filled(factories.corpus(), 3), [annotator_a, annotator_b], overlap=1
    )
    before = page_of(signed_in(annotator_a))
    Assignment.objects.filter(pk=campaign.assignments.first().pk).update(
        annotator=annotator_b, status=Status.SUBMITTED, submitted_at=timezone.now()
    )
    assert tasks_of(page_of(signed_in(annotator_a))) == tasks_of(before)


def tasks_of(page: str) -> str:
    part = page.split('id="tasks"')[1].split("</section>")[0]
    return "".join(line for line in part.splitlines() if "csrf" not in line)


def test_when_all_is_done_home_says_so(signed_in: Any, annotator_a: User) -> None:
    campaign = factories.campaign(filled(factories.corpus(), 1), [annotator_a])
    client = signed_in(annotator_a)
    client.post(f"/next/{campaign.slug}/")
    Assignment.objects.update(status=Status.SUBMITTED, submitted_at=timezone.now())
    assert "All done here" in page_of(client)
    assert client.post(f"/next/{campaign.slug}/").headers["Location"] == "/"


def reopened(annotator: User, by: User | None, reason: str = "") -> Assignment:
    """An article of this person, submitted and opened again."""
    assignment = factories.assignment(annotator)
    Assignment.objects.filter(pk=assignment.pk).update(status=Status.SUBMITTED)
    services.reopen(assignment, by=by, reason=reason)
    return assignment


def test_what_came_back_says_why(signed_in: Any, annotator_a: User, manager: User) -> None:
    reopened(annotator_a, manager, "Kutipan ke-2 <b> belum ada")
    page = page_of(signed_in(annotator_a))
    assert "manager opened this again:" in page
    assert "Kutipan ke-2 &lt;b&gt; belum ada" in page
    assert "1 reopened" in page


def test_what_came_back_twice_says_the_last_reason(
    signed_in: Any, annotator_a: User, manager: User
) -> None:
    assignment = reopened(annotator_a, manager, "alasan lama")
    Assignment.objects.filter(pk=assignment.pk).update(status=Status.SUBMITTED)
    assert "alasan lama" not in page_of(signed_in(annotator_a))
    services.reopen(assignment, by=manager)
    page = page_of(signed_in(annotator_a))
    assert "manager opened this again." in page
    assert "alasan lama" not in page


def test_the_desk_says_why_it_came_back(signed_in: Any, annotator_a: User, manager: User) -> None:
    assignment = reopened(annotator_a, manager, "Lihat lagi <i>")
    page = signed_in(annotator_a).get(f"/desk/{assignment.pk}/").getvalue().decode()
    assert "Lihat lagi &lt;i&gt;" in page


def test_what_waits_comes_before_what_is_done(signed_in: Any, annotator_a: User) -> None:
    campaign = factories.campaign(filled(factories.corpus(), 16), [annotator_a])
    client = signed_in(annotator_a)
    for _ in range(16):
        client.post(f"/next/{campaign.slug}/")
        Assignment.objects.filter(status=Status.OPEN).update(status=Status.SUBMITTED)
    first = Assignment.objects.order_by("touched_at").first()
    assert first
    services.reopen(first, by=None)
    rows = page_of(client).split('id="pieces"')[1].split("<tr>")
    assert str(first.article) in rows[2]
    assert "Opened again." in rows[2]


def test_one_key_leads_to_the_first_article_that_waits(signed_in: Any, annotator_a: User) -> None:
    for _ in range(2):
        factories.campaign(filled(factories.corpus(), 1), [annotator_a])
    page = page_of(signed_in(annotator_a))
    assert page.count("autofocus") == 1
    assert page.index("autofocus") < page.index("</button></form>", page.index('id="tasks"'))


def test_who_has_labelled_and_has_nothing_now_is_told(signed_in: Any, annotator_a: User) -> None:
    services.close(factories.assignment(annotator_a).campaign, by=None)
    page = page_of(signed_in(annotator_a))
    assert "Nothing to label just now" in page
    assert 'id="pieces"' in page


def test_a_manager_sees_what_is_open_again(
    signed_in: Any, manager: User, annotator_a: User
) -> None:
    reopened(annotator_a, manager)
    Membership.objects.create(corpus=Corpus.objects.get(), user=manager, role="manager")
    assert "1 open again" in page_of(signed_in(manager))


@pytest.mark.parametrize("role", ["annotator", "manager", "admin", "analyst"])
def test_who_does_not_label_in_a_campaign_takes_nothing_from_it(signed_in: Any, role: str) -> None:
    campaign = factories.campaign(filled(factories.corpus(), 1), [factories.user()])
    stranger = signed_in(factories.user(role=role))
    assert stranger.post(f"/next/{campaign.slug}/").status_code == 404
    assert not Assignment.objects.filter(status=Status.OPEN).exists()


def test_a_manager_sees_campaigns_corpora_and_running_jobs(signed_in: Any, manager: User) -> None:
    corpus = filled(factories.corpus(), 2)
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    campaign = factories.campaign(corpus, [factories.user(), factories.user()])
    job = start("agreement", {}, by=manager)
    page = page_of(signed_in(manager))
    assert campaign.name in page
    assert "0 / 4" in page
    assert f"/jobs/{job.pk}/progress/" in page


def test_a_foreign_manager_sees_none_of_it(signed_in: Any, manager: User) -> None:
    corpus = filled(factories.corpus("milik-orang"), 1)
    Membership.objects.create(corpus=corpus, user=factories.user(role="manager"), role="manager")
    campaign = factories.campaign(corpus, [factories.user()], slug="kampanye-orang")
    page = page_of(signed_in(manager))
    assert corpus.name not in page
    assert campaign.name not in page


def test_results_are_not_offered_to_who_labels_in_the_campaign(
    signed_in: Any, manager: User
) -> None:
    corpus = filled(factories.corpus(), 1)
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    campaign = factories.campaign(corpus, [manager])
    AgreementRun.objects.create(campaign=campaign, finished_at=timezone.now())
    assert "/agreement/" not in page_of(signed_in(manager))


@pytest.mark.parametrize(("role", "queries"), [("annotator", 6), ("manager", 11), ("admin", 11)])
def test_home_takes_as_many_queries_for_much_as_for_little(
    signed_in: Any, role: str, queries: int, django_assert_num_queries: Any
) -> None:
    user = factories.user("tuan", role=role)
    client = signed_in(user)
    for round_ in range(2):
        for number in range(1 + 3 * round_):
            corpus = filled(factories.corpus(), 2 + 3 * round_)
            Membership.objects.create(corpus=corpus, user=user, role="manager")
            campaign = factories.campaign(corpus, [user, factories.user()], overlap=1 + number % 2)
            client.post(f"/next/{campaign.slug}/")
            start("agreement", {}, by=user)
        with django_assert_num_queries(queries):
            client.get("/")
    assert Campaign.objects.count() == 5


def test_who_has_no_password_is_told(signed_in: Any, annotator_a: User) -> None:
    assert "/account/password/new/" in page_of(signed_in(annotator_a))
