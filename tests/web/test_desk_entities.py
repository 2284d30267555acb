import json
from typing import Any
from uuid import uuid4

import pytest

from annotations.accounts.models import User
from annotations.registry.models import Entity
from annotations.registry.services import add_alias
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
    assert (rows[0]["name"], rows[0]["here"]) == ("Laras Wulan", True)
    assert len(rows) == 3


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


def test_a_search_survives_signs_of_patterns(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    for query in ("%", "_", "\\", "'", "a" * 2000, "👩🏻\u200d🚒"):
        assert found(signed_in(annotator_a), assignment, query) == []
