"""What entities of a line go on as: found whatever the way there, and never in a circle."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import kutip
from annotations.exchange.heirs import Circle, going_on, last_heirs, with_heirs
from annotations.exchange.records import Line
from tests.exchange.kutip_lines import TEXT, compact, layer, line, relation, settlement, span


def entity(name: str, into: dict[str, Any] | None = None) -> dict[str, Any]:
    made = {"aliases": [], "id": str(uuid4()), "name": name, "type": "person"}
    return made | ({"merged_into": into["id"]} if into else {})


def read(document: dict[str, Any]) -> Line:
    return kutip.read(compact(document))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_every_way_ends_at_one_that_was_not_merged(drawn: list[int]) -> None:
    """Pointers only lead upward, so none turns in a circle."""
    into = {one: one + 1 + far for one, far in enumerate(drawn)}
    heirs = last_heirs({str(one): str(to) for one, to in into.items()})
    for one in into:
        at = one
        while at in into:
            at = into[at]
        assert heirs[str(one)] == str(at)
        assert {one, at} <= with_heirs([one], into)


@given(st.permutations("abcdef"), st.integers(1, 6))
def test_a_circle_is_found_from_wherever_one_comes(names: list[str], size: int) -> None:
    ring = names[:size]
    into = dict(zip(ring, [*ring[1:], ring[0]], strict=True))
    outside = dict.fromkeys(names[size:], ring[0])
    with pytest.raises(Circle):
        last_heirs(outside | into)


def test_a_way_of_many_is_followed_once() -> None:
    many = 200_000
    heirs = last_heirs({str(one): str(one + 1) for one in range(many)})
    assert set(heirs.values()) == {str(many)}


def test_a_line_without_merged_entities_is_itself() -> None:
    one = entity("Laras")
    given = read(line(TEXT, layer("a", span(TEXT, "Laras", entity=one["id"])), entities=[one]))
    assert going_on(given) is given


def test_links_lead_to_the_last_heir_and_two_relations_that_are_one_now_stand_once() -> None:
    last = entity("Laras Prabasari")
    middle = entity("Menteri Laras", last)
    first = entity("Laras", middle)
    stance = span(TEXT, "menolak", label="STANCE")
    actor = span(TEXT, "Laras", entity=first["id"])
    held = [
        relation("HOLDER", {"span": stance["id"]}, {"entity": one["id"]}) for one in (first, last)
    ]
    other = relation("TOWARD", {"span": stance["id"]}, {"span": actor["id"]})
    held.sort(key=lambda one: one["id"])
    settled = [settlement([("a", one)], "equal") for one in held]
    document = line(
        TEXT,
        layer("a", actor, stance, relations=[*held, other]),
        layer("hakim", kind="gold", settlements=settled),
        entities=[first, middle, last],
    )
    given = read(document)
    made = going_on(given)
    assert [one.id for one in made.entities] == [last["id"]]
    [only, gold] = made.layers
    assert [one.id for one in gold.settlements] == [settled[0]["id"]]
    assert [one.entity for one in only.spans] == [last["id"], None]
    assert [one.id for one in only.relations] == [held[0]["id"], other["id"]]
    assert only.relations[0].target.entity == last["id"]
    assert given == read(document)
