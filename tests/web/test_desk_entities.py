import json
from typing import Any
from uuid import uuid4

import pytest

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.exchange.outgoing import line_of
from annotations.history.models import Event
from annotations.registry.models import Alias, Entity
from annotations.registry.services import add_alias, register
from annotations.spans.protocol import operate
from tests import factories

pytestmark = pytest.mark.django_db


def found(client: Any, assignment: Any, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"/desk/{assignment.pk}/entities", {"q": query}).json()[
        "entities"
    ]
    return rows


def propose(client: Any, assignment: Any, **fields: object) -> Any:
    body = {"id": str(uuid4()), "name": "Budi Santoso", "type": "person"} | fields
    path = f"/desk/{assignment.pk}/entities"
    return client.post(path, json.dumps(body), content_type="application/json")


def test_a_name_is_found_by_its_alias_whatever_its_case(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    dprk = factories.entity(assignment.corpus, "Korea Utara", "country")
    add_alias(dprk, text="Korut", kind="abbreviation")
    [row] = found(signed_in(annotator_a), assignment, "KORUT")
    assert (row["name"], row["aliases"]) == (
        "Korea Utara",
        [{"text": "Korut", "kind": "abbreviation"}],
    )


def test_who_stands_in_this_layer_comes_first(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    for name in ("Laras Adi", "Laras Dewi", "Laras Wulan"):
        factories.entity(assignment.corpus, name)
    wulan = Entity.objects.get(name="Laras Wulan")
    place = factories.placed(factories.TEXT, "Laras", entity=str(wulan.uuid))
    operate(assignment.pk, json.dumps({"base": 0, "operations": [place]}).encode(), by=annotator_a)
    rows = found(signed_in(annotator_a), assignment, "laras")
    assert [(row["name"], row["rank"]) for row in rows] == [
        ("Laras Wulan", "article"),
        ("Laras Adi", "registry"),
        ("Laras Dewi", "registry"),
    ]


def test_who_fills_a_role_in_this_layer_comes_first(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    for name in ("Laras Adi", "Laras Wulan"):
        factories.entity(assignment.corpus, name)
    wulan = Entity.objects.get(name="Laras Wulan")
    stance = factories.placed(factories.TEXT, "menolak", label="STANCE")
    ends = {"from": {"span": factories.span_id(stance)}, "to": {"entity": str(wulan.uuid)}}
    relation = {"id": str(uuid4()), "type": "HOLDER", **ends}
    operations = [stance, factories.operation("relate", relation=relation)]
    body = json.dumps({"base": 0, "operations": operations}).encode()
    assert operate(assignment.pk, body, by=annotator_a).status == 200
    rows = found(signed_in(annotator_a), assignment, "laras")
    assert [row["rank"] for row in rows] == ["article", "registry"]


def link(assignment: Any, entity: Entity) -> None:
    """The first word of the article is linked to this entity, by whoever labels it."""
    word = factories.TEXT.split()[0]
    place = factories.placed(factories.TEXT, word, entity=str(entity.uuid))
    body = json.dumps({"base": 0, "operations": [place]}).encode()
    assert operate(assignment.pk, body, by=assignment.annotator).status == 200


def test_who_was_linked_in_another_article_of_the_corpus_comes_before_the_rest(
    signed_in: Any, annotator_a: User
) -> None:
    before = factories.assignment(annotator_a)
    elsewhere = factories.assignment(annotator_a, corpus_=factories.corpus())
    now = factories.assignment(annotator_a, factories.TEXT + " Lagi.", before.corpus)
    for name in ("Laras Adi", "Laras Wulan"):
        factories.entity(before.corpus, name)
    link(before, Entity.objects.get(name="Laras Wulan"))
    link(elsewhere, factories.entity(elsewhere.corpus, "Laras Lain"))
    rows = found(signed_in(annotator_a), now, "laras")
    assert [(row["name"], row["rank"]) for row in rows] == [
        ("Laras Wulan", "corpus"),
        ("Laras Adi", "registry"),
    ]


def test_what_another_annotator_linked_changes_no_rank(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    place = factories.corpus()
    factories.article(place)
    campaign = factories.campaign(place, [annotator_a, annotator_b])
    mine, theirs = (campaign.assignments.get(annotator=a) for a in (annotator_a, annotator_b))
    for name in ("Laras Adi", "Laras Wulan"):
        factories.entity(place, name)
    claim(theirs)
    link(theirs, Entity.objects.get(name="Laras Wulan"))
    rows = found(signed_in(annotator_a), mine, "laras")
    assert [(row["name"], row["rank"]) for row in rows] == [
        ("Laras Adi", "registry"),
        ("Laras Wulan", "registry"),
    ]


def claim(assignment: Any) -> None:
    assignments.open_own(assignment, assignment.annotator)


def test_a_search_costs_the_same_however_much_was_labelled(
    signed_in: Any, annotator_a: User, django_assert_num_queries: Any
) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    found(client, assignment, "laras")
    link(assignment, factories.entity(assignment.corpus, "Laras"))
    with django_assert_num_queries(5):
        found(client, assignment, "laras")


def test_entities_of_another_registry_are_not_there(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    factories.entity(factories.corpus(), "Laras")
    assert found(signed_in(annotator_a), assignment, "laras") == []


def test_a_proposal_works_at_once_for_its_maker_only(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    place = factories.corpus()
    factories.article(place)
    campaign = factories.campaign(place, [annotator_a, annotator_b])
    mine, theirs = (campaign.assignments.get(annotator=a) for a in (annotator_a, annotator_b))
    answer = propose(signed_in(annotator_a), mine, alias="BS")
    assert answer.status_code == 201
    assert [row["proposed"] for row in found(signed_in(annotator_a), mine, "budi")] == [True]
    assert found(signed_in(annotator_b), theirs, "budi") == []
    assert Entity.objects.get(uuid=answer.json()["id"]).aliases.get().text == "BS"


def test_proposing_twice_makes_one_entity(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    same = str(uuid4())
    for _ in range(2):
        assert propose(signed_in(annotator_a), assignment, id=same).status_code == 201
    assert Entity.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": " "}, 422),
        ({"name": "Bu\u202edi"}, 422),
        ({"name": "x" * 501}, 422),
        ({"type": "dragon"}, 422),
        ({"alias": "a\nb"}, 201),
        ({"alias": "a\u202eb"}, 422),
        ({"id": "x"}, 400),
        ({"name": 3}, 400),
    ],
)
def test_a_bad_proposal_is_refused_with_a_sentence(
    signed_in: Any, annotator_a: User, fields: dict[str, object], status: int
) -> None:
    assignment = factories.assignment(annotator_a)
    answer = propose(signed_in(annotator_a), assignment, **fields)
    assert answer.status_code == status
    assert Entity.objects.count() == (status == 201)


def remember(client: Any, assignment: Any, named: Entity, **fields: object) -> Any:
    body = {"entity": str(named.uuid), "alias": "Menhan AS", "kind": "role"} | fields
    path = f"/desk/{assignment.pk}/entities"
    return client.post(path, json.dumps(body), content_type="application/json")


def test_an_alias_that_an_annotator_gives_works_for_them_only(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    place = factories.corpus()
    factories.article(place)
    campaign = factories.campaign(place, [annotator_a, annotator_b])
    mine, theirs = (campaign.assignments.get(annotator=a) for a in (annotator_a, annotator_b))
    austin = factories.entity(place, "Lloyd Austin")
    answer = remember(signed_in(annotator_a), mine, austin)
    assert answer.status_code == 201
    assert answer.json()["aliases"] == [{"text": "Menhan AS", "kind": "role"}]
    [row] = found(signed_in(annotator_a), mine, "menhan")
    assert (row["name"], row["alias"]) == ("Lloyd Austin", "Menhan AS")
    assert found(signed_in(annotator_b), theirs, "menhan") == []
    event = Event.objects.get(verb="alias.proposed")
    assert (event.by, event.data["text"]) == (annotator_a, "Menhan AS")


def test_the_page_shows_nobody_the_aliases_of_others(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    assignment = factories.assignment(annotator_a)
    austin = factories.entity(assignment.corpus, "Lloyd Austin")
    for person, alias in ((annotator_a, "Menhan"), (annotator_b, "Menteri")):
        add_alias(austin, text=alias, kind="role", proposed_by=person)
    link(assignment, austin)
    state = signed_in(annotator_a).get(f"/desk/{assignment.pk}/state").json()
    assert state["entities"][str(austin.uuid)]["aliases"] == ["Menhan"]


def test_one_layer_alone_carries_no_alias_of_others(annotator_a: User, annotator_b: User) -> None:
    assignment = factories.assignment(annotator_a)
    austin = factories.entity(assignment.corpus, "Lloyd Austin")
    for person in (annotator_a, annotator_b):
        add_alias(austin, text="Menhan", kind="role", proposed_by=person)
    add_alias(austin, text="Menteri", kind="role", proposed_by=annotator_b)
    link(assignment, austin)
    [entity] = json.loads(line_of(assignment))["entities"]
    assert [alias["text"] for alias in entity["aliases"]] == ["Menhan"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"alias": " "}, 422),
        ({"alias": "Men\u202ehan"}, 422),
        ({"alias": "x" * 501}, 422),
        ({"kind": "pronoun"}, 422),
        ({"kind": None}, 400),
        ({"entity": "x"}, 400),
        ({"entity": str(uuid4())}, 404),
    ],
)
def test_a_bad_alias_is_refused_with_a_sentence(
    signed_in: Any, annotator_a: User, fields: dict[str, object], status: int
) -> None:
    assignment = factories.assignment(annotator_a)
    entity = factories.entity(assignment.corpus, "Lloyd Austin")
    answer = remember(signed_in(annotator_a), assignment, entity, **fields)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".")
    assert not Alias.objects.exists()


def test_no_alias_is_given_to_what_another_proposed_or_to_another_registry(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    assignment = factories.assignment(annotator_a)
    registry = assignment.corpus.registry
    theirs = register(registry, name="Budi", type="person", by=annotator_b, proposed=True)
    for entity in (theirs, factories.entity(factories.corpus())):
        assert remember(signed_in(annotator_a), assignment, entity).status_code == 404
    assert not Alias.objects.exists()


def test_a_search_survives_signs_of_patterns(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    for query in ("%", "_", "\\", "'", "a" * 2000, "👩🏻\u200d🚒"):
        assert found(signed_in(annotator_a), assignment, query) == []
