"""Where layers differ: what must be true of any layers, and what we want of some."""

import sys
from collections import Counter
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.adjudication.cases import cases, of_article
from annotations.adjudication.clustering import NEAREST, overlap
from annotations.adjudication.records import (
    Layer,
    Named,
    RelationCase,
    Said,
    SpanCase,
    Target,
    members_of,
)
from annotations.spans.remarks import ARTICLE, FlagImage, Member, NoteImage
from tests.adjudication.drawn_layers import ENTITIES, layers, relation, span

few = settings(max_examples=40)


def found(*some: Layer, entities: dict[UUID, Named] | None = None):
    return cases(some, entities or {})


def spans_of(*some: Layer) -> list[SpanCase]:
    return [case for case in found(*some) if isinstance(case, SpanCase)]


def relations_of(*some: Layer) -> list[RelationCase]:
    return [case for case in found(*some) if isinstance(case, RelationCase)]


def shares(case: SpanCase) -> list[list[int]]:
    return [version.layers for version in case.versions]


# --- of any layers ---------------------------------------------------------------------------


@few
@given(layers(), st.randoms())
def test_the_order_of_layers_and_of_spans_does_not_matter(some, chance) -> None:
    before = cases(some, {})
    turned = [
        replace(one, spans=mixed(one.spans, chance), relations=mixed(one.relations, chance))
        for one in mixed(some, chance)
    ]
    assert cases(turned, {}) == before


def mixed(things, chance):
    things = [*things]
    chance.shuffle(things)
    return things


@few
@given(layers())
def test_every_span_and_relation_is_in_one_case_and_each_layer_has_one_or_misses_it(some) -> None:
    every = cases(some, {})
    members = [member for case in every for version in case.versions for member in version.members]
    assert sorted(members, key=str) == sorted(
        [Member(one.id, span=each.id) for one in some for each in one.spans]
        + [Member(one.id, relation=each.id) for one in some for each in one.relations],
        key=str,
    )
    for case in every:
        if isinstance(case, SpanCase):
            there = [layer for version in case.versions for layer in version.layers]
            assert sorted(there + case.missing) == [one.id for one in some]


@few
@given(layers())
def test_cases_stand_in_the_order_of_the_text_and_are_equal_where_nothing_differs(some) -> None:
    every = cases(some, {})
    starts = [case.range[0] for case in every]
    assert starts == sorted(starts)
    for case in every:
        assert case.equal == (len(case.versions) == 1 and not case.missing) == (not case.differs)


@few
@given(layers())
def test_a_layer_takes_part_in_a_relation_from_what_it_has(some) -> None:
    every = cases(some, {})
    by_id = {case.id: case for case in every}
    for case in every:
        if isinstance(case, RelationCase):
            there = [layer for version in case.versions for layer in version.layers]
            source = by_id.get(case.source)
            have = {member.layer for member in members_of(source)} if source else {*range(1, 5)}
            assert set(there) == have & {one.id for one in some} - set(case.missing)
            assert all(to.case is None or to.case in by_id for v in case.versions for to in v.to)


@few
@given(layers())
def test_ids_are_unique_and_follow_from_the_members(some) -> None:
    every = cases(some, {})
    assert len({case.id for case in every}) == len(every)
    alone = cases(some[:1], {})
    again = {case.id: members_of(case) for case in every}
    assert all(again.get(case.id, members_of(case)) == members_of(case) for case in alone)


@few
@given(layers(max_layers=1), st.integers(1, 4))
def test_equal_layers_give_equal_cases_only(some, copies) -> None:
    every = cases([replace(some[0], id=key) for key in range(1, copies + 1)], {})
    assert all(case.equal and not case.differs and len(case.versions) == 1 for case in every)
    assert len([case for case in every if isinstance(case, SpanCase)]) == len(some[0].spans)


@few
@given(layers(max_layers=2))
def test_overlap_is_what_two_spans_share_of_both(some) -> None:
    spans = [each.fragments for one in some for each in one.spans]
    for one in spans:
        for other in spans:
            a, b = (
                {at for start, end in each for at in range(start, end)} for each in (one, other)
            )
            assert overlap(one, other) == len(a & b) / len(a | b)


def crowd(size: int, width: int) -> list[Layer]:
    """Two layers of many spans, each shifted by one in the other."""
    places = [(at * 3, at * 3 + width) for at in range(size)]
    return [
        Layer(
            key, [span(key * 100_000 + at, (a + key, b + key)) for at, (a, b) in enumerate(places)]
        )
        for key in (1, 2)
    ]


