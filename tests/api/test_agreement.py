"""The record of a run by the API: the same as the page and the command give, for the same people."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from annotations.agreement import services
from tests import factories
from tests.agreement.layers import article, lay, mark
from tests.api.test_api import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a, annotator_b):
    corpus = factories.corpus()
    row = article(corpus)
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    lay(campaign, row, annotator_a, mark("QUOTE", (0, 9), type="direct"))
    lay(campaign, row, annotator_b, mark("QUOTE", (0, 9), type="mixed"))
    return campaign


@pytest.fixture
def run(campaign):
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    return run


NEWEST = "campaigns/kampanye/agreement"


def test_command_page_and_api_give_one_record(campaign, manager, signed_in):
    out = StringIO()
    call_command("agreement", "kampanye", "--json", stdout=out, stderr=StringIO())
    printed = json.loads(out.getvalue())
    status, told = Program(manager).get(NEWEST)
    assert (status, told) == (200, printed)
    assert Program(manager).get(f"{NEWEST}/{printed['run']}") == (200, printed)
    url = reverse("agreement_download", args=["kampanye", printed["run"]])
    assert json.loads(signed_in(manager).get(url).content) == printed


@pytest.mark.parametrize("who", ["annotator_a", "annotator_b", "stranger"])
def test_no_annotator_is_told_anything(request, who, run):
    program = Program(request.getfixturevalue(who))
    for path in (NEWEST, f"{NEWEST}/{run.pk}"):
        assert program.get(path)[0] == 404


@pytest.mark.parametrize("who", ["manager", "adjudicator", "analyst"])
def test_who_measures_the_campaign_is_told(request, who, run):
    assert Program(request.getfixturevalue(who)).get(NEWEST)[1]["run"] == run.pk


def test_there_is_nothing_before_the_first_run_is_finished(campaign, manager):
    run = services.begin(campaign, include_open=False)
    for path in (NEWEST, f"{NEWEST}/{run.pk}", "campaigns/nothing/agreement"):
        assert Program(manager).get(path)[0] == 404


def test_a_run_of_another_campaign_is_not_there(run, manager, annotator_a):
    factories.campaign(factories.corpus(), [annotator_a], slug="lain")
    assert Program(manager).get(f"campaigns/lain/agreement/{run.pk}")[0] == 404


def test_a_run_is_only_read(run, manager):
    assert Program(manager).post(NEWEST, {})[0] == 405
