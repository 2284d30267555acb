"""The list of runs, and what changed from one to another."""

import pytest
from django.urls import reverse

from annotations.agreement import depth, services
from annotations.agreement.comparing import as_json, comparison
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Status
from tests import factories
from tests.agreement.layers import article, lay, mark, set_status
from tests.api.test_api import Program
from tests.web.test_agreement_page import queries_of, text_of

pytestmark = pytest.mark.django_db


def measured(campaign, **more):
    run = services.begin(campaign, include_open=False)
    AgreementRun.objects.filter(pk=run.pk).update(parameters=run.parameters | more)
    run = AgreementRun.objects.get(pk=run.pk)
    services.compute(run, lambda *progress: None)
    return run


@pytest.fixture
def runs(annotator_a, annotator_b):
    """Two runs: between them a layer changed, one came, one went, and more was resampled."""
    corpus = factories.corpus()
    rows = [article(corpus, title=f"Berita {at}") for at in range(4)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for row in rows[:3]:
        for who in (annotator_a, annotator_b):
            lay(campaign, row, who, mark("QUOTE", (0, 9)))
    before = measured(campaign, replicates=20)
    layer = campaign.assignments.get(article=rows[0], annotator=annotator_a)
    set_status(layer, Status.REOPENED)
    lay(campaign, rows[0], annotator_a, mark("ACTOR", (20, 30)))
    set_status(campaign.assignments.get(article=rows[1], annotator=annotator_a), Status.REOPENED)
    for who in (annotator_a, annotator_b):
        lay(campaign, rows[3], who, mark("QUOTE", (0, 9)))
    return before, measured(campaign, replicates=40)


def address(before, after, **more):
    query = "&".join(
        f"{word}={key}" for word, key in {"before": before, "after": after, **more}.items()
    )
    return f"{reverse('agreement_changes', args=['kampanye'])}?{query}"


def test_what_changed_is_told_layer_by_layer_and_figure_by_figure(runs):
    found = as_json(comparison(*runs))
    assert found["parameters"] == [{"name": "replicates", "before": 20, "after": 40}]
    told = {
        how: sorted((each["annotator"], each["before"], each["after"]) for each in some)
        for how, some in found["layers"].items()
        if how != "same"
    }
    assert told == {
        "changed": [("annotator_a", 1, 2)],
        "added": [("annotator_a", None, 1), ("annotator_b", None, 1)],
        "removed": [("annotator_a", 1, None), ("annotator_b", 1, None)],
    }
    assert found["layers"]["same"] == 3
    assert found["before"]["fingerprint"] != found["after"]["fingerprint"]
    (f1,) = (
        each
        for each in found["figures"]
        if (each["measure"], each["variant"], each["label"], each["pair"])
        == ("span_f1", "exact", None, None)
    )
    assert (f1["before"]["value"], f1["after"]["value"]) == (1.0, pytest.approx(6 / 7))
    assert f1["difference"] == pytest.approx(-1 / 7)
    actor = next(each for each in found["figures"] if each["label"] == "ACTOR")
    assert (actor["before"]["value"], actor["difference"]) == (None, None)


def test_a_run_is_not_unlike_itself_and_figures_in_depth_are_new(runs):
    after = runs[1]
    same = as_json(comparison(after, after))
    assert (same["parameters"], same["figures"]) == ([], [])
    deep = AgreementRun.objects.get(pk=after.pk)
    depth.deepen(deep, lambda *progress: None)
    found = as_json(comparison(after, deep))
    assert {each["before"] for each in found["figures"]} == {None}
    assert "depth.sampler" in {each["name"] for each in found["parameters"]}


def test_two_runs_are_chosen_from_the_list(runs, manager, signed_in):
    client = signed_in(manager)
    assert reverse("agreement_runs", args=["kampanye"]) in text_of(
        client.get(reverse("agreement", args=["kampanye"]))
    )
    text = text_of(client.get(reverse("agreement_runs", args=["kampanye"])))
    assert "0.857" in text
    assert f'name="before" value="{runs[0].pk}"' in text
    text = text_of(client.get(address(runs[0].pk, runs[1].pk)))
    assert "<code>replicates</code>" in text
    assert "−0.143" in text
    assert "1 → 2" in text
    assert "3 layers are the same in both." in text
    assert "style=" not in text
    told = client.get(address(runs[0].pk, runs[1].pk, format="json")).json()
    assert told == as_json(comparison(*runs))
    path = f"campaigns/kampanye/agreement/{runs[0].pk}/{runs[1].pk}"
    assert Program(manager).get(path) == (200, told)
    text = text_of(client.get(address(runs[1].pk, runs[1].pk)))
    assert "Nothing: the same layers" in text


def test_more_runs_are_not_more_queries(runs, manager, signed_in):
    client, url = signed_in(manager), reverse("agreement_runs", args=["kampanye"])
    before = queries_of(client, url)
    measured(runs[0].campaign)
    assert queries_of(client, url) == before


@pytest.mark.parametrize("asked", [("x", "1"), ("", ""), ("0", "0"), ("9" * 40, "1"), ("٣", "1")])
def test_runs_that_are_not_there_cannot_be_compared(asked, runs, manager, signed_in):
    assert signed_in(manager).get(address(*asked)).status_code == 404


@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_no_annotator_sees_runs_or_changes(request, who, runs, signed_in):
    user = request.getfixturevalue(who)
    client = signed_in(user)
    assert client.get(reverse("agreement_runs", args=["kampanye"])).status_code == 404
    assert client.get(address(runs[0].pk, runs[1].pk)).status_code == 404
    path = f"campaigns/kampanye/agreement/{runs[0].pk}/{runs[1].pk}"
    assert Program(user).get(path)[0] == 404
