"""Whether two passes over the same articles differ by more than chance: against every way to exchange them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures.bootstrap import coins
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.passes import Passes, differences
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.scores import NO_SPANS, REASONS, TOO_FEW_ARTICLES
from annotations.agreement.measures.study import Row
from tests.agreement.drawn import LABELS, layers
from tests.agreement.test_figures import quote, rows_of

ASK = Questions(LABELS, (), replicates=0)
EXACT = ("span_f1", "exact", None, None, None, None)

articles = st.lists(st.lists(layers(max_size=2), min_size=2, max_size=2), min_size=5, max_size=6)


def told(before, after, alike=(), replicates=2000):
    """The differences of two lists of articles, each a list of layers."""
    numbered = [
        [Row(row.article + 10, row.pair, row.share, row.counts) for row in rows_of(some)]
        for some in (before, after)
    ]
    return differences(Passes(rows_of(alike), *numbered), ASK, replicates=replicates, seed=1)


def value_of(campaign, asked):
    (found,) = (
        each.value
        for each in figures(rows_of(campaign), ASK)
        if (each.measure, each.variant, each.label, each.attribute, each.matched, each.pair)
        == asked
    )
    return found


def pages(shifts):
    """Two layers an article: so far their quotes are apart."""
    return [[[quote(3, 9), quote(12, 20)], [quote(3 + at, 9), quote(12, 20)]] for at in shifts]


BEFORE, AFTER = pages([1, 1, 1, 0, 2, 1]), pages([0, 0, 1, 1, 0, 0])


def test_p_is_that_of_all_exchanges():
    alike = pages([0, 1])
    found = told(BEFORE, AFTER, alike)[EXACT]
    real = value_of([*AFTER, *alike], EXACT) - value_of([*BEFORE, *alike], EXACT)
    assert found.value == pytest.approx(real)
    large = []
    for turned in product((False, True), repeat=6):
        sides = [
            [b if turn else a for a, b, turn in zip(*two, turned, strict=True)]
            for two in ((BEFORE, AFTER), (AFTER, BEFORE))
        ]
        one, other = (value_of([*side, *alike], EXACT) for side in sides)
        large.append(abs(other - one) >= abs(real) - 1e-9)
    assert found.p == pytest.approx(np.mean(large), abs=0.03)
    assert found.p <= found.of_any


@settings(max_examples=15, deadline=None)
@given(articles, articles)
def test_every_figure_has_a_difference_or_a_reason(before, after):
    shorter = min(len(before), len(after))
    alike = [[[quote(3, 9)], [quote(3, 9)], [quote(3, 8)]]]
    found = told(before[:shorter], after[:shorter], alike, replicates=20)
    assert found[EXACT].value is not None
    for asked, each in found.items():
        assert (each.value is None) == (each.undefined in REASONS)
        if each.value is not None:
            assert 0 < each.p <= 1
            assert (each.of_any is None) == (asked[-1] is not None)
            assert each.of_any is None or each.of_any >= each.p


def test_the_passes_can_be_named_either_way():
    one, other = told(BEFORE, AFTER), told(AFTER, BEFORE)
    for asked, each in one.items():
        assert (each.value is None) == (other[asked].value is None)
        if each.value is not None:
            assert each.value == pytest.approx(-other[asked].value)
            assert each.p == other[asked].p


def test_neither_order_nor_other_articles_decide_who_changes_places():
    numbers = np.array([5, 9, 1 << 62, -7])
    tossed = coins(numbers, 700, 3)
    assert np.array_equal(coins(numbers[::-1], 700, 3), tossed[::-1])
    assert np.array_equal(coins(numbers[:1], 900, 3)[:, :700], tossed[:1])
    assert not np.array_equal(coins(numbers, 700, 4), tossed)
    assert abs(tossed.mean() - 0.5) < 0.03


def test_what_cannot_be_told_says_why():
    few = told(BEFORE[:4], AFTER[:4])
    assert {each.undefined for each in few.values()} == {TOO_FEW_ARTICLES}
    nobody = told(BEFORE, AFTER)["span_f1", "exact", "ACTOR", None, None, None]
    assert (nobody.value, nobody.p, nobody.undefined) == (None, None, NO_SPANS)
    same = told(BEFORE, BEFORE)[EXACT]
    assert (same.value, same.p, same.of_any) == (0, 1, 1)
