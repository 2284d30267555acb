"""The spans behind a count are as many as it says, whatever it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import counting
from annotations.agreement.measures.behind import Case, Choice, Side, cases
from annotations.agreement.measures.funnel import Order
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.tally import MATCHINGS, VARIANTS, Mark

ORDER = Order({"QUOTE": ("type",)}, ("SPEAKER",))
LABELS = ("QUOTE", "ACTOR")
TEXT = "x" * 60
LOST = [
    ("found", ""),
    ("boundary", ""),
    ("label", ""),
    ("value", "type"),
    ("relation", "SPEAKER"),
    ("entity", ""),
]

marks = st.builds(
    lambda label, start, size, value, entity: Mark(
        label,
        ((start, start + size),),
        {"type": value} if label == "QUOTE" and value else {},
        entity if label == "ACTOR" else None,
    ),
    st.sampled_from(LABELS),
    st.integers(0, 30),
    st.integers(1, 9),
    st.sampled_from(["", "direct", "indirect"]),
    st.sampled_from([None, "a", "b"]),
)


def _linked(found: list[Mark]) -> st.SearchStrategy[Linked]:
    place = st.integers(0, max(0, len(found) - 1))
    links = st.builds(Relation, st.just("SPEAKER"), place, place)
    return st.lists(links, max_size=3 if found else 0).map(lambda links: Linked(found, links))


layers = st.lists(marks, max_size=10).flatmap(_linked)

SOME_LABELS: list[tuple[str, ...]] = [("QUOTE",), ("ACTOR",), LABELS]
SIDES: list[Side | None] = [None, "first", "second"]
TWO = [None, ("direct", "indirect"), ("indirect", "direct"), ("direct", "direct")]
OUTCOMES = [{"different"}, {"same"}, {"first", "second"}, {"first"}]
CHOICES = [
    *(
        Choice("lost", labels, step=step, detail=detail)
        for labels in SOME_LABELS
        for step, detail in LOST
    ),
    *(
        Choice("alone", labels, variant, side=side)
        for labels in SOME_LABELS
        for variant in VARIANTS
        for side in SIDES
    ),
    *(Choice("matched", labels, variant) for labels in SOME_LABELS for variant in VARIANTS),
    *(
        Choice("value", ("QUOTE",), variant, detail="type", two=two)
        for variant in MATCHINGS
        for two in TWO
    ),
    *(
        Choice("relation", (), variant, detail="SPEAKER", outcomes=which)
        for variant in MATCHINGS
        for which in OUTCOMES
    ),
    *(
        Choice("entity", ("ACTOR",), variant, outcomes=which)
        for variant in MATCHINGS
        for which in OUTCOMES
    ),
]


@given(layers, layers)
def test_the_cases_weigh_what_the_counts_say(first: Linked, second: Linked) -> None:
    counted = counting.count(TEXT, first, second, ORDER)
    for choice in CHOICES:
        found = cases(first, second, ORDER, choice)
        assert sum(case.weight for case in found) == choice.total(counted.bounded), choice
        assert len(set(found)) == len(found)


def test_what_one_annotator_has_alone_is_counted_for_each() -> None:
    first = Linked([Mark("QUOTE", ((at, at + 3),), {}) for at in (0, 10, 20)], [])
    second = Linked([Mark("QUOTE", ((0, 3),), {})], [])
    counted = counting.count(TEXT, first, second, ORDER).bounded
    for side, number in (("first", 2), ("second", 0), (None, 2)):
        choice = Choice("alone", ("QUOTE",), side=side)  # type: ignore[arg-type]
        assert choice.total(counted) == number == len(cases(first, second, ORDER, choice))


def test_two_polarities_that_met_are_a_case_in_either_order() -> None:
    first = Linked([Mark("STANCE", ((0, 5),), {"polarity": "for"})], [])
    second = Linked([Mark("STANCE", ((2, 6),), {"polarity": "against"})], [])
    for two in (None, ("for", "against"), ("against", "for")):
        choice = Choice("value", ("STANCE",), detail="polarity", two=two)
        assert cases(first, second, Order(), choice) == [Case(0, 0)]
    assert not cases(
        first, second, Order(), Choice("value", ("STANCE",), detail="polarity", two=("for", "for"))
    )


def test_a_case_says_which_relations_count_as_alike() -> None:
    """The holders overlap and are one; the targets are others, though they read the same."""
    stance, holder = Mark("STANCE", ((40, 50),), {}), Mark("ACTOR", ((10, 22),), {})
    one, other = (Mark("TARGET", ((at, at + 2),), {}) for at in (60, 70))
    longer = Mark("ACTOR", ((5, 22),), {})
    first = Linked([stance, holder, one], [Relation("HOLDER", 0, 1), Relation("TOWARD", 0, 2)])
    second = Linked([longer, stance, other], [Relation("HOLDER", 1, 0), Relation("TOWARD", 1, 2)])
    order = Order(relations=("HOLDER", "TOWARD"))
    for choice in (
        Choice("relation", (), "overlap", detail="TOWARD"),
        Choice("lost", ("STANCE",), step="relation", detail="TOWARD"),
    ):
        (case,) = cases(first, second, order, choice)
        assert (case.one, case.other, case.alike) == (0, 1, {"HOLDER"})
    (equal,) = cases(first, second, order, Choice("matched", ("STANCE",), "exact"))
    assert equal.alike == frozenset()


def test_an_article_too_crowded_to_be_counted_has_no_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotations.agreement.measures.alignment.LARGEST", 3)
    layer = Linked([Mark("QUOTE", ((at, 50),), {}) for at in range(10)], [])
    other = Linked([Mark("QUOTE", ((at, 51),), {}) for at in range(10)], [])
    choice = Choice("alone", ("QUOTE",))
    assert cases(layer, other, ORDER, choice) == []
    assert choice.total(counting.count(TEXT, layer, other, ORDER).bounded) == 0
