import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import funnel
from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.confusions import coefficients_of
from annotations.agreement.measures.fscore import span_f1
from annotations.agreement.measures.gwet import ac1, ac2
from annotations.agreement.measures.kappa import cohen, percent, scott
from annotations.agreement.measures.scores import NO_SPANS
from annotations.agreement.measures.tally import Mark
from tests.agreement.drawn import layers, some

VALUES = ("weak", "medium", "strong")


def mark(label, start, end):
    return Mark(label, ((start, end),), {})


@some
@given(layers(), layers())
def test_every_span_has_one_fate_and_what_is_lost_sums_to_one_less_f1(first, second):
    found = funnel.shares(funnel.count(first, second))
    score = span_f1(*([(m.label, m.fragments) for m in side] for side in (first, second)), "exact")
    if score.value is None:
        assert {each.undefined for each in found.values()} == {NO_SPANS}
    else:
        assert found["same"].value == pytest.approx(score.value)
        lost = sum(found[step].value for step in ("boundary", "label", "alone"))
        assert lost == pytest.approx(1 - score.value)
        assert found["alone"].cases == len(first) + len(second)


@some
@given(layers(), layers())
def test_fates_do_not_depend_on_who_comes_first(first, second):
    there, back = (funnel.shares(funnel.count(*two)) for two in ((first, second), (second, first)))
    assert {step: each.value for step, each in there.items()} == {
        step: each.value for step, each in back.items()
    }


def test_each_step_takes_what_the_steps_before_left():
    first = [mark("A", 0, 5), mark("A", 10, 20), mark("A", 30, 40), mark("B", 50, 60)]
    second = [mark("A", 0, 5), mark("A", 11, 20), mark("B", 30, 40)]
    counts = funnel.count(first, second)
    assert counts == {
        ("#fate", "same", "A", "A"): 1,
        ("#fate", "boundary", "A", "A"): 1,
        ("#fate", "label", "A", "B"): 1,
        ("#fate", "alone", "B", "first"): 1,
    }
    of_b = funnel.shares(counts, ["B"])
    assert (of_b["label"].value, of_b["alone"].value, of_b["same"].value) == (0.5, 0.5, 0)


@some
@given(
    st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)), min_size=1, max_size=15)
)
def test_one_table_gives_every_coefficient_of_its_units(units):
    table = np.zeros((3, 3))
    for one, other in units:
        table[VALUES.index(one), VALUES.index(other)] += 1
    found = coefficients_of(np.stack([table, table]), ("nominal", "ordinal"), "linear")
    expected = {
        ("percent", "nominal"): percent(units, VALUES),
        ("scott_pi", "nominal"): scott(units, VALUES),
        ("cohen_kappa", "nominal"): cohen(units, VALUES),
        ("ac1", "nominal"): ac1(units, VALUES),
        ("alpha", "nominal"): alpha(units, "nominal", VALUES),
        ("alpha", "ordinal"): alpha(units, "ordinal", VALUES),
        ("ac2", "linear"): ac2(units, "linear", VALUES),
    }
    assert found.keys() == expected.keys()
    for name, score in expected.items():
        value = np.nan if score.value is None else score.value
        assert found[name] == pytest.approx(np.array([value, value]), nan_ok=True)