@pytest.mark.parametrize("width", [4, 3_000], ids=["side by side", "one over another"])
def test_the_work_grows_with_the_spans_and_not_with_their_pairs(width: int) -> None:
    """Four times the spans may take four times the calls, and some more: not sixteen times."""

    def work(size: int) -> int:
        some = crowd(size, width)
        calls: Counter[str] = Counter()
        sys.setprofile(lambda _frame, what, _made: calls.update([what]))
        try:
            cases(some, {})
        finally:
            sys.setprofile(None)
        return calls["call"] + calls["c_call"]

    assert work(4 * 150) < 9 * work(150)


def test_of_a_crowd_over_one_place_the_nearest_are_looked_at() -> None:
    deep = NEAREST + 20
    some = [
        Layer(key, [span(key * 1000 + at, (at, 3000 - at)) for at in range(deep)]) for key in (1, 2)
    ]
    assert all(case.equal for case in cases(some, {}))


# --- of some ---------------------------------------------------------------------------------

A = Layer(1, [span(11, (0, 10), type="direct"), span(12, (24, 34), label="ACTOR")])
B = Layer(2, [span(21, (0, 10), type="direct"), span(22, (29, 34), label="ACTOR")])
C = Layer(3, [span(31, (0, 10), type="mixed")])


def test_a_case_says_who_has_which_version_and_who_none() -> None:
    quote, actor = spans_of(A, B, C)
    assert (quote.label, quote.range, quote.differs) == ("QUOTE", (0, 10), ["type"])
    assert shares(quote) == [[1, 2], [3]]
    assert quote.versions[0].members == [
        Member(1, span=UUID(int=11)),
        Member(2, span=UUID(int=21)),
    ]
    assert (actor.range, actor.differs) == ((24, 34), ["missing", "extent"])
    assert (shares(actor), actor.missing) == ([[1], [2]], [3])


def test_a_layer_without_anything_misses_everything() -> None:
    (case,) = spans_of(Layer(1, [span(11, (0, 4))]), Layer(2))
    assert (case.differs, case.missing, case.equal) == (["missing"], [2], False)


def test_one_layer_alone_is_of_one_mind() -> None:
    assert all(case.equal for case in found(A))


def test_the_second_of_a_layer_stands_with_the_second_of_the_others() -> None:
    twice = [Layer(key, [span(key * 10 + at, (0, 4)) for at in (1, 2)]) for key in (1, 2)]
    one, other = spans_of(*twice, Layer(3, [span(31, (0, 4))]))
    assert sorted((one.missing, other.missing)) == [[], [3]]


def test_which_of_two_alike_stands_where_does_not_depend_on_their_order() -> None:
    twice = [span(11, (0, 4)), span(12, (0, 4))]
    other = Layer(2, [span(21, (0, 4))])
    assert found(Layer(1, twice), other) == found(Layer(1, twice[::-1]), other)


def test_two_relations_to_what_was_merged_do_not_differ_from_one_another() -> None:
    one, other = ENTITIES
    heir = Named(other, "Laras", "person")
    both = [relation(101, "VIA", None, one, sure=True), relation(102, "VIA", None, other)]
    (case,) = found(Layer(1, relations=both), entities={one: heir, other: heir})
    assert case.equal


def test_spans_that_are_alike_in_everything_stand_together_before_those_that_are_not() -> None:
    two = Layer(1, [span(11, (0, 4), type="direct"), span(12, (0, 4), type="mixed")])
    one = Layer(2, [span(21, (0, 4), type="mixed")])
    assert {case.equal for case in spans_of(two, one)} == {True, False}


def test_what_overlaps_best_is_joined_first() -> None:
    """Not what comes first in the text."""
    layer = Layer(1, [span(11, (0, 10)), span(12, (8, 20))])
    (one, other) = spans_of(layer, Layer(2, [span(21, (6, 20))]))
    assert (one.range, one.missing) == ((0, 10), [2])
    assert (other.range, other.differs) == ((6, 20), ["extent"])


def test_one_label_stands_together_before_another_that_fits_better() -> None:
    quotes = Layer(1, [span(11, (0, 10)), span(12, (0, 5), label="ACTOR")])
    one, other = spans_of(quotes, Layer(2, [span(21, (0, 5))]))
    assert (one.label, one.differs) == ("QUOTE", ["extent"])
    assert (other.label, other.differs) == ("ACTOR", ["missing"])


def test_spans_of_two_labels_are_one_where_they_cover_most_of_both() -> None:
    (case,) = spans_of(
        Layer(1, [span(11, (0, 10), type="direct")]), Layer(2, [span(21, (0, 9), label="ACTOR")])
    )
    assert case.differs == ["label", "extent"], "under another label an attribute means nothing"
    inside = spans_of(Layer(1, [span(11, (0, 10))]), Layer(2, [span(21, (0, 4), label="ACTOR")]))
    assert [each.differs for each in inside] == [["missing"], ["missing"]]


