from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures.alpha import alpha, alpha_of
from annotations.agreement.measures.coding import Ratings
from annotations.agreement.measures.scores import NO_UNITS, NO_VARIATION
from tests.agreement.drawn import some

units = st.lists(
    st.lists(st.sampled_from([1, 2, 3, None]), min_size=1, max_size=4), min_size=1, max_size=8
)


def by_definition(cases, distance):
    """Observed over expected disagreement, pair by pair, with no table."""
    cases = [[value for value in unit if value is not None] for unit in cases]
    cases = [unit for unit in cases if len(unit) > 1]
    every = [value for unit in cases for value in unit]
    expected = sum(distance(a, b) for a, b in permutations(every, 2)) / (len(every) - 1)
    observed = sum(
        distance(a, b) / (len(unit) - 1) for unit in cases for a, b in permutations(unit, 2)
    )
    return 1 - observed / expected if expected else None


@some
@given(units)
def test_nominal_alpha_is_its_definition(cases):
    if any(len([value for value in unit if value is not None]) > 1 for unit in cases):
        expected = by_definition(cases, lambda a, b: a != b)
        assert alpha(cases).value == (expected if expected is None else pytest.approx(expected))


@some
@given(units)
def test_interval_alpha_is_its_definition(cases):
    if any(len([value for value in unit if value is not None]) > 1 for unit in cases):
        expected = by_definition(cases, lambda a, b: (a - b) ** 2)
        found = alpha(cases, "interval").value
        assert found == (expected if expected is None else pytest.approx(expected))


@some
@given(units, st.randoms())
def test_alpha_knows_neither_the_order_of_units_nor_of_observers(cases, random):
    mixed = [random.sample(unit, len(unit)) for unit in random.sample(cases, len(cases))]
    assert alpha(mixed).value == pytest.approx(alpha(cases).value)


@some
@given(units)
def test_nominal_alpha_does_not_read_the_names_of_values(cases):
    renamed = [[{1: "z", 2: "a", 3: "m"}.get(value) for value in unit] for unit in cases]
    assert alpha(renamed).value == pytest.approx(alpha(cases).value)


@some
@given(units)
def test_a_unit_seen_by_one_observer_changes_nothing(cases):
    more, score = alpha([*cases, [2, None], [None, "?"]]), alpha(cases)
    assert (more.value, more.n, more.undefined) == (score.value, score.n, score.undefined)
    assert more.units == score.units + 2


@some
@given(units)
def test_alpha_is_never_a_nan_and_never_above_one(cases):
    for level in ("nominal", "ordinal", "interval", "ratio"):
        score = alpha(cases, level)
        assert (score.value is None) == (score.undefined is not None)
        assert score.value is None or score.value <= 1


def test_no_comparable_unit_is_undefined_with_the_reason():
    assert alpha([["a", None], [None, "b"]]).undefined == NO_UNITS


def test_one_value_everywhere_is_undefined_not_perfect():
    score = alpha([["a", "a"], ["a", "a"]])
    assert (score.value, score.n, score.undefined) == (None, 2, NO_VARIATION)


def test_the_ordinal_level_takes_the_order_it_is_given():
    cases = [["weak", "medium"], ["strong", "strong"], ["weak", "weak"], ["medium", "strong"]]
    ordered = alpha(cases, "ordinal", ["weak", "medium", "strong"]).value
    assert ordered == pytest.approx(
        alpha([["1", "2"], ["3", "3"], ["1", "1"], ["2", "3"]], "ordinal").value
    )
    assert ordered != pytest.approx(alpha(cases, "ordinal").value)


def test_the_interval_level_refuses_values_without_numbers():
    with pytest.raises(ValueError, match="interval"):
        alpha_of(np.eye(2), "interval")
    with pytest.raises(ValueError, match=r"interval level needs numbers, and not \['a', 'b'\]"):
        alpha([["a", "b"], ["b", "b"]], "interval")


def test_an_unknown_level_is_refused_and_not_taken_for_another():
    with pytest.raises(ValueError, match="no such level of measurement: polar"):
        alpha([[1, 2], [2, 2]], "polar")


def test_ratios_of_numbers_on_both_sides_of_zero_are_refused():
    """1 and -1 differ by everything: their distance was 0, and alpha 1."""
    cases = [[-1, 1], [2.5, 2.5], [-3, -3]]
    with pytest.raises(ValueError, match="one side of zero"):
        alpha(cases, "ratio")
    below, above = (
        [[sign * each for each in unit] for unit in [[1, 2], [3, 3]]] for sign in (-1, 1)
    )
    assert alpha(below, "ratio").value == pytest.approx(alpha(above, "ratio").value)
    assert alpha(cases, "interval").value == pytest.approx(1 - 5 * 4 / 194)


@some
@given(units)
def test_coincidences_count_every_comparable_value_once(cases):
    table = Ratings.of(cases, [1, 2, 3]).coincidences
    counts = Counter(
        value
        for unit in cases
        if len([each for each in unit if each is not None]) > 1
        for value in unit
        if value is not None
    )
    assert table.sum(axis=1) == pytest.approx([counts[1], counts[2], counts[3]])
