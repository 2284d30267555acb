"""How differences were settled: shares, and the log that guidelines and training start from."""

import json
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotations.accounts.models import Role, User
from annotations.adjudication import decisions
from annotations.adjudication.rules import Rule
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Article, Membership
from annotations.spans.models import Span
from annotations.spans.protocol import operate
from tests import factories
from tests.adjudication.settling import campaign_of, more, submitted
from tests.agreement.layers import mark, set_status
from tests.factories import related, settled
from tests.plans import plans_of
from tests.web.test_agreement_page import queries_of

pytestmark = pytest.mark.django_db

QUOTE, LONGER = mark("QUOTE", (7, 12), type="direct"), mark("QUOTE", (7, 18), type="indirect")
ACTOR, CUE = mark("ACTOR", (25, 29)), mark("CUE", (40, 44))


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User, analyst: User) -> Campaign:
    """Nothing is settled yet: a quote differs, an actor is alike, one has a cue."""
    found = campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator, analyst))
    submitted(found, first(found), annotator_a=(QUOTE, ACTOR, CUE), annotator_b=(LONGER, ACTOR))
    return found


def first(campaign: Campaign) -> Article:
    return campaign.corpus.articles.order_by("pk")[0]


def spans(campaign: Campaign, article: Article, label: str) -> list[tuple[Assignment, str]]:
    """The annotators' spans of this label, as the members of a case."""
    found = Span.objects.filter(
        assignment__article=article, assignment__kind=Kind.ANNOTATOR, label__key=label
    ).order_by("assignment")
    return [(span.assignment, str(span.id)) for span in found.select_related("assignment")]


def send(layer: Assignment, *operations: dict[str, object]) -> None:
    layer.refresh_from_db()
    body = {"client": str(uuid4()), "base": layer.revision, "operations": operations}
    answer = operate(layer.pk, json.dumps(body).encode(), by=layer.annotator)
    assert answer.status == 200, answer


def settle(
    campaign: Campaign, article: Article, adjudicator: User, *, reason: str = "Tanpa kata pengantar"
) -> Assignment:
    """The article is settled: the quote as annotator_a has it, no cue; the actor is alike."""
    gold = open_gold(campaign, article, by=adjudicator)
    text = article.body.text
    quote = factories.placed(text, text[7:12], label="QUOTE", attributes={"type": "direct"})
    theirs = spans(campaign, article, "QUOTE")
    cues = spans(campaign, article, "CUE")
    send(gold, quote)
    send(
        gold,
        settled(theirs, "take", factories.span_id(quote), took=theirs[0][0], reason=reason),
        settled(cues, "none", reason="bukan penanda"),
    )
    set_status(gold, Status.SUBMITTED)
    return gold


@pytest.fixture
def gold(campaign: Campaign, adjudicator: User) -> Assignment:
    return settle(campaign, first(campaign), adjudicator)


@pytest.fixture
def client(signed_in: Any, analyst: User) -> Client:
    browser: Client = signed_in(analyst)
    return browser


def page_of(client: Client, campaign: Campaign, asked: str = "") -> str:
    address = reverse("decisions", args=[campaign.slug]) + asked
    return unescape(client.get(address).content.decode())


def cases_of(page: str) -> list[str]:
    return page.split('<li class="card case">')[1:]


def test_shares_say_how_often_each_way_was_chosen(
    client: Client, campaign: Campaign, gold: Assignment
) -> None:
    page = page_of(client, campaign)
    shares = re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th><td class="number">(\d+)<', page)
    assert sorted(shares) == [
        ("All alike", "1"),
        ("None is right", "1"),
        ("Taken from annotator_a", "1"),
    ]
    assert "3 cases" in page
    assert "33 %" in page


def test_a_decision_shows_what_everyone_had_and_why(
    client: Client, campaign: Campaign, gold: Assignment
) -> None:
    cue, quote = sorted(cases_of(page_of(client, campaign)), key=lambda case: "Taken" in case)
    text = first(campaign).body.text
    assert f"<mark>{text[7:12]}</mark>" in quote
    assert f"<mark>{text[7:18]}</mark>" in quote
    assert "Tanpa kata pengantar" in quote
    assert "differs" in quote
    assert 'aria-label="Gold"' not in quote, "it is the version that was taken"
    assert "?from=7&to=18#hit" in quote
    assert "Nothing of this is gold." in cue
    assert "No such span here" in cue
    assert cue.index("annotator_b") < cue.index("No such span here")
    assert "No such span here" not in quote