def test_split_spans_are_compared_by_what_they_cover() -> None:
    """Two stretches around what the others mark are no overlap with it."""
    around = Layer(1, [span(11, (0, 3), (8, 12))])
    assert len(spans_of(around, Layer(2, [span(21, (4, 7))]))) == 2


def test_merged_entities_are_one() -> None:
    one, other = ENTITIES
    some = [Layer(1, [span(11, (0, 4), entity=one)]), Layer(2, [span(21, (0, 4), entity=other)])]
    assert [case.differs for case in cases(some, {})] == [["entity"]]
    heir = Named(other, "Laras", "person")
    (case,) = cases(some, {one: heir, other: heir})
    assert case.equal
    assert case.versions[0].span.entity == heir


def test_remarks_stand_by_the_version_that_they_are_about() -> None:
    layer = replace(
        A,
        notes=[
            NoteImage(UUID(int=501), UUID(int=12), "siapa?"),
            NoteImage(UUID(int=502), None, "teks rusak"),
        ],
        flags=[
            FlagImage(UUID(int=12), UUID(int=12), ["unsure"], 1),
            FlagImage(ARTICLE, None, ["discuss"], None),
        ],
    )
    quote, actor = spans_of(B, layer)
    assert quote.versions[0].remarks == []
    assert actor.versions[0].remarks == [
        Said(1, text="siapa?"),
        Said(1, flags=("unsure",), confidence=1),
    ]
    assert of_article([layer, B]) == [Said(1, text="teks rusak"), Said(1, flags=("discuss",))]


SPEAKS_A = replace(A, relations=[relation(101, "SPEAKER", 11, 12)])
SPEAKS_B = replace(B, relations=[relation(201, "SPEAKER", 21, 22)])


def test_relations_are_equal_where_they_join_the_same_cases() -> None:
    """However each layer cut the span at their ends: that is a case of its own."""
    (case,) = relations_of(SPEAKS_A, SPEAKS_B)
    quote, actor = spans_of(SPEAKS_A, SPEAKS_B)
    assert case.equal
    assert (case.type, case.source, case.range) == ("SPEAKER", quote.id, quote.range)
    assert case.versions[0].to == [Target(case=actor.id)]
    assert case.versions[0].members == [
        Member(1, relation=UUID(int=101)),
        Member(2, relation=UUID(int=201)),
    ]


def test_a_layer_with_the_source_may_miss_the_relation_one_without_takes_no_part() -> None:
    (case,) = relations_of(SPEAKS_A, B, Layer(4))
    assert (case.differs, case.missing) == (["missing"], [2])


def test_a_version_is_all_that_a_layer_has_from_there() -> None:
    both = replace(A, relations=[*SPEAKS_A.relations, relation(102, "SPEAKER", 11, ENTITIES[0])])
    (case,) = relations_of(both, SPEAKS_B)
    assert case.differs == ["target"]
    assert sorted(len(version.to) for version in case.versions) == [1, 2]


def test_attributes_of_a_relation_are_compared_where_it_goes_to_the_same() -> None:
    sure = replace(B, relations=[relation(201, "SPEAKER", 21, 22, sure=True)])
    (case,) = relations_of(SPEAKS_A, sure)
    assert case.differs == ["sure"]


def test_every_layer_can_have_what_starts_at_the_article() -> None:
    via = replace(A, relations=[relation(101, "VIA", None, 12)])
    (case,) = relations_of(via, B, C)
    assert (case.source, case.range, case.missing) == ("article", (0, 0), [2, 3])


def test_programs_read_the_shape_that_the_desk_was_promised() -> None:
    told = msgspec.json.decode(msgspec.json.encode(found(SPEAKS_A, C)))
    assert [case["kind"] for case in told] == ["span", "relation", "span"]
    quote, speaker, actor = told
    assert quote["versions"][0] == {
        "layers": [1],
        "members": [{"layer": 1, "span": str(UUID(int=11))}],
        "span": {
            "label": "QUOTE",
            "fragments": [[0, 10]],
            "text": ["Kami tidak"],
            "attributes": {"type": "direct"},
            "entity": None,
        },
        "remarks": [],
    }
    assert speaker == {
        "kind": "relation",
        "id": speaker["id"],
        "type": "SPEAKER",
        "from": quote["id"],
        "range": [0, 10],
        "differs": ["missing"],
        "equal": False,
        "missing": [3],
        "versions": [
            {
                "layers": [1],
                "members": [{"layer": 1, "relation": str(UUID(int=101))}],
                "to": [{"case": actor["id"]}],
                "attributes": [{}],
            }
        ],
    }
