"""Majority and union: what several layers say together."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exchange.choices.merging import Way, merged
from annotations.exchange.formats import kutip
from annotations.exchange.records import LayerRecord, Line, SpanRecord
from tests.exchange.kutip_lines import compact, layer, line, relation

TEXT = "0123456789abcdefghijklmnopqrstuvwxyz🚢"
Told = tuple[str, tuple[tuple[int, int], ...]]


def spot(*fragments: tuple[int, int], label: str = "ACTOR", **fields: Any) -> dict[str, Any]:
    made = {"id": str(uuid4()), "label": label, "fragments": [list(f) for f in fragments]}
    text = [TEXT[start:end] for start, end in fragments]
    return made | {"text": text, "attributes": {}, "entity": None, "notes": []} | fields


def read(*layers: dict[str, Any]) -> Line:
    return kutip.read(compact(line(TEXT, *layers)))


def of(*spans: Sequence[dict[str, Any]]) -> Line:
    """A line with a layer of each of these lists of spans."""
    return read(*(layer(f"a{i}", *mine) for i, mine in enumerate(spans)))


def made(line: Line, way: Way = "majority") -> LayerRecord:
    found = merged(line, line.layers, way)
    assert found is not None
    return found


def told(layer: LayerRecord) -> list[Told]:
    return [
        (span.label, tuple((start, end) for start, end in span.fragments)) for span in layer.spans
    ]


@pytest.mark.parametrize(
    ("spans", "majority"),
    [
        # one of two is no majority; both are
        ([[(0, 9)], []], []),
        ([[(0, 9)], [(0, 9)]], [(0, 9)]),
        # two of three, and what two of them cover
        ([[(0, 9)], [(1, 9)], []], [(1, 9)]),
        ([[(0, 8)], [(1, 9)], [(0, 9)]], [(0, 9)]),
        # exactly half in common is not enough, a little more is
        ([[(0, 3)], [(1, 4)]], []),
        ([[(0, 4)], [(1, 5)]], [(1, 4)]),
        # alike only by way of another
        ([[(0, 10)], [(3, 12)], [(6, 14)]], [(3, 12)]),
        # a person's own spans of one place are one vote
        ([[(0, 9), (1, 9)], [], []], []),
    ],
)
def test_what_is_the_majority(
    spans: list[list[tuple[int, int]]], majority: list[tuple[int, int]]
) -> None:
    found = made(of(*([spot(place) for place in mine] for mine in spans)))
    assert told(found) == [("ACTOR", (place,)) for place in majority]
    assert [span.text for span in found.spans] == [(TEXT[s:e],) for s, e in majority]


def test_nested_spans_stay_apart() -> None:
    inner, outer = (10, 14), (5, 30)
    both = [[spot(outer), spot(inner)], [spot(inner), spot(outer)]]
    assert told(made(of(*both))) == [("ACTOR", (outer,)), ("ACTOR", (inner,))]


def test_labels_are_voted_on_apart() -> None:
    line = of([spot((0, 5))], [spot((0, 5), label="QUOTE")])
    assert told(made(line)) == []
    assert told(made(line, "union")) == [("ACTOR", ((0, 5),)), ("QUOTE", ((0, 5),))]


def test_split_spans_have_split_majorities() -> None:
    split = ((0, 5), (9, 15))
    assert told(made(of([spot(*split)], [spot(*split)], [spot((0, 15))]))) == [("ACTOR", split)]


def test_attributes_and_entities_are_voted_on() -> None:
    entity = str(uuid4())
    values: list[dict[str, Any]] = [
        {"attributes": {"form": "name", "x": True}, "entity": entity},
        {"attributes": {"form": "name"}, "entity": entity},
        {"attributes": {"form": "role", "x": True}, "entity": None},
    ]
    [span] = made(of(*([spot((0, 5), **fields)] for fields in values))).spans
    assert (span.attributes, span.entity) == ({"form": "name", "x": True}, entity)
    [span] = made(of(*([spot((0, 5), **fields)] for fields in values[1:]))).spans
    assert (span.attributes, span.entity) == ({}, None)


def test_relations_follow_their_ends() -> None:
    layers = []
    for number, end in enumerate((9, 10, 9)):
        quote, actor = spot((0, end), label="QUOTE"), spot((12, 20))
        ends = {"span": quote["id"]}, {"span": actor["id"]}
        joined = [relation("SPEAKER", *ends)] if number < 2 else []
        layers.append(layer(f"a{number}", quote, actor, relations=joined))
    layers[0]["relations"].append(
        relation("ABOUT", {"article": True}, {"span": layers[0]["spans"][0]["id"]})
    )
    line = read(*layers)
    majority, union = made(line), made(line, "union")
    [one] = majority.relations
    places = {span.id: span.label for span in majority.spans}
    assert (one.type, places[one.source.span or ""], places[one.target.span or ""]) == (
        *("SPEAKER", "QUOTE", "ACTOR"),
    )
    assert sorted(each.type for each in union.relations) == ["ABOUT", "SPEAKER", "SPEAKER"]


def test_half_of_the_layers_make_no_relation_and_none_leads_to_its_own_span() -> None:
    layers = []
    for number in range(2):
        first, twin, other = spot((0, 9)), spot((1, 9)), spot((20, 25))
        ends = {"span": first["id"]}, {"span": twin["id"]}
        apart = [relation("PART_OF", {"span": first["id"]}, {"span": other["id"]})]
        joined = [relation("PART_OF", *ends), *(apart if number else [])]
        layers.append(layer(f"a{number}", first, twin, other, relations=joined))
    line = read(*layers)
    assert len(made(line).spans) == 2
    assert made(line).relations == []
    assert len(made(line, "union").relations) == 2


def test_of_no_layers_there_is_nothing() -> None:
    assert merged(read(), [], "union") is None


PLACES = st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda p: (p[0], p[0] + p[1]))
SPOTS = st.builds(spot, PLACES, label=st.sampled_from(["ACTOR", "QUOTE"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SPOTS, max_size=4), min_size=1, max_size=3))
def test_the_order_of_layers_changes_nothing(spans: list[list[dict[str, Any]]]) -> None:
    line = of(*spans)
    for way in ("majority", "union"):
        found = {_as_bytes(merged(line, each, way)) for each in permutations(line.layers)}
        assert len(found) == 1


def _as_bytes(layer: LayerRecord | None) -> str:
    return repr(layer)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SPOTS, max_size=4), min_size=1, max_size=4))
def test_the_majority_is_covered_by_most_and_the_union_by_all(
    spans: list[list[dict[str, Any]]],
) -> None:
    line = of(*spans)
    for span in made(line).spans:
        for start, end in span.fragments:
            for at in range(start, end):
                voters = [one for one in line.layers if _covers(one, span, at)]
                assert 2 * len(voters) > len(line.layers)
    mine = {one for layer in line.layers for one in told(layer)}
    assert set(told(made(line, "union"))) == mine
    assert len(told(made(line, "union"))) == len(mine)


def _covers(layer: LayerRecord, span: SpanRecord, at: int) -> bool:
    return any(
        start <= at < end
        for one in layer.spans
        if one.label == span.label
        for start, end in one.fragments
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(SPOTS, max_size=5))
def test_the_majority_of_one_layer_is_that_layer_with_like_spans_as_one(
    spans: list[dict[str, Any]],
) -> None:
    line = of(spans, spans, spans)
    alone = set(told(line.layers[0]))
    joined = {(label, f) for label, f in told(made(line))}
    assert {(label, at) for label, fs in alone for s, e in fs for at in range(s, e)} == {
        (label, at) for label, fs in joined for s, e in fs for at in range(s, e)
    }
