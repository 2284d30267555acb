"""Where agreement is lost: worked by hand, and what holds of any two layers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import counting
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.funnel import STEPS, Order
from annotations.agreement.measures.questions import Attribute, Kind, Questions
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Key, Mark, headed


@dataclass(frozen=True, slots=True)
class Step:
    """What one step left and lost. `left` and `lost` count spans of both layers; `lost_share` is the
    part of 1 - F1 that is lost here, None where nothing is."""

    step: str
    detail: str
    left: int
    lost: int
    f1: float
    lost_share: float | None


ORDER = Order({"QUOTE": ("type",), "STANCE": ("polarity", "strength")}, ("SPEAKER", "HOLDER"))
LABELS = ("QUOTE", "STANCE", "ACTOR")
TEXT = "x" * 60


def steps(counts: Mapping[Key, int], labels: Iterable[str]) -> list[Step]:
    """Return the steps over these labels, in order; none where neither layer has such a span."""
    wanted = set(labels)
    placed = sum(counts.get((label, side), 0) for label in wanted for side in ("first", "second"))
    if not placed:
        return []
    left = sum(counts.get(("#funnel", label, "found"), 0) for label in wanted)
    lost: Counter[tuple[str, str]] = Counter({("found", ""): placed - left})
    for key, number in headed(counts, "#funnel", 5):
        if key[1] in wanted:
            lost[key[3], key[4]] += number
    together = lost.total()
    found, remaining = [], placed
    for (step, detail), number in sorted(lost.items(), key=_place):
        remaining -= number
        share = number / together if together else None
        found.append(Step(step, detail, remaining, number, remaining / placed, share))
    return found


def _place(item: tuple[tuple[str, str], int]) -> tuple[int, str]:
    (step, detail), _ = item
    return STEPS.index(step), detail


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


def test_a_pair_that_differs_in_two_steps_is_lost_at_the_first() -> None:
    said = {"polarity": "for", "strength": "1"}
    stance = Linked([Mark("STANCE", ((0, 5),), said, "a")], [])
    for mark, step in (
        (Mark("QUOTE", ((0, 6),), {}, "b"), "boundary"),
        (Mark("QUOTE", ((0, 5),), {}, "b"), "label"),
        (Mark("STANCE", ((0, 5),), {"strength": "2"}, "b"), "value polarity"),
        (Mark("STANCE", ((0, 5),), said | {"strength": "2"}, "b"), "value strength"),
        (Mark("STANCE", ((0, 5),), {"polarity": "for"}, "a"), "value strength"),
    ):
        assert lost(stance, Linked([mark], [])) == lost(Linked([mark], []), stance) == {step: 2}


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
        found = [step for step in steps(bounded, [label]) if step.step in STEPS[:3]]
        if found:
            assert found[-1].left == 2 * matched[label]


@given(layers, layers)
def test_swapping_the_layers_turns_every_count(first: Linked, second: Linked) -> None:
    there, back = counted(first, second).bounded, counted(second, first).bounded
    assert {counting.turned(key): count for key, count in there.items()} == dict(back)


@given(layers, layers)
def test_the_figures_of_a_campaign_are_these_steps(first: Linked, second: Linked) -> None:
    bounded = counted(first, second).bounded
    attributes = tuple(
        Attribute(label, key, ("direct", "indirect"))
        for label, keys in ORDER.attributes.items()
        for key in keys
    )
    kinds = tuple(Kind(key, LABELS) for key in ORDER.relations)
    ask = Questions(LABELS, attributes, replicates=0, relations=kinds, entities=LABELS)
    told = {
        (figure.variant, figure.attribute or ""): figure.value
        for figure in figures([Row(1, ("ani", "budi"), 1.0, bounded)], ask)
        if figure.measure == "funnel" and figure.label is None and figure.pair is None
    }
    for step in steps(bounded, LABELS):
        assert told[step.step, step.detail] == pytest.approx(step.f1)
