"""What all layers of an article give together, and the figures of their sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures.dawid_skene import dawid_skene
from annotations.agreement.measures.depth import depth
from annotations.agreement.measures.gamma.measure import Chance, gammas, over_articles
from annotations.agreement.measures.mace import mace
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.scores import (
    NO_SPANS,
    TOO_FEW_ANNOTATORS,
    TOO_FEW_UNITS,
    TOO_LARGE,
    TWO_LABELS,
)
from annotations.agreement.measures.tally import Mark
from annotations.agreement.measures.together import Reading, together
from annotations.agreement.measures.trust import Heard, tasks, trusts
from annotations.agreement.measures.unitizing import Stretches, cu_alpha_of, k_alpha_of, u_alpha_of

CHANCE = Chance(samples=5)
ASK = Questions(labels=("A", "B"), attributes=(), replicates=20)


def marked(*spans):
    return [Mark(label, ((start, end),), {}) for start, end, label in spans]


@st.composite
def articles(draw):
    """Layers of two or three annotators whose own spans do not overlap."""
    layers = []
    for _ in range(draw(st.integers(2, 3))):
        edges = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=8)))
        layers.append(
            marked(
                *(
                    (a, b, draw(st.sampled_from("AB")))
                    for a, b in zip(edges[::2], edges[1::2], strict=False)
                )
            )
        )
    return layers


@settings(max_examples=15, deadline=None)
@given(st.lists(articles(), min_size=1, max_size=3))
def test_figures_of_sums_are_those_of_the_measures(several):
    rows = [together(60, layers, CHANCE, salt=at) for at, layers in enumerate(several)]
    found = depth((row.numbers for row in rows), ASK, sampler="shuffle")
    value = {(each.measure, each.label): each.value for each in found.figures}
    alone = [
        gammas(
            [[(*mark.fragments[0], mark.label) for mark in side] for side in layers],
            chance=Chance(samples=5, seed=1 + at),
        )
        for at, layers in enumerate(several)
    ]
    whole = [
        Stretches.of(
            [[(*mark.fragments[0], mark.label) for mark in side] for side in layers],
            begin=0,
            length=60,
            values=("A", "B"),
        )
        for layers in several
    ]
    ends = whole[0]
    for each in whole[1:]:
        ends += each
    expected = {
        ("gamma", None): over_articles(each.gamma for each in alone),
        ("gamma_cat", None): over_articles(each.cat for each in alone),
        ("gamma_k", "A"): over_articles(each.k("A") for each in alone),
        ("u_alpha", None): u_alpha_of(ends),
        ("cu_alpha", None): cu_alpha_of(ends),
        ("ku_alpha", "B"): k_alpha_of(ends, "B"),
    }
    for key, score in expected.items():
        assert value[key] == pytest.approx(score.value), key
    units = {(each.measure, each.label): each.n for each in found.figures}
    assert units["gamma", None] == expected["gamma", None].n


def test_the_same_seed_gives_the_same_article_and_another_salt_another_chance():
    layers = [marked((0, 9, "A"), (20, 30, "B")), marked((1, 9, "A"), (19, 33, "B"))]
    assert together(60, layers, CHANCE) == together(60, layers, CHANCE)
    assert together(60, layers, CHANCE) != together(60, layers, CHANCE, salt=7)


def test_what_an_article_cannot_give_has_a_reason():
    crossing = [marked((0, 9, "A"), (5, 12, "B")), marked((0, 9, "A"))]
    found = together(60, crossing, CHANCE)
    assert found.missing == {"cu_alpha": TWO_LABELS}
    assert found.numbers["gamma", "expected"] > 0
    assert not [key for key in found.numbers if key[0] == "cell"]
    nothing = together(60, [[], []], CHANCE)
    assert set(nothing.missing.values()) == {NO_SPANS}
    late = together(60, crossing, Chance(seconds=-1.0))
    assert late.missing["gamma"] == TOO_LARGE
    assert not [key for key in late.numbers if key[0].startswith("gamma")]
    assert late.readings, "who said what needs no chance"


def test_a_span_is_read_by_all_who_placed_it_and_nothing_by_the_others():
    one = Mark("A", ((0, 9),), {"type": "x"})
    other = Mark("A", ((1, 9),), {"type": "y"})
    found = together(60, [[one, *marked((30, 40, "B"))], [other], []], CHANCE)
    assert found.readings == [
        Reading("", "", ((0, "A"), (1, "A"), (2, "")), 1),
        Reading("", "", ((0, "B"), (1, ""), (2, "")), 1),
        Reading("A", "type", ((0, "x"), (1, "y")), 1),
    ]


def heard(skill, items, seed=1):
    """What annotators say of A and B who know as often as their skill says, else guess."""
    random, all_of = np.random.default_rng(seed), Heard()
    for _ in range(items):
        true = random.integers(2)
        said = [true if random.random() < each else random.integers(2) for each in skill]
        words = tuple((at, "AB"[each]) for at, each in enumerate(said))
        all_of.add([Reading("", "", words, 1)], ["ani", "budi", "citra", "dewi"][: len(skill)])
    return all_of


KNOWN = tasks(("A", "B", "C"), {("A", "type"): ("x", "y")})


def test_who_guesses_is_trusted_less():
    (found,) = trusts(heard((0.95, 0.9, 0.1), 400), KNOWN, seed=1)
    assert (found.items, list(found.classes), found.undefined) == (400, ["A", "B"], None)
    trust = {each.name: each.trust for each in found.people}
    assert trust["ani"] > 0.8
    assert trust["citra"] < 0.4
    right = {each.name: each.right for each in found.people}
    assert right["ani"] > 0.9
    assert right["citra"] == pytest.approx(0.55, abs=0.12)
    assert [sum(row) for row in found.people[0].said] == pytest.approx([1, 1])


def test_too_few_items_or_annotators_judge_nobody():
    (few,) = trusts(heard((0.9, 0.9, 0.9), 49), KNOWN, seed=1)
    (two,) = trusts(heard((0.9, 0.9), 400), KNOWN, seed=1)
    assert (few.undefined, two.undefined) == (TOO_FEW_UNITS, TOO_FEW_ANNOTATORS)
    assert {each.trust for found in (few, two) for each in found.people} == {None}
    assert two.people[0].readings == 400


def test_items_read_alike_are_one_row_that_weighs_as_many():
    random = np.random.default_rng(3)
    rows = np.eye(3, dtype=np.int64)[random.integers(3, size=(40, 4))]
    times = random.integers(1, 9, size=40)
    spread = np.repeat(rows, times, axis=0)
    joined, apart = dawid_skene(rows, times=times), dawid_skene(spread)
    assert joined.items == apart.items == times.sum()
    assert joined.errors == pytest.approx(apart.errors, abs=1e-6)
    assert joined.marginals == pytest.approx(apart.marginals, abs=1e-6)
    one, all_of = mace(rows, times=times), mace(spread)
    assert one.competence == pytest.approx(all_of.competence, abs=1e-6)
    assert one.log_likelihood == pytest.approx(all_of.log_likelihood)
