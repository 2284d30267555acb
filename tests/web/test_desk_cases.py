"""The cases of a gold layer at the desk: what its adjudicator reads, and nobody else."""

import pytest

from annotations.assignments.models import Campaign
from tests.adjudication.settling import campaign_of, gold_of
from tests.agreement.layers import mark

pytestmark = pytest.mark.django_db

SPANS = {
    "annotator_a": (mark("QUOTE", (0, 9), type="direct"),),
    "annotator_b": (mark("QUOTE", (0, 9), type="mixed"),),
}


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


def test_the_adjudicator_reads_where_layers_differ(campaign, adjudicator, signed_in) -> None:
    gold = gold_of(campaign, adjudicator, **SPANS)
    told = signed_in(adjudicator).get(f"/desk/{gold.pk}/cases/").json()
    assert [layer["name"] for layer in told["layers"]] == ["annotator_a", "annotator_b"]
    (case,) = told["cases"]
    assert (case["kind"], case["differs"], case["range"]) == ("span", ["type"], [0, 9])
    assert [version["span"]["attributes"]["type"] for version in case["versions"]] == [
        "direct",
        "mixed",
    ]
    assert (told["waiting"], told["remarks"], told["outdated"]) == ([], [], [])


def test_nobody_else_does(campaign, adjudicator, manager, annotator_a, signed_in) -> None:
    gold = gold_of(campaign, adjudicator, **SPANS)
    for person in (manager, annotator_a):
        assert signed_in(person).get(f"/desk/{gold.pk}/cases/").status_code == 404
    campaign.places.create(user=adjudicator)
    assert signed_in(adjudicator).get(f"/desk/{gold.pk}/cases/").status_code == 404


def test_an_annotators_layer_has_no_cases(campaign, adjudicator, annotator_a, signed_in) -> None:
    gold_of(campaign, adjudicator, **SPANS)
    mine = campaign.assignments.get(annotator=annotator_a)
    assert signed_in(annotator_a).get(f"/desk/{mine.pk}/cases/").status_code == 404
