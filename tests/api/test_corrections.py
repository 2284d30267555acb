"""What gold has otherwise than one's own layer, for programs: only when both stand, only one's own."""

import json

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from tests.adjudication.correcting import settled_first, shown_campaign
from tests.agreement.layers import set_status
from tests.api.test_api import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User) -> Campaign:
    return shown_campaign(annotator_a, annotator_b, adjudicator=adjudicator)


@pytest.fixture
def gold(campaign: Campaign, adjudicator: User) -> Assignment:
    return settled_first(campaign, adjudicator)


@pytest.fixture
def own(campaign: Campaign, annotator_b: User) -> Assignment:
    return campaign.assignments.get(annotator=annotator_b)


def path(layer: Assignment) -> str:
    return f"assignments/{layer.pk}/corrections"


def test_what_was_corrected_is_told_with_the_reason(gold, own, annotator_b) -> None:
    status, told = Program(annotator_b).get(path(own))
    assert status == 200
    assert (told["assignment"], told["article"], told["revision"]) == (
        own.pk,
        own.article_id,
        own.revision,
    )
    (one,) = told["corrections"]
    assert (one["kind"], one["label"], one["range"]) == ("span", "QUOTE", [7, 18])
    assert one["differs"] == [{"kind": "extent"}, {"kind": "value", "attribute": "type"}]
    assert (one["mine"]["fragments"], one["gold"]["fragments"]) == ([[7, 18]], [[7, 12]])
    assert one["reasons"] == ["Tanpa kata pengantar"]
    assert "annotator_a" not in json.dumps(told)


def test_nobody_asks_for_the_layer_of_another(
    gold, own, annotator_a, adjudicator, manager, stranger
) -> None:
    for who in (annotator_a, adjudicator, manager, stranger):
        assert Program(who).get(path(own))[0] == 404
    assert Program(adjudicator).get(path(gold))[0] == 404, "gold is corrected by nothing"


def test_a_campaign_that_does_not_show_gold_has_no_corrections(gold, own, annotator_b) -> None:
    Campaign.objects.update(gold_shown=False)
    assert Program(annotator_b).get(path(own))[0] == 404


@pytest.mark.parametrize("which", ["own", "gold"])
def test_before_both_are_submitted_it_says_so(gold, own, annotator_b, which: str) -> None:
    set_status({"own": own, "gold": gold}[which], Status.REOPENED)
    status, told = Program(annotator_b).get(path(own))
    assert (status, told["error"], "corrections" in told) == (409, "not_settled", False)
    assert "no submitted gold layer" in told["message"]
