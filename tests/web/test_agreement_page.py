"""The page of a campaign's agreement: what it shows, and who never sees it."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from annotations.accounts.models import Role
from annotations.accounts.services import deactivate
from annotations.agreement import depth, services
from annotations.assignments import services as assignments
from annotations.assignments.models import Status
from annotations.corpora.models import Membership
from annotations.jobs.models import Job, State
from tests import factories
from tests.agreement.layers import article, lay, mark, set_status

STEP = re.compile(r'class="number"><a href="([^"]*what=lost[^"]*)">(\d+)</a>')

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a, annotator_b):
    corpus = factories.corpus()
    rows = [article(corpus, title=f"Berita {at}") for at in range(3)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for row, end in zip(rows, (9, 9, 12), strict=True):
        lay(campaign, row, annotator_a, mark("QUOTE", (0, 9), type="direct", scare=True))
        lay(campaign, row, annotator_b, mark("QUOTE", (0, end), type="mixed", scare=False))
    return campaign


@pytest.fixture
def run(campaign):
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    return run


def addresses(run):
    return [
        reverse("agreement", args=["kampanye"]),
        reverse("agreement_progress", args=["kampanye"]),
        reverse("agreement_every_label", args=["kampanye"]),
        reverse("agreement_label", args=["kampanye", "QUOTE"]),
        reverse("agreement_spans", args=["kampanye"]),
        reverse("agreement_watch", args=["kampanye"]),
        reverse("agreement_download", args=["kampanye", run.pk]),
    ]


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("who", ["manager", "adjudicator", "analyst"])
def test_who_manages_or_reads_the_campaign_sees_its_agreement(request, who, run, signed_in):
    client = signed_in(request.getfixturevalue(who))
    assert [client.get(url).status_code for url in addresses(run)] == [200] * 7


def test_what_somebody_labelled_counts_after_they_are_gone(run, annotator_b, manager, signed_in):
    deactivate(annotator_b)
    again = services.begin(run.campaign, include_open=False)
    services.compute(again, lambda *progress: None)
    assert again.results == run.results
    assert f1_of(again) == pytest.approx(2 / 3)
    client = signed_in(manager)
    assert [client.get(url).status_code for url in addresses(again)] == [200] * 7


def f1_of(run):
    wanted = {"measure": "span_f1", "variant": "exact", "label": "QUOTE", "pair": None}
    (found,) = (row["value"] for row in run.results if wanted.items() <= row.items())
    return found


@pytest.mark.parametrize("who", ["annotator_a", "annotator_b", "stranger"])
def test_no_annotator_ever_learns_anything(request, who, run, signed_in):
    client = signed_in(request.getfixturevalue(who))
    assert [client.get(url).status_code for url in addresses(run)] == [404] * 7
    assert client.post(reverse("agreement_run", args=["kampanye"])).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADJUDICATOR, Role.ANALYST])
def test_an_annotator_with_another_role_is_still_blind(role, run, annotator_a, signed_in):
    Membership.objects.create(corpus=run.campaign.corpus, user=annotator_a, role=role)
    annotator_a.role = role
    annotator_a.save(update_fields=["role"])
    client = signed_in(annotator_a)
    assert [client.get(url).status_code for url in addresses(run)] == [404] * 7
    assert client.post(reverse("agreement_run", args=["kampanye"])).status_code == 404


def test_the_page_opens_with_the_funnel_and_its_steps_lead_to_spans(run, manager, signed_in):
    client = signed_in(manager)
    text = text_of(client.get(reverse("agreement", args=["kampanye"])))
    assert "100 % of their spans in common; 0 % are alike" in text
    assert "Most is lost here: Different: Type (67 % of the loss)." in text
    steps = [(unescape(url), int(number)) for url, number in STEP.findall(text)]
    assert [number for _, number in steps] == [2, 4]
    for url, number in steps:
        assert f"{number} spans, shown with their partners" in text_of(client.get(url))


def test_a_label_has_a_funnel_of_its_own(run, manager, signed_in):
    client = signed_in(manager)
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "QUOTE"])))
    assert "label=QUOTE" in STEP.findall(text)[0][0]
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "ACTOR"])))
    assert not STEP.findall(text)


def test_who_is_signed_out_signs_in_first(run, client):
    for url in addresses(run):
        assert client.get(url).status_code == 302


def test_the_page_shows_figures_with_their_intervals(run, manager, signed_in):
    text = text_of(signed_in(manager).get(reverse("agreement", args=["kampanye"])))
    assert "0.667" in text
    assert "annotator_a · annotator_b" in text
    assert "undefined, because no annotator placed such a span" in text
    assert "seed 1" in text


def test_the_page_needs_no_inline_style_or_script(run, manager, signed_in):
    client = signed_in(manager)
    for url in addresses(run)[:6]:
        text = text_of(client.get(url))
        assert "style=" not in text
        assert "onclick" not in text


def test_no_figure_is_praised_or_blamed(run, manager, signed_in):
    text = text_of(signed_in(manager).get(reverse("agreement", args=["kampanye"]))).lower()
    for verdict in ("substantial", "moderate", "almost perfect", "excellent", "poor"):
        assert verdict not in text


def test_a_label_opens_the_articles_behind_it(run, manager, signed_in):
    client = signed_in(manager)
    assert reverse("agreement_label", args=["kampanye", "QUOTE"]) in text_of(
        client.get(reverse("agreement", args=["kampanye"]))
    )
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "QUOTE"])))
    assert text.index("Berita 2") < text.index("Berita 0")
    assert "mixed" in text
    assert "Scare quotes" in text


@pytest.mark.parametrize(
    ("sort", "order"), [("", [2, 0, 1]), ("equal", [1, 0, 2]), ("x", [2, 0, 1])]
)
def test_articles_can_be_put_in_another_order(
    run, manager, signed_in, annotator_a, annotator_b, sort, order
):
    middle = run.campaign.corpus.articles.get(title="Berita 1")
    for who in (annotator_a, annotator_b):
        layer = run.campaign.assignments.get(article=middle, annotator=who)
        set_status(layer, Status.REOPENED)
        lay(run.campaign, middle, who, mark("CUE", (30, 33)))
    services.compute(services.begin(run.campaign, include_open=False), lambda *progress: None)
    url = reverse("agreement_every_label", args=["kampanye"])
    text = text_of(signed_in(manager).get(url, {"sort": sort}))
    found = sorted(range(3), key=lambda at: text.index(f"Berita {at}"))
    assert found[0] == order[0]
    assert {"": "Those that differ" not in text, "equal": "Those that differ" in text}.get(
        sort, True
    )


def test_a_pair_opens_the_articles_of_these_two(run, manager, signed_in):
    client, url = signed_in(manager), reverse("agreement_every_label", args=["kampanye"])
    pair = f"{url}?of=annotator_a&of=annotator_b"
    assert pair.replace("&", "&amp;") in text_of(
        client.get(reverse("agreement", args=["kampanye"]))
    )
    assert "Only of annotator_a · annotator_b." in text_of(client.get(pair))
    assert "Only of" not in text_of(client.get(f"{url}?of=annotator_a&of=nobody"))


def test_a_label_the_schema_does_not_have_is_not_there(run, manager, signed_in):
    url = reverse("agreement_label", args=["kampanye", "NOTHING"])
    assert signed_in(manager).get(url).status_code == 404


def test_before_the_first_run_the_page_says_what_a_run_would_do(campaign, manager, signed_in):
    client = signed_in(manager)
    assert "Not measured yet" in text_of(client.get(reverse("agreement", args=["kampanye"])))
    label = reverse("agreement_label", args=["kampanye", "QUOTE"])
    assert client.get(label).status_code == 404


def test_a_campaign_with_nothing_to_compare_says_so(annotator_a, manager, signed_in):
    corpus = factories.corpus()
    row = article(corpus)
    campaign = factories.campaign(corpus, [annotator_a], slug="sendiri")
    lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    text = text_of(signed_in(manager).get(reverse("agreement", args=["sendiri"])))
    assert "Nothing to compare yet" in text
    assert "only one layer of it counts" in text


def test_starting_twice_makes_one_job(campaign, manager, signed_in):
    client, url = signed_in(manager), reverse("agreement_run", args=["kampanye"])
    for _ in range(2):
        response = client.post(url, {"include_open": "on"})
        assert response.status_code == 303
    job = Job.objects.get()
    assert job.args == {"campaign": campaign.pk, "include_open": True}
    assert job.requested_by == manager


def test_an_analyst_sees_no_button_and_cannot_run(campaign, analyst, signed_in):
    client = signed_in(analyst)
    url = reverse("agreement_run", args=["kampanye"])
    assert url not in text_of(client.get(reverse("agreement", args=["kampanye"])))
    assert client.post(url).status_code == 404


def test_a_run_is_started_by_post_only(campaign, manager, signed_in):
    assert signed_in(manager).get(reverse("agreement_run", args=["kampanye"])).status_code == 405


def test_progress_asks_again_while_the_job_lives_and_then_shows_the_page(
    campaign, manager, signed_in
):
    client, url = signed_in(manager), reverse("agreement_progress", args=["kampanye"])
    client.post(reverse("agreement_run", args=["kampanye"]))
    assert "hx-get" in text_of(client.get(url))
    Job.objects.update(state=State.DONE)
    assert client.get(url).headers["HX-Refresh"] == "true"


def test_a_failed_run_says_why_until_one_succeeds(campaign, manager, signed_in):
    client, url = signed_in(manager), reverse("agreement", args=["kampanye"])
    client.post(reverse("agreement_run", args=["kampanye"]))
    Job.objects.update(state=State.FAILED, error="Sengaja gagal.", finished_at="2026-01-01T00:00Z")
    assert "Sengaja gagal." in text_of(client.get(url))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    assert "Sengaja gagal." not in text_of(client.get(url))


def test_the_page_says_when_layers_moved_on(run, manager, signed_in, annotator_a):
    client, url = signed_in(manager), reverse("agreement", args=["kampanye"])
    assert "moved on" not in text_of(client.get(url))
    set_status(run.campaign.assignments.filter(annotator=annotator_a).first(), Status.REOPENED)
    assert "moved on" in text_of(client.get(url))


def reopened(run, annotator):
    set_status(run.campaign.assignments.filter(annotator=annotator).first(), Status.REOPENED)


def test_an_open_page_hears_of_a_change_and_starts_the_run_itself(
    run, manager, signed_in, annotator_a
):
    client, url = signed_in(manager), reverse("agreement_watch", args=["kampanye"])
    assert "hx-post" not in text_of(client.get(url))
    reopened(run, annotator_a)
    text = text_of(client.get(url))
    assert "moved on" in text
    assert f'hx-post="{reverse("agreement_run", args=["kampanye"])}" hx-trigger="load"' in text
    assert "hx-post" in text_of(client.get(reverse("agreement", args=["kampanye"])))
    answer = client.post(
        reverse("agreement_run", args=["kampanye"]), headers={"HX-Request": "true"}
    )
    assert 'id="agreement-running"' in text_of(answer)
    assert 'id="agreement-running"' in text_of(client.get(url))


def test_a_page_that_shows_an_older_run_is_shown_anew(campaign, run, manager, signed_in):
    client, url = signed_in(manager), reverse("agreement_watch", args=["kampanye"])
    assert "HX-Refresh" not in client.get(url, {"run": run.pk}).headers
    services.compute(services.begin(campaign, include_open=False), lambda *progress: None)
    assert client.get(url, {"run": run.pk}).headers["HX-Refresh"] == "true"


def test_a_run_that_failed_is_not_started_again_and_again(run, manager, signed_in, annotator_a):
    client, url = signed_in(manager), reverse("agreement_watch", args=["kampanye"])
    reopened(run, annotator_a)
    client.post(reverse("agreement_run", args=["kampanye"]))
    Job.objects.update(state=State.FAILED, error="Sengaja.", finished_at="2100-01-01T00:00Z")
    assert "hx-post" not in text_of(client.get(url))


def test_who_may_not_run_only_sees_what_changed(run, analyst, signed_in, annotator_a):
    reopened(run, annotator_a)
    text = text_of(signed_in(analyst).get(reverse("agreement_watch", args=["kampanye"])))
    assert "moved on" in text
    assert "hx-post" not in text


def test_a_run_over_layers_not_submitted_is_only_made_anew_on_request(
    campaign, manager, signed_in, annotator_a
):
    run = services.begin(campaign, include_open=True)
    services.compute(run, lambda *progress: None)
    set_status(campaign.assignments.filter(annotator=annotator_a).first(), Status.SKIPPED)
    text = text_of(signed_in(manager).get(reverse("agreement_watch", args=["kampanye"])))
    assert "moved on" in text
    assert "hx-post" not in text


def test_the_record_is_downloaded_as_a_file(run, manager, signed_in):
    response = signed_in(manager).get(reverse("agreement_download", args=["kampanye", run.pk]))
    assert "kampanye-agreement" in response.headers["Content-Disposition"]
    assert json.loads(response.content)["results"] == json.loads(json.dumps(run.results))


def test_an_unfinished_run_has_no_record_yet(campaign, manager, signed_in):
    run = services.begin(campaign, include_open=False)
    url = reverse("agreement_download", args=["kampanye", run.pk])
    assert signed_in(manager).get(url).status_code == 404


def test_a_run_of_another_campaign_is_not_there(run, manager, signed_in, annotator_a):
    factories.campaign(factories.corpus(), [annotator_a], slug="lain")
    url = reverse("agreement_download", args=["lain", run.pk])
    assert signed_in(manager).get(url).status_code == 404


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_more_articles_are_not_more_queries(run, manager, signed_in, annotator_a, annotator_b):
    client = signed_in(manager)
    urls = [reverse("agreement", args=["kampanye"]), addresses(run)[3]]
    before = [queries_of(client, url) for url in urls]
    corpus = run.campaign.corpus
    rows = [article(corpus) for _ in range(4)]
    assignments.start(run.campaign, by=None)
    for row in rows:
        for who in (annotator_a, annotator_b):
            lay(run.campaign, row, who, mark("QUOTE", (0, 9)))
    again = services.begin(run.campaign, include_open=False)
    services.compute(again, lambda *progress: None)
    assert [queries_of(client, url) for url in urls] == before


def test_the_page_speaks_indonesian(run, manager, signed_in):
    client = signed_in(manager)
    client.cookies["django_language"] = "id"
    # the middleware leaves its language to the thread: give it back
    with translation.override("en"):
        text = text_of(client.get(reverse("agreement", args=["kampanye"])))
    assert "Kutipan" in text
    assert "0,667" in text


def test_figures_in_depth_are_asked_for_by_the_page_and_shown_when_they_are_there(
    campaign, run, manager, analyst, signed_in
):
    client, url = signed_in(manager), reverse("agreement", args=["kampanye"])
    start, fragment = (
        reverse(name, args=["kampanye"]) for name in ("agreement_deepen", "agreement_depth")
    )
    assert f'hx-post="{start}" hx-trigger="load"' in text_of(client.get(url))
    assert client.post(start, headers={"HX-Request": "true"}).status_code == 200
    job = Job.objects.get()
    assert (job.kind, job.args) == ("agreement_depth", {"campaign": campaign.pk, "run": run.pk})
    assert f'hx-get="{fragment}"' in text_of(client.get(fragment))
    Job.objects.update(state=State.CANCELLED)
    text = text_of(client.get(url))
    assert "Go on" in text
    assert "hx-post" not in text
    depth.deepen(run, lambda *progress: None)
    assert client.get(fragment).headers["HX-Refresh"] == "true"
    text = text_of(client.get(url))
    assert "Gamma-cat, gamma-k" in text
    assert "seed 1" in text
    assert "Mathet" in text
    assert client.post(start).status_code == 303
    label = text_of(client.get(reverse("agreement_label", args=["kampanye", "QUOTE"])))
    assert "Gamma-k" in label
    assert "cu-alpha" in text_of(client.get(reverse("agreement_every_label", args=["kampanye"])))
    told = json.loads(client.get(reverse("agreement_download", args=["kampanye", run.pk])).content)
    assert [row["n"] for row in told["results"] if row["measure"] == "gamma"] == [6]


def test_who_may_not_run_cannot_ask_for_figures_in_depth(run, analyst, annotator_a, signed_in):
    client = signed_in(analyst)
    assert "Measure in depth" not in text_of(client.get(reverse("agreement", args=["kampanye"])))
    assert client.get(reverse("agreement_depth", args=["kampanye"])).status_code == 200
    assert client.post(reverse("agreement_deepen", args=["kampanye"])).status_code == 404
    blind = signed_in(annotator_a)
    assert blind.get(reverse("agreement_depth", args=["kampanye"])).status_code == 404
    assert blind.post(reverse("agreement_deepen", args=["kampanye"])).status_code == 404
    assert not Job.objects.exists()
