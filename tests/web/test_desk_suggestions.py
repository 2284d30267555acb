"""The desk's door to what a machine would label."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.assignments.services import Design, claim_next, create_campaign, start
from annotations.corpora.models import Article
from annotations.limits import LIMITS
from annotations.registry.models import Entity
from annotations.registry.services import add_alias, register
from annotations.schema.services import register as register_schema
from annotations.schema.spec import builtin_document
from annotations.spans.protocol import operate
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "“Kami siap 🚢,” kata Laras Prabasari, “besok pagi.” Istana Cempaka diam."


def answer(client: Client, assignment: Assignment) -> dict[str, Any]:
    response = client.get(f"/desk/{assignment.pk}/suggestions")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def suggested(client: Client, assignment: Assignment) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer(client, assignment)["suggestions"]
    return rows


@pytest.fixture
def assignment(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a, TEXT, factories.corpus(language="id"))


@pytest.fixture
def client(signed_in: Any, annotator_a: User) -> Client:
    browser: Client = signed_in(annotator_a)
    return browser


def test_a_quote_comes_with_its_cue_and_its_speaker(client: Client, assignment: Assignment) -> None:
    laras = factories.entity(assignment.corpus, "Laras Prabasari")
    add_alias(laras, text="Laras", kind="short")
    quote = suggested(client, assignment)[0]
    known = {
        "id": str(laras.uuid),
        "name": "Laras Prabasari",
        "type": "person",
        "aliases": ["Laras"],
    }
    assert quote == {
        "label": "QUOTE",
        "fragments": [[0, 14], [37, 50]],
        "text": ["“Kami siap 🚢,”", "“besok pagi.”"],
        "attributes": {"type": "direct"},
        "entity": None,
        "reason": "One quotation in two pieces: the speaking clause with “kata” interrupts it.",
        "score": 0.95,
        "cue": {
            "fragments": [[15, 19]],
            "text": ["kata"],
            "attributes": {"verb_class": "say"},
            "entity": None,
        },
        "speaker": {
            "fragments": [[20, 35]],
            "text": ["Laras Prabasari"],
            "attributes": {"form": "name"},
            "entity": known,
        },
    }


def test_a_metonym_is_offered_and_linked_to_nobody(client: Client, assignment: Assignment) -> None:
    office = factories.entity(assignment.corpus, "Kantor Presiden", "government")
    add_alias(office, text="Istana Cempaka", kind="metonym")
    [actor] = [one for one in suggested(client, assignment) if one["label"] == "ACTOR"]
    assert (actor["text"], actor["entity"]) == (["Istana Cempaka"], None)


def test_what_another_annotator_proposed_is_nobodys_name(
    signed_in: Any, client: Client, assignment: Assignment, annotator_a: User, annotator_b: User
) -> None:
    registry = assignment.corpus.registry
    register(registry, name="Laras Prabasari", type="person", by=annotator_b, proposed=True)
    assert [one["label"] for one in suggested(client, assignment)] == ["QUOTE"]
    register(registry, name="Istana Cempaka", type="government", by=annotator_a, proposed=True)
    assert [one["label"] for one in suggested(client, assignment)] == ["QUOTE", "ACTOR"]


def test_an_alias_that_another_annotator_proposed_is_nobodys_name(
    client: Client, assignment: Assignment, annotator_b: User
) -> None:
    office = factories.entity(assignment.corpus, "Kantor Presiden", "government")
    add_alias(office, text="Istana Cempaka", kind="full", proposed_by=annotator_b)
    assert len(suggested(client, assignment)) == 1
    add_alias(office, text="Istana Cempaka", kind="full", proposed_by=assignment.annotator)
    assert len(suggested(client, assignment)) == 2


def test_a_merged_entity_is_nobodys_name(client: Client, assignment: Assignment) -> None:
    factories.entity(assignment.corpus, "Laras Prabasari")
    other = factories.entity(assignment.corpus, "Laras")
    Entity.objects.filter(name="Laras Prabasari").update(merged_into=other)
    assert [one["label"] for one in suggested(client, assignment)] == ["QUOTE"]


def test_suggestions_know_nothing_of_any_layer(client: Client, assignment: Assignment) -> None:
    before = suggested(client, assignment)
    place = factories.placed(TEXT, "“Kami siap 🚢,”", label="QUOTE")
    body = {"base": 0, "operations": [place]}
    operate(assignment.pk, json.dumps(body).encode(), by=assignment.annotator)
    assert suggested(client, assignment) == before != []


def test_a_campaign_can_hide_them(client: Client, assignment: Assignment) -> None:
    assignment.campaign.suggestions = False
    assignment.campaign.save(update_fields=["suggestions"])
    assert answer(client, assignment) == {"suggestions": [], "until": None}


def test_of_a_withdrawn_article_nothing_is_told(client: Client, assignment: Assignment) -> None:
    Article.objects.filter(pk=assignment.article_id).update(withdrawn_at=timezone.now())
    assert answer(client, assignment) == {"suggestions": [], "until": None}


def test_a_stranger_learns_nothing(
    signed_in: Any, stranger: User, annotator_b: User, assignment: Assignment
) -> None:
    for person in (stranger, annotator_b):
        response = signed_in(person).get(f"/desk/{assignment.pk}/suggestions")
        assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_who_is_signed_out_is_told_to_sign_in(assignment: Assignment) -> None:
    response = Client().get(f"/desk/{assignment.pk}/suggestions")
    assert (response.status_code, response.json()["error"]) == (401, "signed_out")


def test_nothing_can_be_sent_here(client: Client, assignment: Assignment) -> None:
    assert client.post(f"/desk/{assignment.pk}/suggestions").status_code == 405


def test_the_page_names_this_address(client: Client, assignment: Assignment) -> None:
    state = client.get(f"/desk/{assignment.pk}/state").json()
    assert state["urls"]["suggestions"] == f"/desk/{assignment.pk}/suggestions"


def test_the_reasons_speak_the_readers_language(client: Client, assignment: Assignment) -> None:
    """Whatever the catalogue says: no placeholder is left, and nothing breaks."""
    response = client.get(f"/desk/{assignment.pk}/suggestions", headers={"accept-language": "id"})
    reasons = [one["reason"] for one in response.json()["suggestions"]]
    assert reasons
    assert not any("%(" in reason for reason in reasons)


def test_a_language_without_lexicon_gets_its_marks(annotator_a: User, client: Client) -> None:
    text = "« Nous sommes prêts, et nous le dirons », a dit Anne."
    french = factories.assignment(annotator_a, text, factories.corpus(language="fr"))
    [quote] = suggested(client, french)
    assert (quote["text"], quote["cue"]) == (["« Nous sommes prêts, et nous le dirons »"], None)


@pytest.mark.parametrize(
    "text",
    [
        "<script>“alert(1)”</script>, katanya </script>",
        "\u202e“siap”\u202c kata %(cue)s Laras\u2066 %s",
        "قال «نحن جاهزون» ثم 👩🏻\u200d🚒 قال “نعم”",
        "“" * 500 + "kata " * 500,
        "\r\n\r\n“a\r\n“b” kata\u2028Laras\r",
        "kata",
    ],
)
def test_a_hostile_text_is_read_like_any_other(
    annotator_a: User, client: Client, text: str
) -> None:
    place = factories.corpus(language="id")
    factories.entity(place, "Laras")
    for one in suggested(client, factories.assignment(annotator_a, text, place)):
        for part in (one, one["cue"], one["speaker"]):
            if part:
                assert [text[start:end] for start, end in part["fragments"]] == part["text"]


def test_without_the_labels_of_the_schema_nothing_is_offered(
    annotator_a: User, client: Client
) -> None:
    place = factories.corpus(language="id")
    factories.article(place, TEXT)
    factories.entity(place, "Laras Prabasari")
    whole: Any = builtin_document()
    labels = [label for label in whole["labels"] if label["key"] == "STANCE"]
    bare = {**whole, "key": "sikap", "labels": labels, "relations": []}
    design = Design(
        slug="sikap",
        name="",
        corpus=place,
        schema=register_schema(bare),
        annotators=[annotator_a],
        overlap=1,
    )
    campaign = create_campaign(design, by=None)
    start(campaign, by=None)
    opened = claim_next(campaign, annotator_a)
    assert opened
    assert suggested(client, opened) == []


def test_of_a_very_long_text_the_answer_says_how_far_it_was_looked_at(
    annotator_a: User, client: Client
) -> None:
    text = "“Kami siap,” kata Laras. " * (LIMITS.suggestion_code_points // 25 + 10)
    long = factories.assignment(annotator_a, text, factories.corpus(language="id"))
    found = answer(client, long)
    assert found["until"] == LIMITS.suggestion_code_points < len(text)
    assert len(found["suggestions"]) == LIMITS.suggestions


def test_a_change_of_the_registry_shows_at_once(client: Client, assignment: Assignment) -> None:
    assert len(suggested(client, assignment)) == 1
    entity = factories.entity(assignment.corpus, "Cempaka Raya", "government")
    assert len(suggested(client, assignment)) == 1
    add_alias(entity, text="Istana Cempaka", kind="full")
    assert suggested(client, assignment)[1]["entity"]["name"] == "Cempaka Raya"


@pytest.mark.parametrize("entities", [0, 30])
def test_suggesting_costs_the_same_queries_for_every_registry(
    client: Client, assignment: Assignment, django_assert_num_queries: Any, entities: int
) -> None:
    for number in range(entities):
        add_alias(factories.entity(assignment.corpus, f"Nama {number}"), text="N", kind="short")
    suggested(client, assignment)
    # person, assignment, text, names, aliases
    with django_assert_num_queries(5):
        suggested(client, assignment)
