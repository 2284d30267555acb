"""What an annotator is corrected in: the list, its filters and pages, and the ways that lead there."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from annotations.accounts.models import User
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Article
from annotations.spans.models import Span
from annotations.web.agreement import correcting
from tests import factories
from tests.adjudication.correcting import LABELLED, settled_first, shown_campaign
from tests.adjudication.settling import more, submitted
from tests.agreement.layers import set_status
from tests.factories import settled
from tests.web.test_agreement_page import queries_of, text_of
from tests.web.test_decisions import CUE, QUOTE, first, send, settle
from tests.web.test_desk import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User) -> Campaign:
    return shown_campaign(annotator_a, annotator_b, adjudicator=adjudicator)


@pytest.fixture
def gold(campaign: Campaign, adjudicator: User) -> Assignment:
    """The quote as annotator_a has it, and no cue."""
    return settled_first(campaign, adjudicator)


def url_of(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.slug}/agreement/-/gold/corrections/"


def cards(text: str) -> list[str]:
    return re.findall(r'<li class="card case">.*?</li>', text, re.DOTALL)


def settle_more(campaign: Campaign, adjudicator: User, count: int) -> list[Article]:
    made = more(campaign, count)
    for article in made:
        submitted(campaign, article, **LABELLED)
        settle(campaign, article, adjudicator)
    return made


# --- blindness -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "manager", "adjudicator", "analyst"])
def test_it_is_for_the_annotators_of_the_campaign(request, who, campaign, gold, signed_in) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(url_of(campaign)).status_code == 404


def test_without_leave_of_the_campaign_nobody_sees_it(
    campaign, gold, annotator_b, signed_in
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(gold_shown=False)
    client = signed_in(annotator_b)
    assert client.get(url_of(campaign)).status_code == 404
    own = campaign.assignments.get(annotator=annotator_b)
    assert "corrections" not in text_of(client.get("/")) + page_of(client, own)


def test_nothing_of_anybody_else_is_on_the_page(
    campaign, gold, annotator_a, annotator_b, signed_in
) -> None:
    for who, other in ((annotator_a, annotator_b), (annotator_b, annotator_a)):
        text = text_of(signed_in(who).get(url_of(campaign)))
        for name in (other.username, gold.annotator.username, "Taken from", "taken"):
            assert name not in text
    assert "bukan penanda" not in text, "what was settled about annotator_a's cue"


@pytest.mark.parametrize("which", ["own", "gold"])
def test_as_long_as_either_is_open_nothing_is_shown(
    campaign, gold, annotator_b, signed_in, which: str
) -> None:
    own = campaign.assignments.get(annotator=annotator_b)
    set_status(own if which == "own" else gold, Status.REOPENED)
    client = signed_in(annotator_b)
    assert "No gold yet" in text_of(client.get(url_of(campaign)))
    text = text_of(client.get(f"{url_of(campaign)}?article={own.article_id}"))
    assert "Its gold layer is not submitted by now" in text
    assert not cards(text)
    own.refresh_from_db()
    assert "corrections" not in page_of(client, own)
    assert "settled" not in text_of(client.get("/"))


# --- what is shown ---------------------------------------------------------------------------


def test_both_versions_stand_side_by_side_with_the_reason(
    campaign, gold, annotator_b, signed_in
) -> None:
    text = text_of(signed_in(annotator_b).get(url_of(campaign)))
    (card,) = cards(text)
    assert ("Other boundaries" in card, "Type" in card, "Missed" in card) == (True, True, False)
    assert card.index('aria-label="You"') < card.index('aria-label="Gold"')
    assert "Tanpa kata pengantar" in card
    assert card.count("<mark>") == 2
    own = campaign.assignments.get(annotator=annotator_b)
    assert f"/desk/{own.pk}/#:~:text=" in card
    assert 'id="guide-QUOTE"' in text
    assert "style=" not in text


def test_what_gold_has_none_of_says_so(campaign, gold, annotator_a, signed_in) -> None:
    (card,) = cards(text_of(signed_in(annotator_a).get(url_of(campaign))))
    assert "Not in gold" in card
    assert "Nothing here" in card
    assert "bukan penanda" in card


def test_relations_and_remarks_are_shown(campaign, gold, annotator_a, signed_in) -> None:
    set_status(gold, Status.OPEN)
    placed = {one.label.key: str(one.id) for one in Span.objects.filter(assignment=gold)}
    send(
        gold,
        factories.related("SPEAKER", placed["QUOTE"], placed["ACTOR"]),
        factories.noted(placed["ACTOR"], "Nama jabatan ikut"),
        factories.noted(None, "“kata orang lain”: bukan"),
    )
    set_status(gold, Status.SUBMITTED)
    text = text_of(signed_in(annotator_a).get(url_of(campaign)))
    quote, actor, cue = cards(text)
    assert "Missed" in quote
    assert "speaker" in quote
    assert "Right, with a remark" in actor
    assert "Nama jabatan ikut" in actor
    assert "Not in gold" in cue
    assert "kata orang lain" not in text, "notes on the article may be about others' spans"


def test_an_article_that_was_right_says_so(campaign, adjudicator, annotator_a, signed_in) -> None:
    made = settle(campaign, first(campaign), adjudicator)
    cue = Span.objects.get(assignment__annotator=annotator_a, label__key="CUE")
    set_status(cue.assignment, Status.OPEN)
    send(cue.assignment, factories.operation("remove", span=str(cue.id)))
    set_status(cue.assignment, Status.SUBMITTED)
    assert made.status == Status.SUBMITTED
    text = text_of(signed_in(annotator_a).get(url_of(campaign)))
    assert "In the 1 article that is settled, gold has just what you have." in text


# --- filters and pages -----------------------------------------------------------------------


def test_what_is_corrected_most_comes_first_and_leads_to_it(
    campaign, gold, adjudicator, annotator_b, signed_in
) -> None:
    client = signed_in(annotator_b)
    (other,) = more(campaign, 1)
    submitted(campaign, other, annotator_a=(QUOTE, CUE), annotator_b=(QUOTE,))
    theirs = campaign.assignments.get(annotator__username="annotator_a", article=other)
    made = settle_cue(campaign, other, adjudicator, theirs)
    assert made.status == Status.SUBMITTED
    for page in (url_of(campaign), url_of(campaign).removesuffix("corrections/")):
        text = text_of(client.get(page))
        most = re.findall(r'corrected-every" href="([^"]+)".*?number">(\d+)<', text, re.DOTALL)
        assert [number for _, number in most] == ["2", "1", "1"]
        assert [parse_qs(urlsplit(url).query).get("about") for url, _ in most] == [
            None,
            ["CUE"],
            ["QUOTE"],
        ]
    assert len(cards(text_of(client.get(url_of(campaign))))) == 2
    for asked, words in (
        ("?about=CUE", "Missed"),
        ("?in=missed", "Missed"),
        ("?about=QUOTE", "Other boundaries"),
        ("?about=QUOTE&in=value.type", "Other boundaries"),
        (f"?article={other.pk}", "Missed"),
    ):
        (card,) = cards(text_of(client.get(f"{url_of(campaign)}{asked}")))
        assert words in card
    for asked in ("?about=CUE&in=extent", "?about=none", "?in=nothing"):
        assert "No such corrections" in text_of(client.get(f"{url_of(campaign)}{asked}"))
    for asked in (
        "?article=x",
        "?after=x",
        "?after=9.9&before=1.",
        "?after=99999999999999999999.a",
    ):
        assert client.get(f"{url_of(campaign)}{asked}").status_code == 200


def settle_cue(campaign, article, adjudicator, theirs) -> Assignment:
    """Gold has the cue that one annotator missed."""
    gold = open_gold(campaign, article, by=adjudicator)
    text = article.body.text
    cue = factories.placed(text, text[40:44], label="CUE")
    cue["span"]["fragments"] = [[40, 44]]  # type: ignore[index]  # where the annotator has it
    member = (theirs, str(theirs.spans.get(label__key="CUE").id))
    send(gold, cue)
    send(gold, settled([member], "take", factories.span_id(cue), took=theirs))
    set_status(gold, Status.SUBMITTED)
    return gold


def test_pages_go_on_and_back_whatever_was_reopened_meanwhile(
    campaign, gold, adjudicator, annotator_b, signed_in, monkeypatch
) -> None:
    settle_more(campaign, adjudicator, 3)
    monkeypatch.setattr(correcting, "ON_A_PAGE", 2)
    client = signed_in(annotator_b)

    def page(asked: str) -> tuple[list[str], dict[str, str]]:
        text = text_of(client.get(f"{url_of(campaign)}{asked}"))
        ways = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', text))
        return re.findall(r"/desk/(\d+)/#", text), ways

    one, ways = page("")
    two, back = page(ways["next"])
    assert (len(one), len(two), [*ways], [*back]) == (2, 2, ["next"], ["prev"])
    assert len({*one, *two}) == 4
    assert page(back["prev"])[0] == one
    gone = campaign.assignments.get(pk=int(one[1]))
    set_status(gone, Status.REOPENED)
    assert page(ways["next"])[0] == two, "where a place is gone, nothing is passed over"


def test_more_articles_are_not_more_queries(
    campaign, gold, adjudicator, annotator_b, signed_in
) -> None:
    client = signed_in(annotator_b)
    every = (url_of(campaign), url_of(campaign).removesuffix("corrections/"), "/")
    before = [queries_of(client, url) for url in every]
    settle_more(campaign, adjudicator, 2)
    assert [queries_of(client, url) for url in every] == before


# --- ways ------------------------------------------------------------------------------------


def test_home_says_how_many_articles_are_settled(
    campaign, gold, adjudicator, annotator_b, signed_in
) -> None:
    settle_more(campaign, adjudicator, 1)
    text = text_of(signed_in(annotator_b).get("/"))
    assert "2 articles of yours are settled" in text
    assert f'href="{url_of(campaign)}"' in text


def test_the_desk_of_a_submitted_layer_leads_to_its_corrections(
    campaign, gold, annotator_b, signed_in
) -> None:
    own: Any = campaign.assignments.get(annotator=annotator_b)
    client = signed_in(annotator_b)
    way = f"{url_of(campaign)}?article={own.article_id}"
    assert way in page_of(client, own)
    assert cards(text_of(client.get(way)))
