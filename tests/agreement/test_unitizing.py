from functools import reduce
from itertools import permutations, product
from operator import add

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.agreement.measures import unitizing
from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.scores import (
    NO_GAP,
    NO_MATCH,
    NO_SPANS,
    TOO_FEW_LAYERS,
    TWO_LABELS,
)
from annotations.agreement.measures.unitizing import (
    Stretches,
    cu_alpha,
    cu_alpha_of,
    k_alpha,
    k_alpha_of,
    u_alpha,
    u_alpha_binary,
    u_alpha_of,
    u_alpha_of_label,
)
from annotations.agreement.measures.unitizing_1995 import alpha_u_1995
from tests.agreement.drawn import segments, some

WHERE = {"begin": 0, "length": 30}
studies = st.lists(segments(), min_size=2, max_size=4)


def by_definition(observers, length):
    """Every pair of code points, one by one: who gave what, and what chance would give."""
    points = []
    for who, units in enumerate(observers):
        for at in range(length):
            unit = next((i for i, (s, e, _) in enumerate(units) if s <= at < e), None)
            value = None if unit is None else units[unit][2]
            points.append((who, at, (who, at) if unit is None else (who, "unit", unit), value))
    observed = sum(
        a[3] != b[3] for a, b in permutations(points, 2) if a[1] == b[1] and a[0] != b[0]
    ) / (len(observers) - 1)
    chances = [a[3] != b[3] for a, b in product(points, points) if a[2] != b[2]]
    expected = len(points) * sum(chances) / len(chances)
    return 1 - observed / expected if expected else None


def valued_by_definition(observers, k=None):
    """The same of the code points two observers both gave a value, each counting for the share of the
    others who did; of one value alone, its own kind among all it meets."""
    everyone = [
        {at: unit for unit in units for at in range(unit[0], unit[1])} for units in observers
    ]
    others = len(observers) - 1
    points = [
        (unit[2], (who, unit), sum(at in each for each in everyone) - 1)
        for who, there in enumerate(everyone)
        for at, unit in there.items()
    ]
    met = [
        (one[at][2], other[at][2])
        for one, other in permutations(everyone, 2)
        for at in one.keys() & other.keys()
    ]
    chance = [(a[0], b[0], a[2] * b[2] / others**2) for a in points for b in points if a[1] != b[1]]
    if k is not None:
        met, chance = [m for m in met if m[0] == k], [c for c in chance if c[0] == k]
    if not met or not sum(c[2] for c in chance if c[0] != c[1]):
        return None
    observed = sum(a != b for a, b in met) / len(met)
    expected = sum(c[2] for c in chance if c[0] != c[1]) / sum(c[2] for c in chance)
    return 1 - observed / expected


@settings(max_examples=30, deadline=None)
@given(st.lists(segments(length=12), min_size=2, max_size=3))
def test_cu_and_ku_alpha_are_their_definitions(observers):
    where = {"begin": 0, "length": 12}
    for found, expected in (
        (cu_alpha(observers, **where), valued_by_definition(observers)),
        (k_alpha(observers, "a", **where), valued_by_definition(observers, "a")),
    ):
        assert found.value == (expected if expected is None else pytest.approx(expected))


@settings(max_examples=30, deadline=None)
@given(st.lists(segments(length=12), min_size=2, max_size=3))
def test_u_alpha_is_its_definition_counted_point_by_point(observers):
    expected = by_definition(observers, 12)
    found = u_alpha(observers, begin=0, length=12).value
    assert found == (expected if expected is None else pytest.approx(expected))


@some
@given(studies, st.randoms())
def test_u_alpha_knows_neither_the_order_of_observers_nor_the_names_of_values(observers, random):
    mixed = [
        [(s, e, {"a": "x", "b": "c"}[v]) for s, e, v in random.sample(units, len(units))]
        for units in random.sample(observers, len(observers))
    ]
    for measure in (u_alpha, u_alpha_binary, cu_alpha):
        assert measure(mixed, **WHERE).value == pytest.approx(measure(observers, **WHERE).value)


@some
@given(studies, st.integers(1, 500))
def test_moving_the_continuum_changes_nothing(observers, by):
    moved = [[(s + by, e + by, v) for s, e, v in units] for units in observers]
    assert u_alpha(moved, begin=by, length=30).value == pytest.approx(
        u_alpha(observers, **WHERE).value
    )


@some
@given(studies)
def test_stretching_leaves_cu_alpha_alone_and_hardly_moves_u_alpha(observers):
    article, stretched = times(100, observers), times(10_000, observers)
    long, longer = {"begin": 0, "length": 3_000}, {"begin": 0, "length": 300_000}
    assert cu_alpha(stretched, **longer).value == pytest.approx(cu_alpha(article, **long).value)
    before, after = u_alpha(article, **long).value, u_alpha(stretched, **longer).value
    assert before == after is None or after == pytest.approx(before, rel=0.01, abs=0.01)


