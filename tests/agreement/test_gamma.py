from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.agreement.measures.gamma import aligning, measure
from annotations.agreement.measures.gamma.chance import sampling
from annotations.agreement.measures.gamma.measure import (
    Chance,
    disorder,
    gammas,
    gammas_given,
    over_articles,
)
from annotations.agreement.measures.gamma.units import Continuum, Dissimilarity
from annotations.agreement.measures.scores import (
    NO_SPANS,
    NO_VARIATION,
    TOO_FEW_LAYERS,
    TOO_LARGE,
)
from tests.agreement.drawn import overlapping, some

UNLIKE = Dissimilarity(alpha=1, beta=1)
few = settings(max_examples=20, deadline=None)
PRESS = [
    [(2, 9, "1"), (11, 17, "2"), (24, 30, "5"), (32, 36, "6"), (36, 44, "6"), (44, 60, "7")],
    [(2, 9, "1"), (11, 17, "3"), (19, 25, "5"), (32, 44, "6")],
    [(2, 9, "1"), (11, 17, "4"), (21, 27, "5"), (32, 36, "6"), (36, 40, "6"), (40, 44, "6")],
]


def unlike(a, b):
    apart = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / (a[1] - a[0] + b[1] - b[0])
    return apart**2 + (a[2] != b[2])


def by_search(observers):
    """The least disorder over every partition into unitary alignments there is."""
    pairs = len(observers) * (len(observers) - 1) / 2

    def cost(units):
        there = [unit for unit in units if unit is not None]
        joined = list(combinations(there, 2))
        return (sum(unlike(a, b) for a, b in joined) + pairs - len(joined)) / pairs

    def least(rest):
        who = next((at for at, units in enumerate(rest) if units), None)
        if who is None:
            return 0.0
        (unit, *others) = rest[who]
        later = [[None, *units] for units in rest[who + 1 :]]
        found = []
        for partners in product(*later):
            left = [
                [each for each in units if each is not partner]
                for units, partner in zip(rest[who + 1 :], partners, strict=True)
            ]
            found.append(cost((unit, *partners)) + least([*rest[:who], others, *left]))
        return min(found)

    # of the annotators before `who` nobody has a unit left: they are absent from the alignment
    return least(observers) / (sum(map(len, observers)) / len(observers))


def padded(units):
    """Units that are told apart by identity, even when they are equal."""
    return [(*unit,) for unit in units]


@few
@given(st.lists(overlapping(max_size=3), min_size=2, max_size=4))
def test_no_partition_of_the_units_has_less_disorder(observers):
    assume(any(observers))
    found = disorder(observers, UNLIKE).value
    assert found == pytest.approx(by_search([padded(units) for units in observers]))


@some
@given(st.lists(overlapping(), min_size=2, max_size=3), st.randoms())
def test_disorder_reads_neither_the_order_of_annotators_nor_names_nor_scale(observers, random):
    assume(any(observers))
    names = {"a": "z", "b": "y", "c": "x"}
    mixed = [
        [(7 * s + 50, 7 * e + 50, names[k]) for s, e, k in random.sample(units, len(units))]
        for units in random.sample(observers, len(observers))
    ]
    assert disorder(mixed, UNLIKE).value == pytest.approx(disorder(observers, UNLIKE).value)


@few
@given(overlapping(min_size=2), st.integers(2, 3))
def test_equal_annotators_have_no_disorder_and_agree_fully(units, annotators):
    found = gammas([units] * annotators, UNLIKE, Chance(samples=10))
    assert found.gamma.observed == pytest.approx(0, abs=1e-5)
    assert found.gamma.value == pytest.approx(1, abs=1e-5) or found.gamma.undefined == NO_VARIATION


@few
@given(st.lists(overlapping(min_size=1), min_size=2, max_size=3), st.integers(0, 99))
def test_the_same_seed_gives_the_same_gamma(observers, seed):
    chance = Chance(samples=5, seed=seed)
    assert gammas(observers, UNLIKE, chance) == gammas(observers, UNLIKE, chance)


def test_another_seed_or_sampler_gives_another_gamma_and_the_result_says_which():
    found = [
        gammas(PRESS, None, Chance(sampler, samples=20, seed=seed)).gamma
        for sampler, seed in (("shuffle", 1), ("shuffle", 2), ("statistical", 1))
    ]
    assert len({each.value for each in found}) == 3
    assert [(each.sampler, each.seed, each.samples) for each in found] == [
        ("shuffle", 1, 20),
        ("shuffle", 2, 20),
        ("statistical", 1, 20),
    ]


def test_samples_are_drawn_until_the_expected_disorder_is_precise_enough():
    rough, fine = (
        gammas(PRESS[:2], None, Chance(samples=30, precision=precision)).gamma
        for precision in (None, 0.02)
    )
    assert rough.samples == 30 < fine.samples
    assert fine.precision == pytest.approx(0.02, rel=0.3)


