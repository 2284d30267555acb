"""The measures of networks: the worked example of the design, and sums done the long way."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.networks import one_mode, two_mode
from annotations.networks.counting import Cell
from annotations.networks.cubes import Cube, cube, transposed
from annotations.networks.levels import BINARY, NONE, Levels, nominal, ordered
from tests.networks.toy import STATEMENTS, A, B, C, X, Y

TOY = cube(((one[:3], 1) for one in STATEMENTS), 2)


def two(aggregation: str, normalisation: str = "none", given: Cube = TOY) -> list[float]:
    """Ax Ay Bx By Cx Cy."""
    found = two_mode.ties(
        given,
        BINARY,
        two_mode.Aggregation(aggregation),
        two_mode.Normalisation(normalisation),
    )
    weights = {(row, column): weight for row, column, weight in found}
    return [round(weights.get(at, 0), 4) for at in product((A, B, C), (X, Y))]


def one(aggregation: str, normalisation: str = "none") -> list[float]:
    """AB AC BC."""
    found = one_mode.ties(
        TOY,
        BINARY,
        one_mode.Aggregation(aggregation),
        one_mode.Normalisation(normalisation),
    )
    weights = {(row, column): weight for row, column, weight in found}
    return [round(weights.get(at, 0), 4) for at in ((A, B), (A, C), (B, C))]


@pytest.mark.parametrize(
    ("aggregation", "normalisation", "weights"),
    [
        ("ignore", "none", [3, 1, 2, 1, 1, 1]),
        ("subtract", "none", [3, -1, 0, 1, -1, -1]),
        ("combine", "none", [1, 2, 3, 1, 2, 2]),
        ("ignore", "activity", [0.75, 0.25, 0.6667, 0.3333, 0.5, 0.5]),
        ("ignore", "prominence", [0.5, 0.3333, 0.3333, 0.3333, 0.1667, 0.3333]),
    ],
)
def test_actors_and_concepts_of_the_example(
    aggregation: str, normalisation: str, weights: list[float]
) -> None:
    assert two(aggregation, normalisation) == weights


@pytest.mark.parametrize(
    ("aggregation", "normalisation", "weights"),
    [
        ("ignore", "none", [7, 4, 3]),
        ("congruence", "none", [3, 1, 1]),
        ("conflict", "none", [4, 3, 2]),
        ("subtract", "none", [-1, -2, -1]),
        ("congruence", "average", [0.8571, 0.3333, 0.4]),
        ("congruence", "jaccard", [0.5, 0.2, 0.25]),
        ("congruence", "cosine", [0.25, 0.125, 0.1667]),
        ("conflict", "average", [1.1429, 1, 0.8]),
        ("conflict", "jaccard", [0.6667, 0.6, 0.5]),
    ],
)
def test_actors_of_the_example(aggregation: str, normalisation: str, weights: list[float]) -> None:
    assert one(aggregation, normalisation) == weights


def test_what_is_combined_is_not_divided() -> None:
    with pytest.raises(ValueError, match="cannot be normalised"):
        two("combine", "activity")


def test_what_the_ties_cost_is_known_before() -> None:
    conflict = one_mode.Aggregation.CONFLICT
    assert one_mode.steps(TOY, BINARY, conflict) == 6
    apart = cube([((0, 0, 0), 1), ((1, 1, 0), 1)], 2)
    assert one_mode.steps(apart, BINARY, conflict) == 0
    assert one_mode.steps(apart, nominal(2), conflict) == 1


def test_one_value_of_a_qualifier_agrees_with_itself() -> None:
    """DNA has NaN here."""
    alone = cube([((0, 0, 0), 1), ((1, 0, 0), 1)], 1)
    aggregation, normalisation = one_mode.Aggregation.SUBTRACT, one_mode.Normalisation.NONE
    assert list(one_mode.ties(alone, NONE, aggregation, normalisation)) == [(0, 1, 1)]


# the long way -------------------------------------------------------------------------------------

SCALES = st.sampled_from([NONE, BINARY, ordered(3), nominal(4)])


@st.composite
def counted(draw: st.DrawFn) -> tuple[Levels, Counter[Cell]]:
    levels = draw(SCALES)
    cells = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, len(levels.weights) - 1))
    return levels, Counter(draw(st.lists(cells, max_size=25)))


def distance(levels: Levels, k: int, j: int) -> float:
    reach = max(levels.weights) - min(levels.weights)
    return abs(levels.weights[k] - levels.weights[j]) / reach if reach else 0


def naive_one_mode(
    x: Counter[Cell], levels: Levels, aggregation: str, normalisation: str, a: int, b: int
) -> float:
    """`design/dna.md`, One-mode, symbol by symbol."""
    j_, k_ = range(4), range(len(levels.weights))
    every = [(j, k, m) for j in j_ for k in k_ for m in k_]
    if aggregation == "ignore":
        weight = float(sum(x[a, j, k] * x[b, j, m] for j, k, m in every))
    elif levels.nominal:
        same = sum(x[a, j, k] * x[b, j, k] for j in j_ for k in k_)
        unlike = sum(
            (x[a, j, k] or x[b, j, k]) * ((x[a, j, k] == 0) != (x[b, j, k] == 0))
            for j in j_
            for k in k_
        )
        weight = {"congruence": same, "conflict": unlike, "subtract": same - unlike}[aggregation]
    else:
        d = [x[a, j, k] * x[b, j, m] * distance(levels, k, m) for j, k, m in every]
        s = [x[a, j, k] * x[b, j, m] * (1 - distance(levels, k, m)) for j, k, m in every]
        weight = {"congruence": sum(s), "conflict": sum(d), "subtract": sum(s) - sum(d)}[
            aggregation
        ]
    of_a = sum(x[a, j, k] for j in j_ for k in k_)
    of_b = sum(x[b, j, k] for j in j_ for k in k_)
    if normalisation == "average":
        divided = (of_a + of_b) / 2
    elif normalisation == "cosine":
        divided = of_a * of_b
    elif normalisation == "jaccard":
        m10 = sum(x[a, j, k] * (x[b, j, k] == 0) for j in j_ for k in k_)
        m01 = sum(x[b, j, k] * (x[a, j, k] == 0) for j in j_ for k in k_)
        divided = m10 + m01 + sum(x[a, j, k] * x[b, j, k] for j in j_ for k in k_)
    else:
        divided = 1
    return weight / divided if divided else 0


@settings(max_examples=60)
@given(
    counted(),
    st.sampled_from(one_mode.Aggregation),
    st.sampled_from(one_mode.Normalisation),
)
def test_rows_are_tied_as_the_formulas_say(
    given: tuple[Levels, Counter[Cell]],
    aggregation: one_mode.Aggregation,
    normalisation: one_mode.Normalisation,
) -> None:
    levels, x = given
    made = cube(x.items(), len(levels.weights))
    found = list(one_mode.ties(made, levels, aggregation, normalisation))
    weights = {(a, b): weight for a, b, weight in found}
    assert len(weights) == len(found)
    assert list(weights) == sorted(weights)
    for a, b in combinations(sorted({row for row, _, _ in x}), 2):
        naive = naive_one_mode(x, levels, aggregation, normalisation, a, b)
        assert weights.get((a, b), 0) == pytest.approx(naive, abs=1e-9)


@settings(max_examples=60)
@given(
    counted(),
    st.sampled_from(two_mode.Aggregation),
    st.sampled_from(two_mode.Normalisation),
)
def test_rows_and_columns_are_tied_as_the_formulas_say(
    given: tuple[Levels, Counter[Cell]],
    aggregation: two_mode.Aggregation,
    normalisation: two_mode.Normalisation,
) -> None:
    levels, x = given
    if aggregation is two_mode.Aggregation.COMBINE:
        normalisation = two_mode.Normalisation.NONE
    made = cube(x.items(), len(levels.weights))
    k_ = range(len(levels.weights))
    weights = {
        (a, b): weight for a, b, weight in two_mode.ties(made, levels, aggregation, normalisation)
    }
    for i, j in product(range(5), range(4)):
        numbers = [x[i, j, k] for k in k_]
        signed = [1 if levels.nominal else levels.weights[k] for k in k_]
        naive = {
            "ignore": sum(numbers),
            "subtract": sum(q * n for q, n in zip(signed, numbers, strict=True)),
            "combine": sum(2 ** (len(k_) - 1 - k) * (numbers[k] > 0) for k in k_),
        }[aggregation]
        divided = {
            "none": 1,
            "activity": sum(n for (row, _, _), n in x.items() if row == i),
            "prominence": sum(n for (_, column, _), n in x.items() if column == j),
        }[normalisation]
        assert weights.get((i, j), 0) == pytest.approx(naive / divided if divided else 0)


@given(counted())
def test_turned_twice_it_is_the_same(given: tuple[Levels, Counter[Cell]]) -> None:
    levels, x = given
    made = cube(x.items(), len(levels.weights))
    assert transposed(transposed(made)) == made