def times(factor, observers):
    return [[(factor * s, factor * e, v) for s, e, v in units] for units in observers]


@some
@given(
    st.integers(2, 3).flatmap(
        lambda m: st.lists(
            st.lists(st.sampled_from("abc"), min_size=m, max_size=m), min_size=2, max_size=8
        )
    )
)
def test_segments_one_code_point_long_give_plain_alpha(units):
    observers = [
        [(at, at + 1, value) for at, value in enumerate(values)]
        for values in zip(*units, strict=True)
    ]
    found = u_alpha(observers, begin=0, length=len(units)).value
    expected = alpha(units).value
    assert found == (expected if expected is None else pytest.approx(expected))


@some
@given(segments(), st.integers(2, 4))
def test_identical_observers_agree_fully(units, observers):
    assume(units)
    score = u_alpha([units] * observers, **WHERE)
    assert score.value == pytest.approx(1) or score.undefined == NO_GAP


@some
@given(segments(values=("a",)), segments(values=("a",)))
def test_the_sums_of_one_label_give_the_same_figure(first, second):
    points = [{at for s, e, _ in units for at in range(s, e)} for units in (first, second)]
    squares = sum((e - s) ** 2 for units in (first, second) for s, e, _ in units)
    sums = (60, sum(map(len, points)), squares, len(points[0] ^ points[1]))
    found = float(unitizing.u_alpha_of_sums(*sums))
    expected = u_alpha([first, second], **WHERE).value
    assert found == pytest.approx(float("nan") if expected is None else expected, nan_ok=True)


def test_nested_spans_of_one_label_are_one_stretch():
    nested = [(0, 10, "ACTOR"), (2, 6, "ACTOR"), (8, 12, "ACTOR")]
    flat = [(0, 12, "ACTOR")]
    score = u_alpha_of_label([nested, flat], "ACTOR", **WHERE)
    assert (score.value, score.n, score.fused) == (pytest.approx(1), 2, 2)


def test_touching_segments_stay_two():
    one, two = [(0, 10, "a"), (10, 20, "a")], [(0, 20, "a")]
    assert u_alpha([one, two], **WHERE).n == 3


def test_one_observer_may_not_give_two_values_to_one_place():
    two_labels = [[(0, 10, "a"), (5, 12, "b")], []]
    assert u_alpha(two_labels, **WHERE).undefined == TWO_LABELS
    assert u_alpha_binary(two_labels, **WHERE).fused == 1


@some
@given(st.lists(st.tuples(segments(), segments(), segments()), min_size=1, max_size=3))
def test_articles_summed_are_one_long_continuum(articles):
    counted = [
        Stretches.of(observers, begin=0, length=30, values=("a", "b")) for observers in articles
    ]
    sums = reduce(add, counted)
    long = [
        [(30 * at + s, 30 * at + e, v) for at, each in enumerate(articles) for s, e, v in each[who]]
        for who in range(3)
    ]
    where = {"begin": 0, "length": 30 * len(articles)}
    assert u_alpha_of(sums).value == pytest.approx(u_alpha(long, **where).value)
    assert cu_alpha_of(sums).value == pytest.approx(cu_alpha(long, **where).value)
    assert k_alpha_of(sums, "a").value == pytest.approx(k_alpha(long, "a", **where).value)


def test_a_segment_outside_the_continuum_is_refused():
    with pytest.raises(ValueError, match="outside"):
        u_alpha([[(20, 31, "a")], []], **WHERE)


def test_a_segment_without_length_is_refused():
    for measure in (u_alpha, cu_alpha, alpha_u_1995):
        with pytest.raises(ValueError, match="end after its start"):
            measure([[(3, 3, "a"), (4, 6, "a")], [(4, 6, "a")]], **WHERE)


@pytest.mark.parametrize("measure", [u_alpha, u_alpha_binary, cu_alpha])
def test_one_observer_is_undefined(measure):
    assert measure([[(0, 3, "a")]], **WHERE).undefined == TOO_FEW_LAYERS
    assert k_alpha([[(0, 3, "a")]], "a", **WHERE).undefined == TOO_FEW_LAYERS


def test_what_cannot_be_told_says_why():
    assert u_alpha([[], []], **WHERE).undefined == NO_SPANS
    assert u_alpha([[(0, 30, "a")]] * 2, **WHERE).undefined == NO_GAP
    assert cu_alpha([[(0, 3, "a")], [(5, 9, "a")]], **WHERE).undefined == NO_MATCH
    assert k_alpha([[(0, 3, "a")], [(5, 9, "a")]], "a", **WHERE).undefined == NO_MATCH
    assert k_alpha([[(0, 3, "a")], [(5, 9, "a")]], "b", **WHERE).undefined == NO_SPANS
