"""The spans behind a count are as many as it says, whatever it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import counting
from annotations.agreement.measures.behind import Case, Choice, cases
from annotations.agreement.measures.funnel import Order
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.tally import VARIANTS, Mark

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

outcomes = st.sets(st.sampled_from(["same", "different", "first", "second"]))
some_labels = st.sampled_from([("QUOTE",), ("ACTOR",), LABELS])
matched = st.sampled_from(["exact", "overlap"])
choices = st.one_of(
    st.builds(
        lambda labels, step: Choice("lost", labels, step=step[0], detail=step[1]),
        some_labels,
        st.sampled_from(LOST),
    ),
    st.builds(
        lambda what, labels, variant, side: Choice(what, labels, variant, side=side),
        st.sampled_from(["alone", "matched"]),
        some_labels,
        st.sampled_from(VARIANTS),
        st.sampled_from([None, "first", "second"]),
    ),
    st.builds(
        lambda variant, two: Choice("value", ("QUOTE",), variant, detail="type", two=two),
        matched,
        st.sampled_from(
            [None, ("direct", "indirect"), ("indirect", "direct"), ("direct", "direct")]
        ),
    ),
    st.builds(
        lambda variant, which: Choice("relation", (), variant, detail="SPEAKER", outcomes=which),
        matched,
        outcomes,
    ),
    st.builds(
        lambda variant, which: Choice("entity", ("ACTOR",), variant, outcomes=which),
        matched,
        outcomes,
    ),
)


@given(layers, layers, choices)
def test_the_cases_weigh_what_the_counts_say(first: Linked, second: Linked, choice: Choice) -> None:
    counted = counting.count(TEXT, first, second, ORDER)
    found = cases(first, second, ORDER, choice)
    assert sum(case.weight for case in found) == choice.total(counted.bounded)
    assert len(set(found)) == len(found)


@given(layers, layers, choices)
def test_swapping_the_layers_turns_the_cases(first: Linked, second: Linked, choice: Choice) -> None:
    if choice.side is None and not {*choice.outcomes} & {"first", "second"}:
        there, back = (
            cases(first, second, ORDER, choice),
            cases(second, first, ORDER, choice),
        )
        assert len(there) == len(back)


def test_two_polarities_that_met_are_a_case_in_either_order() -> None:
    first = Linked([Mark("STANCE", ((0, 5),), {"polarity": "for"})], [])
    second = Linked([Mark("STANCE", ((2, 6),), {"polarity": "against"})], [])
    for two in (None, ("for", "against"), ("against", "for")):
        choice = Choice("value", ("STANCE",), detail="polarity", two=two)
        assert cases(first, second, Order(), choice) == [Case(0, 0)]
    assert not cases(
        first, second, Order(), Choice("value", ("STANCE",), detail="polarity", two=("for", "for"))
    )


def test_an_article_too_crowded_to_be_counted_has_no_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotations.agreement.measures.alignment.LARGEST", 3)
    layer = Linked([Mark("QUOTE", ((at, 50),), {}) for at in range(10)], [])
    other = Linked([Mark("QUOTE", ((at, 51),), {}) for at in range(10)], [])
    choice = Choice("alone", ("QUOTE",))
    assert cases(layer, other, ORDER, choice) == []
    assert choice.total(counting.count(TEXT, layer, other, ORDER).bounded) == 0
