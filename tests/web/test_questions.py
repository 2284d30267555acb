"""The page of questions: what each side sees of the other, sends, and keeps when it cannot."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.conversation.models import Message
from annotations.corpora.models import Article
from tests.api.test_api import Program
from tests.conversation.asking import asked_layer, said, span_of
from tests.web.test_agreement_page import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User, annotator_b: User, adjudicator: User, manager: User) -> Assignment:
    return asked_layer(annotator_a, annotator_b, adjudicators=(adjudicator, manager))


def page_of(client: Client, path: str = "/questions/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def field(page: str, name: str) -> str:
    return re.search(f'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]


def sent(client: Client, layer: Assignment, **told: object) -> Any:
    return client.post(f"/questions/{layer.pk}/say/", {"id": uuid4(), "text": "Ya."} | told)


def test_home_leads_to_what_waits_and_from_there_to_an_answer(
    layer, signed_in, annotator_a, adjudicator
) -> None:
    span = span_of(layer)
    for about in (span, None):
        said(layer, adjudicator, span=about)
    client = signed_in(annotator_a)
    home = page_of(client, "/")
    assert "2 questions about your layers" in home
    page = page_of(client)
    assert page.count("Mengapa langsung?") == 2
    assert page.count("waits for you") == 2
    assert "<mark>" in page, "the very span is shown"
    answer = sent(
        client,
        layer,
        id=field(page, "id"),
        span=field(page, "span"),
        seen=field(page, "seen"),
    )
    assert answer.headers["Location"] == "/questions/"
    assert "1 question about your layers" in page_of(client, "/")
    assert "1 answer" in page_of(signed_in(adjudicator), "/")
    assert "1 answer" not in page_of(client, "/")


def test_the_same_form_sent_twice_is_one_message(layer, signed_in, annotator_a) -> None:
    client = signed_in(annotator_a)
    key = str(uuid4())
    for _ in range(2):
        assert sent(client, layer, id=key).status_code == 303
    assert Message.objects.count() == 1


def test_an_annotator_learns_no_name_and_nothing_of_others(
    layer, signed_in, annotator_a, annotator_b, adjudicator
) -> None:
    said(layer, adjudicator, span=span_of(layer))
    other = layer.campaign.assignments.get(annotator=annotator_b)
    said(other, annotator_b, "Rahasia.")
    page = page_of(signed_in(annotator_a))
    assert "Adjudicator" in page
    assert "annotator_b" not in page
    assert "Rahasia" not in page
    assert "adjudicator</bdi>" not in page
    assert "Those who adjudicate this campaign read it" in page
    told = Program(annotator_a).get(f"assignments/{layer.pk}/messages")[1]
    assert [one["author"] for one in told["messages"]] == [""]


def test_who_asks_is_told_who_will_read_it(layer, signed_in, annotator_a, adjudicator) -> None:
    page = page_of(signed_in(adjudicator), f"/questions/{layer.pk}/?span={span_of(layer)}")
    assert "annotator_a reads it, and who adjudicates this campaign." in page
    assert "Tell nothing of what others labelled." in page
    User.objects.filter(pk=adjudicator.pk).update(preferences={"hide_names": True})
    page = page_of(signed_in(adjudicator), f"/questions/{layer.pk}/?span={span_of(layer)}")
    assert "annotator_a" not in page
    assert "An annotator reads it" in page


@pytest.mark.parametrize("who", ["annotator_b", "analyst", "stranger"])
def test_the_door_is_shut_for_everyone_else(layer, signed_in, request, who) -> None:
    user = request.getfixturevalue(who)
    question = said(layer, layer.annotator)
    client, program = signed_in(user), Program(user)
    base = f"/questions/{layer.pk}"
    assert client.get(f"{base}/").status_code == 404
    assert sent(client, layer).status_code == 404
    assert client.post(f"{base}/seen/", {"seen": question.id}).status_code == 404
    assert client.get(f"{base}/messages").status_code == 404
    assert program.get(f"assignments/{layer.pk}/messages")[0] == 404
    path = f"assignments/{layer.pk}/messages"
    assert program.post(path, {"id": str(uuid4()), "text": "?"})[0] == 404
    assert program.post(f"{path}/seen", {"seen": str(question.id)})[0] == 404
    assert "Mengapa" not in page_of(client)
    assert Message.objects.filter(waits=True).count() == 1


def test_signed_out_it_is_401_for_programs_and_a_sign_in_for_people(layer, client: Client) -> None:
    assert client.get("/questions/").status_code == 302
    assert client.post(f"/questions/{layer.pk}/messages", {}).status_code == 401


def test_what_cannot_be_sent_stands_in_its_field_with_the_reason(
    layer, signed_in, annotator_a
) -> None:
    client = signed_in(annotator_a)
    long = "<b>" + "x" * 10_000
    answer = sent(client, layer, text=long)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "may have 10000" in page
    assert "&lt;b&gt;xxx" in page
    assert not Message.objects.exists()
    Campaign.objects.update(status=Campaign.Status.CLOSED)
    assert "closed" in sent(client, layer).content.decode()


@pytest.mark.parametrize("bad", ["", "x", "0", "../../etc", "🚢"])
def test_ids_that_are_none_are_not_found(layer, signed_in, annotator_a, bad) -> None:
    client = signed_in(annotator_a)
    assert sent(client, layer, id=bad).status_code == 404
    if bad:
        assert sent(client, layer, span=bad).status_code == 404
        assert client.get(f"/questions/{layer.pk}/", {"span": bad}).status_code == 404
    assert client.get(f"/questions/{layer.pk}/", {"span": uuid4()}).status_code == 404
    assert client.post(f"/questions/{layer.pk}/seen/", {"seen": bad}).status_code == 303


def test_markup_and_turned_names_are_words(layer, signed_in, annotator_a, adjudicator) -> None:
    User.objects.filter(pk=annotator_a.pk).update(display_name="\u202e<i>evil</i>")
    Article.objects.update(title="<script>x</script>")
    said(layer, annotator_a, "\u202e<script>alert(1)</script>")
    page = page_of(signed_in(adjudicator))
    assert "<script>alert" not in page
    assert "<script>x" not in page
    assert "<bdi>\u202e&lt;i&gt;evil" in page


def test_programs_read_write_and_mark(layer, annotator_a, adjudicator) -> None:
    path = f"assignments/{layer.pk}/messages"
    asker, answerer = Program(adjudicator), Program(annotator_a)
    one = {"id": str(uuid4()), "span": str(span_of(layer)), "text": "Mengapa?"}
    for _ in range(2):
        status, told = asker.post(path, one)
        assert status == 200
        assert [(m["text"], m["asks"], m["waits"]) for m in told["messages"]] == [
            ("Mengapa?", True, True)
        ]
    status, told = answerer.post(f"{path}/seen", {"seen": one["id"]})
    assert (status, told["messages"][0]["waits"]) == (200, False)
    for body, error, code in (
        ({"id": one["id"], "text": "Lain"}, "reused_id", 422),
        ({"id": str(uuid4()), "text": "x", "extra": 1}, "malformed", 400),
        ({"id": "x", "text": "x"}, "malformed", 400),
        ({"id": str(uuid4())}, "malformed", 400),
        ({"id": str(uuid4()), "text": "x", "span": str(uuid4())}, "unknown", 422),
    ):
        status, told = asker.post(path, body)
        assert (status, told["error"]) == (code, error)
    Campaign.objects.update(status=Campaign.Status.CLOSED)
    assert asker.post(path, {"id": str(uuid4()), "text": "x"})[0] == 409
    assert asker.post(f"{path}/seen", {"seen": 3})[0] == 400


def test_the_desk_sends_without_leaving(layer, signed_in, adjudicator) -> None:
    client = signed_in(adjudicator)
    body = json.dumps({"id": str(uuid4()), "text": "Mengapa?"})
    path = f"/questions/{layer.pk}/messages"
    answer = client.post(path, body, content_type="application/json")
    assert [one["author"] for one in answer.json()["messages"]] == ["adjudicator"]
    assert client.get(path).json() == answer.json()
    huge = client.post(path, b"x" * 20_000_000, content_type="application/json")
    assert huge.status_code in (400, 413)


def test_the_page_asks_as_often_whatever_it_shows(
    layer, signed_in, annotator_a, adjudicator
) -> None:
    client = signed_in(annotator_a)
    said(layer, adjudicator, span=span_of(layer))
    few = queries_of(client, "/questions/")
    for _ in range(5):
        said(layer, adjudicator, span=span_of(layer))
    said(layer, adjudicator)
    assert queries_of(client, "/questions/") == few <= 9


def ways_at(client: Client, layer: Assignment) -> Any:
    return client.get(f"/desk/{layer.pk}/state").json()["threads"]


def test_the_desk_of_the_annotator_leads_to_each_thread_and_tells_no_word_of_it(
    layer, signed_in, annotator_a, adjudicator
) -> None:
    client, span = signed_in(annotator_a), span_of(layer)
    assert ways_at(client, layer) == {}
    question = said(layer, adjudicator, "Rahasia?", span=span)
    said(layer, annotator_a)
    at, waits = f"/questions/{layer.pk}/", "waits for you"
    assert ways_at(client, layer) == {
        "": {"words": "1 message", "url": at, "waits": ""},
        str(span): {"words": "1 question", "url": f"{at}?span={span}", "waits": waits},
        "spans": {"words": "1 question about spans", "url": "/questions/", "waits": waits},
    }
    assert "Rahasia?" in page_of(client, f"{at}?span={span}")
    assert b"Rahasia" not in b"".join(client.get(f"/desk/{layer.pk}/"))
    sent(client, layer, span=span, seen=question.id)
    said(layer, adjudicator)
    told = ways_at(client, layer)
    assert [told[one]["waits"] for one in ("", str(span), "spans")] == [waits, "", ""]
    Campaign.objects.update(status=Campaign.Status.CLOSED)
    assert ways_at(client, layer)[""] == {"words": "1 question", "url": at, "waits": ""}


def test_the_desk_tells_nothing_of_threads_about_the_layers_of_others(
    layer, signed_in, annotator_b, adjudicator
) -> None:
    said(layer, adjudicator)
    other = layer.campaign.assignments.get(annotator=annotator_b)
    assert ways_at(signed_in(annotator_b), other) == {}


def test_a_desk_asks_once_for_threads_and_not_before_anybody_saw_the_layer(
    layer, signed_in, annotator_a, adjudicator
) -> None:
    client, path = signed_in(annotator_a), f"/desk/{layer.pk}/state"
    few = queries_of(client, path)
    for about in (None, span_of(layer)):
        said(layer, adjudicator, span=about)
    assert queries_of(client, path) == few
    Assignment.objects.filter(pk=layer.pk).update(status="open")
    assert queries_of(client, path) == few - 1
    assert ways_at(client, layer) == {}
