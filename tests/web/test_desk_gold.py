"""The desk of a gold layer: what it has beside any desk, and that no annotator's desk has any of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from tests.adjudication.settling import campaign_of, gold_of, more, submitted
from tests.agreement.layers import mark
from tests.web.test_desk import page_of, state_in
from workbench.scripts import bundled_scripts
from workbench.storage import ENTRY

pytestmark = pytest.mark.django_db

SPANS = {
    "annotator_a": (mark("QUOTE", (2, 9), type="direct"),),
    "annotator_b": (mark("QUOTE", (2, 12), type="direct"),),
}
OF_CASES = re.compile(r"case-|cases|adjudicat", re.IGNORECASE)


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


@pytest.fixture
def gold(campaign: Campaign, adjudicator: User) -> Assignment:
    return gold_of(campaign, adjudicator, **SPANS)


def test_a_gold_layer_brings_the_panel_of_cases_its_scripts_and_its_styles(
    gold: Assignment, adjudicator: User, signed_in: Any
) -> None:
    page = page_of(signed_in(adjudicator), gold)
    assert "<case-panel>" in page
    assert "annotations/js/adjudicating.js" in page
    assert "annotations/css/cases.css" in page
    assert state_in(page)["urls"]["cases"] == f"/desk/{gold.pk}/cases/"


def test_the_page_of_an_annotator_names_nothing_of_it(
    gold: Assignment, annotator_a: User, signed_in: Any
) -> None:
    own = gold.campaign.assignments.get(annotator=annotator_a)
    for status in (Status.REOPENED, Status.SUBMITTED):
        Assignment.objects.filter(pk=own.pk).update(status=status)
        assert not OF_CASES.findall(page_of(signed_in(annotator_a), own))


def test_the_scripts_and_styles_of_every_desk_bring_nothing_of_it() -> None:
    def read(name: str) -> str:
        return Path(str(finders.find(name))).read_text(encoding="utf-8")

    scripts = "".join(bundled_scripts(ENTRY, read).values())
    assert "/cases/" not in scripts
    assert "case-panel" not in scripts
    assert "cases" not in read("annotations/css/desk.css")


def test_a_gold_layer_offers_no_way_to_set_it_aside(
    gold: Assignment, adjudicator: User, signed_in: Any
) -> None:
    assert "skip-dialog" not in page_of(signed_in(adjudicator), gold)


def test_progress_counts_what_is_settled_of_what_can_be(
    campaign: Campaign, gold: Assignment, adjudicator: User, signed_in: Any
) -> None:
    (other,) = more(campaign, 1)
    submitted(campaign, other)
    page = page_of(signed_in(adjudicator), gold)
    assert "Articles of this campaign that are settled" in page
    assert "0 / 2" in page


def test_who_settles_is_told_that_annotators_read_the_reasons(
    gold: Assignment, adjudicator: User, signed_in: Any
) -> None:
    told = "Annotators of this campaign read your reasons"
    assert told not in page_of(signed_in(adjudicator), gold)
    Campaign.objects.filter(pk=gold.campaign_id).update(gold_shown=True)
    assert told in page_of(signed_in(adjudicator), gold)