def test_a_tie_joins_rather_than_leaves_alone():
    found = gammas(PRESS, None, Chance(samples=20))
    assert found.gamma.observed == pytest.approx(0.960625)
    assert found.k("7").value <= 0  # nobody else saw that 7: it was paired with a 6, far away


def test_gamma_k_of_a_label_looks_at_its_own_units_alone():
    found = gammas(PRESS, None, Chance(samples=50))
    assert found.k("1").value == found.k("5").value == 1
    assert found.k("2").value < 0.1
    assert found.k("absent").undefined == NO_SPANS


def test_a_unit_that_nobody_else_saw_costs_gamma_cat():
    seen, alone = [(0, 9, "a"), (20, 29, "b")], [(60, 69, "a")]
    chance = Chance(samples=20)
    full = gammas([seen, seen], UNLIKE, chance).cat
    less = gammas([seen + alone, seen], UNLIKE, chance).cat
    assert full.value == 1 > less.value


def test_pairs_of_a_fuller_alignment_weigh_less_each():
    """Three of one place and three labels (weight 3 / 2), two alike elsewhere (1) and nobody (2)."""
    sides = [[(0, 9, "a"), (40, 49, "a")], [(0, 9, "b"), (40, 49, "a")], [(0, 9, "c")]]
    cat = gammas(sides, UNLIKE, Chance(samples=5)).cat
    assert cat.observed == pytest.approx((1.5 + 2) / (1.5 + 1 + 2))


def test_two_shifts_of_a_sample_lie_half_a_unit_apart():
    side = [(0, 400, "a"), (990, 1000, "a")]
    draw = sampling(Continuum.of([side, side]), "shuffle", np.random.default_rng(1))
    for _ in range(60):
        one, other = (each.start.max() for each in draw().sides)
        if min(one, other) > 10:  # else it is the second unit that comes last
            assert abs(one - other) >= 410 / 4 - 1


def test_stored_samples_are_used_as_they_are():
    apart = [[(0, 4, "a")], [(50, 54, "b")]]
    found = gammas_given([[(0, 4, "a")], [(1, 5, "a")]], [apart, apart], UNLIKE).gamma
    assert (found.expected, found.samples, found.seed) == (2.0, 2, None)
    assert found.value == pytest.approx(1 - 0.0625 / 2)


def test_what_cannot_be_told_says_why():
    assert gammas([PRESS[0]]).gamma.undefined == TOO_FEW_LAYERS
    assert gammas([[], []]).gamma.undefined == NO_SPANS
    assert gammas_given([[], []], []).cat.undefined == NO_SPANS
    assert disorder([[], []]).undefined == NO_SPANS
    assert gammas_given(PRESS, []).gamma.undefined == NO_VARIATION


def test_an_annotator_who_found_nothing_counts():
    found = gammas([PRESS[0], []], UNLIKE, Chance(samples=20)).gamma
    assert found.observed == 2.0
    assert found.value is not None


def test_what_takes_too_long_is_not_computed(monkeypatch):
    assert gammas(PRESS, UNLIKE, Chance(seconds=0)).gamma.undefined == TOO_LARGE
    monkeypatch.setattr(aligning, "LARGEST", 3)
    found = gammas(PRESS, UNLIKE, Chance(samples=2))
    assert {found.gamma.undefined, found.cat.undefined, found.k("6").undefined} == {TOO_LARGE}
    assert disorder(PRESS, UNLIKE).undefined == TOO_LARGE


@pytest.mark.parametrize("unit", [(5, 5, "a"), (5, 3, "a")])
def test_a_unit_without_length_is_refused(unit):
    with pytest.raises(ValueError, match="end after"):
        Continuum.of([[unit], []])


def test_unknown_samplers_and_senseless_weights_are_refused():
    with pytest.raises(ValueError, match="sampler"):
        sampling(Continuum.of(PRESS), "dice", None)
    with pytest.raises(ValueError, match="alpha"):
        Dissimilarity(alpha=-1)


def test_articles_are_weighed_by_their_units():
    parts = [
        measure.Gamma(value=0.5, n=4, observed=0.5, expected=1.0, weight=2.0),
        measure.Gamma(value=1.0, n=2, observed=0.0, expected=1.0, weight=1.0),
        measure.Gamma(value=None, n=0, undefined=NO_SPANS),
    ]
    assert over_articles(parts).value == pytest.approx(1 - 1 / 3)
    assert over_articles([]).undefined == NO_SPANS


def test_two_annotators_with_thousands_of_units_take_no_full_table():
    units = [(30 * at, 30 * at + 17, "ab"[at % 2]) for at in range(5_000)]
    moved = [(start + 2, end + 3, kind) for start, end, kind in units]
    assert disorder([units, moved], UNLIKE).value < 0.1
