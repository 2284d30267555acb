from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.coding import Ratings, confusion, values_of
from annotations.agreement.measures.gwet import ac1, ac2, weighting
from annotations.agreement.measures.kappa import cohen, cohen_of, fleiss, percent, scott, scott_of
from annotations.agreement.measures.scores import NO_UNITS, NO_VARIATION
from tests.agreement.drawn import some

VALUES = ("for", "against", "neutral")
MEASURES = (percent, scott, cohen, fleiss, ac1, ac2, alpha)


def coded(observers, missing=True):
    value = st.sampled_from([*VALUES, *([None, "?"] if missing else [])])
    return st.lists(
        st.lists(value, min_size=observers, max_size=observers), min_size=1, max_size=12
    )


several = st.integers(2, 4).flatmap(coded)


@some
@given(several)
def test_every_coefficient_has_a_value_or_a_reason_and_says_what_it_covers(units):
    for measure in MEASURES:
        score = measure(units)
        assert (score.value is None) == (score.undefined in (NO_UNITS, NO_VARIATION))
        assert score.value is None or score.value <= 1 + 1e-12
        assert score.units == len(units)
        assert score.coverage == score.n / len(units)


@some
@given(several, st.randoms())
def test_no_coefficient_reads_names_or_the_order_of_units_and_observers(units, random):
    assume(len(values_of(units)) == 3)
    columns = random.sample(range(len(units[0])), len(units[0]))
    names = {"for": "z", "against": "y", "neutral": "x"}
    mixed = [
        [names.get(unit[at], unit[at]) for at in columns]
        for unit in random.sample(units, len(units))
    ]
    for measure in (percent, scott, cohen, fleiss, ac1, alpha):
        assert measure(mixed).value == pytest.approx(measure(units).value)


@some
@given(several, several)
def test_counts_of_articles_sum_to_those_of_all_their_units(one, other):
    sums = Ratings.of(one, VALUES) + Ratings.of(other, VALUES)
    whole = Ratings.of([*one, *other], VALUES)
    assert (sums.units, sums.valued, sums.compared) == (whole.units, whole.valued, whole.compared)
    for part in ("coincidences", "pairs", "shares"):
        assert getattr(sums, part) == pytest.approx(getattr(whole, part))


def test_counts_of_different_values_are_not_summed():
    with pytest.raises(ValueError, match="different values"):
        Ratings.none(("a",)) + Ratings.none(("b",))


def test_a_value_that_is_not_among_the_values_is_refused():
    with pytest.raises(ValueError, match="not among"):
        percent([["a", "b"]], ["a"])


@some
@given(coded(2, missing=False))
def test_two_observers_make_fleiss_of_scott(units):
    assert fleiss(units).value == pytest.approx(scott(units).value)


@some
@given(coded(2, missing=False))
def test_a_table_gives_the_figures_of_its_units(units):
    table = confusion(units).table.astype(float)
    for measure, of in ((scott, scott_of), (cohen, cohen_of)):
        figure = float(of(np.stack([table, 3 * table]))[0])
        assert figure == pytest.approx(measure(units).value or float("nan"), nan_ok=True) or (
            measure(units).value == 0 == figure
        )


@some
@given(coded(3, missing=False))
def test_cohen_of_three_observers_is_the_mean_of_their_pairs(units):
    pairs = [
        cohen([[unit[i], unit[j]] for unit in units]).value for i, j in combinations(range(3), 2)
    ]
    defined = [each for each in pairs if each is not None]
    expected = sum(defined) / len(defined) if defined else None
    assert cohen(units).value == (expected if expected is None else pytest.approx(expected))


@some
@given(several)
def test_missing_values_leave_the_observed_part_and_not_the_distribution(units):
    """Gwet 2014, section 2.3: units with one value still tell how values are distributed."""
    told = [[value for value in unit if value not in (None, "?")] for unit in units]
    told = [unit for unit in told if unit]
    several = [unit for unit in told if len(unit) > 1]
    assume(several and len(values_of(units)) > 1)
    same = [
        sum(a == b for a, b in combinations(unit, 2)) / (len(unit) * (len(unit) - 1) / 2)
        for unit in several
    ]
    observed = sum(same) / len(same)
    shares = [sum(unit.count(v) / len(unit) for unit in told) / len(told) for v in VALUES]
    by_squares = sum(share**2 for share in shares)
    by_doubt = sum(share * (1 - share) for share in shares) / 2
    assert percent(units).value == pytest.approx(observed)
    assert fleiss(units, VALUES).value == pytest.approx((observed - by_squares) / (1 - by_squares))
    assert ac1(units, VALUES).value == pytest.approx((observed - by_doubt) / (1 - by_doubt))


