"""Where agreement is lost: worked by hand, and what holds of any two layers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import counting, funnel
from annotations.agreement.measures.funnel import Order, steps
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.tally import Mark

ORDER = Order({"QUOTE": ("type",), "STANCE": ("polarity", "strength")}, ("SPEAKER", "HOLDER"))
LABELS = ("QUOTE", "STANCE", "ACTOR")
TEXT = "x" * 60


def quote(start: int, end: int, **values: str) -> Mark:
    return Mark("QUOTE", ((start, end),), values)


def actor(start: int, end: int, entity: str | None = None) -> Mark:
    return Mark("ACTOR", ((start, end),), {}, entity)


def counted(first: Linked, second: Linked) -> counting.Counted:
    return counting.count(TEXT, first, second, ORDER)


def lost(first: Linked, second: Linked, *labels: str) -> dict[str, int]:
    found = steps(counted(first, second).bounded, labels or LABELS)
    return {f"{step.step} {step.detail}".strip(): step.lost for step in found if step.lost}


def test_every_step_takes_what_differs_in_it_first() -> None:
    first = Linked(
        [
            quote(0, 5, type="direct"),
            quote(10, 15),
            Mark("STANCE", ((20, 25),), {"polarity": "for", "strength": "2"}),
            actor(30, 33, "a"),
            actor(40, 43),
            quote(50, 53),
        ],
        [Relation("SPEAKER", 0, 3), Relation("SPEAKER", 1, 4)],
    )
    second = Linked(
        [
            quote(0, 5, type="direct"),
            quote(10, 16),
            Mark("STANCE", ((20, 25),), {"polarity": "against", "strength": "1"}),
            actor(30, 33, "b"),
            quote(40, 43),
        ],
        [Relation("SPEAKER", 0, 4)],
    )
    assert lost(first, second) == {
        "found": 1,
        "boundary": 2,
        "label": 2,
        "value polarity": 2,
        "relation SPEAKER": 2,
        "entity": 2,
    }
    assert lost(first, second, "ACTOR") == {"label": 1, "entity": 2}


def test_the_speaker_is_the_same_where_the_names_are_of_one_entity() -> None:
    first = Linked([quote(0, 5), actor(6, 9, "x"), actor(20, 22, "x")], [Relation("SPEAKER", 0, 1)])
    second = Linked(
        [quote(0, 5), actor(6, 9, "x"), actor(20, 22, "x")], [Relation("SPEAKER", 0, 2)]
    )
    assert lost(first, second) == {}


def test_what_is_equal_is_paired_before_what_only_overlaps() -> None:
    one = Linked([quote(0, 10), quote(0, 20)], [])
    other = Linked([quote(0, 20)], [])
    assert lost(one, other) == {"found": 1}


def test_a_label_that_nobody_placed_has_no_steps() -> None:
    assert steps({("length",): 60}, ["QUOTE"]) == []


starts = st.integers(0, 50)
marks = st.builds(
    lambda label, start, size, value, entity: Mark(
        label,
        ((start, start + size),),
        {"type": value} if label == "QUOTE" and value else {},
        entity if label == "ACTOR" else None,
    ),
    st.sampled_from(LABELS),
    starts,
    st.integers(1, 9),
    st.sampled_from(["", "direct", "indirect"]),
    st.sampled_from([None, "a", "b"]),
)
layers = st.lists(marks, max_size=12).flatmap(
    lambda found: st.lists(
        st.builds(
            Relation,
            st.just("SPEAKER"),
            st.integers(0, max(0, len(found) - 1)),
            st.integers(0, max(0, len(found) - 1)),
        ),
        max_size=3 if found else 0,
    ).map(lambda links: Linked(found, links))
)


@given(layers, layers)
def test_the_losses_and_what_is_left_are_all_spans(first: Linked, second: Linked) -> None:
    found = steps(counted(first, second).bounded, LABELS)
    placed = len(first.marks) + len(second.marks)
    assert bool(found) == bool(placed)
    if found:
        assert sum(step.lost for step in found) + found[-1].left == placed
        assert all(step.lost >= 0 and step.left >= 0 for step in found)
        shares = [step.lost_share for step in found if step.lost_share is not None]
        assert not shares or sum(shares) == pytest.approx(1)


@given(layers, layers)
def test_swapping_the_layers_changes_no_loss(first: Linked, second: Linked) -> None:
    assert lost(first, second) == lost(second, first)


@given(layers)
def test_a_layer_loses_nothing_to_itself(layer: Linked) -> None:
    assert lost(layer, layer) == {}


@given(layers, layers)
def test_what_is_left_before_values_is_exact_agreement(first: Linked, second: Linked) -> None:
    bounded = counted(first, second).bounded
    matched = Counter({label: bounded.get((label, "matched", "exact"), 0) for label in LABELS})
    for label in LABELS:
        found = [step for step in steps(bounded, [label]) if step.step in funnel.STEPS[:3]]
        if found:
            assert found[-1].left == 2 * matched[label]


@given(layers, layers)
def test_swapping_the_layers_turns_every_count(first: Linked, second: Linked) -> None:
    there, back = counted(first, second).bounded, counted(second, first).bounded
    assert {counting.turned(key): count for key, count in there.items()} == dict(back)