def test_gold_that_nobody_had_is_shown(
    client: Client, campaign: Campaign, gold: Assignment, adjudicator: User
) -> None:
    set_status(gold, Status.OPEN)
    text = first(campaign).body.text
    quote = factories.placed(text, text[7:15], label="QUOTE", attributes={"type": "mixed"})
    send(gold, quote)
    of = spans(campaign, first(campaign), "QUOTE")[:2]
    send(gold, settled(of, "merge", factories.span_id(quote), reason="batas di antaranya"))
    set_status(gold, Status.SUBMITTED)
    merged = next(case for case in cases_of(page_of(client, campaign)) if "Merged" in case)
    assert merged.count('aria-label="Gold"') == 1
    assert f"<mark>{text[7:15]}</mark>" in merged


def test_relations_are_shown_with_where_they_lead(
    client: Client, campaign: Campaign, gold: Assignment, annotator_a: User
) -> None:
    layer = campaign.assignments.get(article=first(campaign), annotator=annotator_a)
    mine = {
        label: next(
            span for where, span in spans(campaign, first(campaign), label) if where == layer
        )
        for label in ("QUOTE", "ACTOR")
    }
    relate = related("SPEAKER", mine["QUOTE"], mine["ACTOR"])
    set_status(layer, Status.OPEN)
    send(layer, relate)
    set_status(layer, Status.SUBMITTED)
    set_status(gold, Status.OPEN)
    relation = relate["relation"]
    assert isinstance(relation, dict)
    send(gold, settled([(layer, relation["id"])], "none", sort="relation"))
    set_status(gold, Status.SUBMITTED)
    text = first(campaign).body.text
    (case,) = cases_of(page_of(client, campaign, "?about=SPEAKER"))
    assert "<bdi>" + text[25:29] in case
    assert f"<mark>{text[7:12]}</mark>" in case


def test_the_log_is_asked_by_label_decision_and_reason(
    client: Client, campaign: Campaign, gold: Assignment
) -> None:
    (cue,) = cases_of(page_of(client, campaign, "?about=CUE"))
    assert "bukan penanda" in cue
    (quote,) = cases_of(page_of(client, campaign, "?decision=take"))
    assert "Taken from annotator_a" in quote
    assert "No such decisions" in page_of(client, campaign, "?decision=merge")
    assert len(cases_of(page_of(client, campaign, "?reasoned=1"))) == 2
    for nonsense in (
        "?about=<b>",
        "?decision=all",
        "?after=x",
        "?after=1.2",
        f"?after={'9' * 40}.1",
    ):
        assert len(cases_of(page_of(client, campaign, nonsense))) == 2


def test_what_is_open_or_undone_is_not_told(
    client: Client, campaign: Campaign, gold: Assignment
) -> None:
    set_status(gold, Status.REOPENED)
    assert "Nothing was settled yet" in page_of(client, campaign)
    withdrawn = gold.remarks.get(kind="settlement", body__decision="take")
    send(
        gold,
        settled(spans(campaign, first(campaign), "QUOTE")[:2], None, settlement=str(withdrawn.id)),
    )
    set_status(gold, Status.SUBMITTED)
    assert "Tanpa kata pengantar" not in page_of(client, campaign)


def test_who_settled_it_is_led_to_the_desk(
    signed_in: Any, campaign: Campaign, gold: Assignment, adjudicator: User
) -> None:
    assert f'href="/desk/{gold.pk}/?from=7&to=18"' in page_of(signed_in(adjudicator), campaign)