def test_cannot_tell_is_missing_and_no_class():
    units = [["for", "for"], ["for", "against"], ["?", "for"], ["?", "?"]]
    for measure in MEASURES:
        assert measure(units).value == pytest.approx(
            measure([["for", "for"], ["for", "against"], [None, "for"], [None, None]]).value
        )
        assert (measure(units).n, measure(units).coverage) == (2, 0.5)


def test_numbers_are_in_the_order_of_their_size_whatever_their_type():
    assert values_of([[10, 2.5], ["9", 1], [True, None]]) == (1, 2.5, 10, "9")
    assert values_of([["10", "9"], ["-1.5", "b"], ["1e9", "nan"]]) == (
        *("-1.5", "9", "10"),
        *("1e9", "b", "nan"),
    )


def test_what_is_no_number_is_missing():
    units = [[float("nan"), "a"], ["a", "a"], ["b", "a"]]
    for measure in MEASURES:
        assert measure(units) == measure([[None, "a"], ["a", "a"], ["b", "a"]])


def test_nothing_to_compare_and_nothing_but_one_value_are_undefined():
    for measure in MEASURES:
        assert measure([]).undefined == NO_UNITS
        assert measure([]).coverage is None
        assert measure([["a", None], [None, "a"]]).undefined == NO_UNITS
    for measure in (scott, cohen, fleiss, ac1, alpha):
        assert measure([["a", "a"]] * 5).undefined == NO_VARIATION
    assert cohen([["a", "a", "a"]] * 5).undefined == NO_VARIATION
    assert cohen([["a", None, None]] * 5).undefined == NO_UNITS
    assert percent([["a", "a"]] * 5).value == 1


def test_where_the_values_are_known_a_single_one_can_be_agreed_on():
    assert ac1([["a", "a"]] * 5, ["a", "b"]).value == 1


def test_the_prevalence_paradox_undoes_kappa_and_not_ac1():
    units = [["y", "y"]] * 80 + [["y", "n"]] * 7 + [["n", "y"]] * 8 + [["n", "n"]] * 5
    assert (cohen(units).value, ac1(units).value) == pytest.approx((0.315, 0.808), abs=1e-3)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("identity", [1, 0, 0, 0]),
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("radical", [1, 1 - (1 / 3) ** 0.5, 1 - (2 / 3) ** 0.5, 0]),
        ("ordinal", [1, 1 - 1 / 6, 1 - 3 / 6, 0]),
        ("ratio", [1, 1 - (1 / 9) / 0.36, 1 - 0.25 / 0.36, 0]),
    ],
)
def test_weights_are_those_of_the_handbook(kind, expected):
    table = weighting([1, 2, 3, 4], kind)
    assert table[0] == pytest.approx(expected)
    assert table == pytest.approx(table.T)


def test_weights_of_words_follow_their_order_and_senseless_ones_are_refused():
    assert weighting(["low", "mid", "high"], "linear")[0].tolist() == [1, 0.5, 0]
    with pytest.raises(ValueError, match="no such weights"):
        weighting([1, 2], "cubic")
    with pytest.raises(ValueError, match="from zero"):
        weighting([-1, 2], "ratio")


def test_weights_give_credit_for_what_is_near():
    near, far = ([[1, 1], [5, 5], [1, value], [5, 5]] for value in (2, 5))
    for measure in (ac2, lambda units, v: cohen(units, v, weighting(v, "quadratic"))):
        values = (1, 2, 3, 4, 5)
        args = ("quadratic", values) if measure is ac2 else (values,)
        assert measure(near, *args).value > measure(far, *args).value


def test_a_confusion_matrix_keeps_who_said_what():
    found = confusion([["a", "b"], ["a", "b"], ["b", "b"], ["?", "a"], ["a", None]])
    assert (found.values, found.table.tolist()) == (("a", "b"), [[0, 2], [0, 1]])


def test_many_values_are_counted_in_portions():
    units = [[at, at + at % 2] for at in range(3_000)]
    assert alpha(units, "interval").value > 0.99
