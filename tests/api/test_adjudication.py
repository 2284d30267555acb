"""Gold layers through the door for programs."""

from typing import Any

import pytest

from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Membership
from tests import factories
from tests.adjudication.settling import campaign_of, submitted
from tests.agreement.layers import mark
from tests.api.test_api import Program

pytestmark = pytest.mark.django_db

ACTOR, SHORTER = mark("ACTOR", (20, 24)), mark("ACTOR", (20, 23))


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


@pytest.fixture
def article(campaign: Campaign) -> Any:
    return campaign.corpus.articles.get()


@pytest.fixture
def program(adjudicator) -> Program:
    return Program(adjudicator)


def of_campaign(campaign: Campaign) -> dict[str, str]:
    return {"campaign": campaign.slug}


def test_the_next_that_is_ready_is_claimed_settled_and_submitted(
    campaign, article, program, annotator_a
) -> None:
    assert program.post("adjudications/next", of_campaign(campaign)) == (204, None)
    submitted(campaign, article, annotator_a=(ACTOR,), annotator_b=(SHORTER,))
    status, gold = program.post("adjudications/next", of_campaign(campaign))
    assert (status, gold["kind"], gold["article"]) == (200, "gold", article.pk)
    assert program.post("adjudications/next", of_campaign(campaign)) == (200, gold)
    assert program.get("assignments")[1]["assignments"] == [gold]

    path = f"assignments/{gold['id']}"
    status, told = program.get(f"{path}/cases")
    (case,) = told["cases"]
    assert (status, case["differs"]) == (200, ["extent"])
    status, refusal = program.post(f"{path}/submit", {"base": 0})
    (open_case,) = refusal["constraints"]
    assert (status, open_case["code"], open_case["fragments"]) == (422, "A1", [[20, 24]])
    assert article.body.text[20:24] in open_case["message"]

    taken = case["versions"][0]
    placing = factories.placed(article.body.text, *taken["span"]["text"])
    placing["span"] |= {"fragments": taken["span"]["fragments"]}
    members = [one for version in case["versions"] for one in version["members"]]
    settling = factories.operation(
        "settle",
        settlement={
            "id": "0190f0a0-0000-7000-8000-000000000001",
            "of": members,
            "decision": "take",
            "took": taken["layers"][0],
            "result": {"span": factories.span_id(placing)},
            "reason": "",
        },
    )
    status, _ = program.post(f"{path}/operations", {"base": 0, "operations": [placing, settling]})
    assert status == 200
    assert program.post(f"{path}/submit", {"base": 2}) == (
        200,
        {"status": "submitted", "revision": 2},
    )


def test_an_article_is_chosen_when_it_is_ready_and_nobody_s(
    campaign, article, program, manager
) -> None:
    wanted = of_campaign(campaign) | {"article": article.pk}
    status, refusal = program.post("adjudications", wanted)
    assert (status, refusal["error"]) == (409, "not_ready")
    submitted(campaign, article)
    status, gold = program.post("adjudications", wanted)
    assert status == 200
    assert program.post("adjudications", wanted) == (200, gold)
    other = factories.user(role="adjudicator")
    Membership.objects.create(corpus=campaign.corpus, user=other, role="adjudicator")
    status, refusal = Program(other).post("adjudications", wanted)
    assert status == 409
    assert refusal["message"] == "adjudicator settles this article already. You can take it over."
    foreign = factories.article(factories.corpus())
    assert program.post("adjudications", wanted | {"article": foreign.pk})[0] == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"campaign": 7}', b"\xff"])
@pytest.mark.parametrize("path", ["adjudications", "adjudications/next"])
def test_what_is_no_request_is_refused(program, path, body) -> None:
    assert program.post(path, body)[0] == 400


def test_annotators_and_strangers_find_nothing(
    campaign, article, annotator_a, stranger, adjudicator
) -> None:
    submitted(campaign, article)
    gold = open_gold(campaign, article, by=adjudicator)
    own = campaign.assignments.get(annotator=annotator_a)
    for person in (annotator_a, stranger):
        program = Program(person)
        wanted = of_campaign(campaign) | {"article": article.pk}
        assert program.post("adjudications", wanted)[0] == 404
        assert program.post("adjudications/next", of_campaign(campaign))[0] == 404
        assert program.get(f"assignments/{gold.pk}/cases")[0] == 404
        assert program.get(f"assignments/{own.pk}/cases")[0] == 404


def test_who_may_adjudicate_no_more_can_do_nothing_in_their_gold_layer(
    campaign, article, program, adjudicator, signed_in
) -> None:
    """Neither read nor change nor submit it, by any door, on any way through the operations."""
    submitted(campaign, article, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    gold = open_gold(campaign, article, by=adjudicator)
    campaign.places.create(user=adjudicator)
    path = f"assignments/{gold.pk}"
    body = {"base": 2, "operations": [factories.placed(article.body.text, "huruf")]}
    assert program.get(path)[0] == 404
    assert program.post(f"{path}/operations", body)[0] == 404
    assert program.post(f"{path}/operations", body | {"base": 0})[0] == 404
    assert program.post(f"{path}/submit", {"base": 2})[0] == 404
    desk = signed_in(adjudicator)
    for door in ("operations", "submit"):
        answer = desk.post(f"/desk/{gold.pk}/{door}", body, content_type="application/json")
        assert answer.status_code == 404
    assert Assignment.objects.get(pk=gold.pk).revision == 2