def test_pages_lead_on_to_the_last_decision(
    client: Client,
    campaign: Campaign,
    gold: Assignment,
    adjudicator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decisions, "LATEST", 2)
    monkeypatch.setattr(decisions, "ON_A_PAGE", 1)
    for article in more(campaign, 2):
        submitted(campaign, article, annotator_a=(QUOTE, ACTOR, CUE), annotator_b=(LONGER, ACTOR))
        settle(campaign, article, adjudicator)
    asked, seen = "", []
    for _ in range(9):
        page = page_of(client, campaign, asked)
        seen += cases_of(page)
        ahead = re.search(r'rel="next" href="([^"]*)"', page)
        if ahead is None:
            break
        asked = ahead[1]
    assert len(seen) == len({*seen}) == 6


def test_more_decisions_are_not_more_queries(
    client: Client, campaign: Campaign, gold: Assignment, adjudicator: User
) -> None:
    address = reverse("decisions", args=[campaign.slug])
    before = queries_of(client, address)
    for article in more(campaign, 3):
        submitted(campaign, article, annotator_a=(QUOTE, ACTOR, CUE), annotator_b=(LONGER, ACTOR))
        settle(campaign, article, adjudicator)
    assert queries_of(client, address) == before


@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_who_labels_here_never_sees_it(
    request: pytest.FixtureRequest, signed_in: Any, campaign: Campaign, gold: Assignment, who: str
) -> None:
    person = request.getfixturevalue(who)
    Membership.objects.filter(user=person).update(role=Role.ANALYST)
    browser = signed_in(person)
    assert browser.get(reverse("decisions", args=[campaign.slug])).status_code == 404


def test_what_a_rule_decided_has_no_reason_of_anybody(
    client: Client, campaign: Campaign, adjudicator: User
) -> None:
    settle(campaign, first(campaign), adjudicator, reason=Rule.MAJORITY)
    assert "Nobody looked: more than half" in page_of(client, campaign)
    (cue,) = cases_of(page_of(client, campaign, "?reasoned=1"))
    assert "bukan penanda" in cue


def shares_of(campaign: Campaign, about: str = "") -> list[tuple[str, str, int]]:
    found = decisions.shares(campaign, about)
    return sorted((each.decision, each.took, each.number) for each in found)


ONE_ARTICLE = [("equal", "", 1), ("none", "", 1), ("take", "annotator_a", 1)]


def test_shares_are_of_all_settled_articles_and_of_no_other(
    campaign: Campaign, gold: Assignment, adjudicator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "LATEST", 1)
    for article in more(campaign, 2):
        submitted(campaign, article, annotator_a=(QUOTE, ACTOR, CUE), annotator_b=(LONGER, ACTOR))
        settle(campaign, article, adjudicator)
    assert shares_of(campaign) == [("equal", "", 3), ("none", "", 3), ("take", "annotator_a", 3)]
    assert shares_of(campaign, "QUOTE") == [("take", "annotator_a", 3)]
    assert shares_of(campaign, "SPEAKER") == []
    set_status(gold, Status.REOPENED)
    assert shares_of(campaign, "CUE") == [("none", "", 2)]
    set_status(gold, Status.SUBMITTED)
    set_status(gold, Status.SUBMITTED)
    assert shares_of(campaign, "CUE") == [("none", "", 3)]


def test_shares_follow_the_trash_and_a_text_that_is_taken_down(
    campaign: Campaign, gold: Assignment
) -> None:
    for withdrawn in (True, False):
        Assignment.objects.filter(article=gold.article_id).update(withdrawn=withdrawn)
        assert shares_of(campaign) == ([] if withdrawn else ONE_ARTICLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [gold.article_id])
    assert shares_of(campaign) == []


def test_shares_of_a_gold_layer_that_was_loaded_are_counted(
    campaign: Campaign, gold: Assignment
) -> None:
    """Its settlements are there before it is seen."""
    set_status(gold, Status.LOADING)
    assert shares_of(campaign) == []
    set_status(gold, Status.SUBMITTED)
    assert shares_of(campaign) == ONE_ARTICLE


def test_shares_are_one_query_that_goes_through_no_decisions(
    campaign: Campaign, gold: Assignment, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        decisions.shares(campaign)
    plan = "".join(plans_of(lambda: decisions.shares(campaign)))
    assert "decision_count" in plan
    assert "remark" not in plan
