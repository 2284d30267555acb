import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap as of_scipy

from annotations.agreement.measures import bootstrap
from annotations.agreement.measures.bootstrap import Resampling, Rows, bca_interval
from annotations.agreement.measures.fscore import f1
from annotations.agreement.measures.permutation import between_groups, between_passes
from annotations.agreement.measures.scores import NO_SPANS, TOO_FEW_UNITS
from annotations.agreement.measures.verdicts import verdict
from tests.agreement.drawn import some


def weights_of(resampling):
    return np.concatenate([table for _, _, table in resampling.weights()], axis=1)


@some
@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 99), st.integers(2, 40))
def test_every_replicate_draws_as_many_articles_as_there_are(articles, replicates, seed, stretch):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "STRETCH", stretch)
        weights = weights_of(Resampling(articles, replicates, seed))
    assert weights.shape == (replicates, articles)
    assert (weights.sum(axis=1) == articles).all()


def test_weights_are_those_of_drawing_with_replacement(monkeypatch):
    monkeypatch.setattr(bootstrap, "STRETCH", 7)
    weights = weights_of(Resampling(20, 20_000, 1))
    assert weights.mean(axis=0) == pytest.approx(np.ones(20), abs=0.05)
    assert weights.var(axis=0) == pytest.approx(np.full(20, 1 - 1 / 20), abs=0.05)
    apart = np.cov(weights[:, 0], weights[:, 19])[0, 1]
    near = np.cov(weights[:, 0], weights[:, 1])[0, 1]
    assert (apart, near) == pytest.approx((-1 / 20, -1 / 20), abs=0.03)


@some
@given(st.integers(1, 30), st.integers(1, 4), st.integers(0, 9))
def test_sums_weigh_every_row_by_how_often_its_article_was_drawn(articles, columns, seed):
    table = np.random.default_rng(seed).integers(0, 5, (articles, columns)).astype(float)
    resampling = Resampling(articles, 6, seed, jackknife=True)
    (sums,) = resampling.sums([Rows.dense(table)])
    assert sums[0] == pytest.approx(table.sum(axis=0))
    assert sums[1:7] == pytest.approx(weights_of(resampling) @ table)
    without = sorted(map(tuple, sums[7:]))
    assert without == sorted(map(tuple, table.sum(axis=0) - table))


def test_rows_may_come_in_any_order_and_an_article_have_several():
    entries = np.array([2, 0, 2]), np.array([1, 0, 1]), np.array([5.0, 1.0, 2.0])
    rows = Rows.of(*entries, 2)
    assert rows.total().tolist() == [1, 7]
    assert rows.between(0, 3).tolist() == [[1, 0], [0, 0], [0, 7]]


def test_more_articles_than_groups_are_left_out_in_groups(monkeypatch):
    monkeypatch.setattr(bootstrap, "GROUPS", 4)
    resampling = Resampling(10, 0, 1, jackknife=True)
    (sums,) = resampling.sums([Rows.dense(np.ones((10, 1)))])
    assert sorted(sums[1:, 0]) == [7, 7, 8, 8]


def test_the_corrected_interval_is_that_of_scipy():
    values = np.random.default_rng(3).gamma(2.0, size=60)
    theirs = of_scipy((values,), np.mean, n_resamples=20_000, method="BCa", rng=1)
    table = np.stack((values, np.ones(60)), axis=1)
    resampling = Resampling(60, 20_000, 1, jackknife=True)
    (sums,) = resampling.sums([Rows.dense(table)])
    ours = resampling.interval(sums[:, 0] / sums[:, 1], 0.95)
    assert (ours.low, ours.high) == pytest.approx(theirs.confidence_interval, abs=0.01)


def test_a_figure_that_is_the_same_everywhere_has_a_point_for_an_interval():
    ones = np.ones(50)
    interval = bca_interval(1.0, ones, ones, 0.95)
    assert (interval.low, interval.high) == (1.0, 1.0)


def test_what_is_undefined_in_half_of_the_replicates_has_no_interval():
    nan = float("nan")
    assert bca_interval(0.5, np.array([nan, 0.5]), np.ones(2), 0.95) is None
    assert bca_interval(nan, np.array([0.4, 0.5]), np.ones(2), 0.95) is None


def f1_of_sums(sums):
    return f1(sums[:, 0], sums[:, 1])


def articles(matched, number):
    return np.tile([matched, 20.0], (number, 1))


def test_groups_that_differ_are_told_from_groups_that_do_not():
    apart = between_groups(articles(9.0, 15), articles(3.0, 15), f1_of_sums)
    assert apart.value == pytest.approx(-0.6)
    assert 0 < apart.p < 0.01
    alike = between_groups(articles(6.0, 15), articles(6.0, 15), f1_of_sums)
    assert (alike.value, alike.p) == (0, 1)


def test_passes_over_the_same_articles_are_compared_article_by_article():
    first, second = articles(6.0, 12), articles(7.0, 12)
    found = between_passes(first, second, f1_of_sums, replicates=2000)
    assert found.value == pytest.approx(0.1)
    assert found.p == pytest.approx(2 / 2**12, abs=2e-3)
    assert between_passes(first, first, f1_of_sums).p == 1


def test_a_difference_that_cannot_be_told_says_why():
    nothing, some_articles = np.zeros((3, 2)), articles(6.0, 3)
    assert between_groups(nothing, some_articles, f1_of_sums).undefined == NO_SPANS
    assert between_groups(nothing[:0], some_articles, f1_of_sums).undefined == TOO_FEW_UNITS
    assert between_passes(nothing[:0], nothing[:0], f1_of_sums).undefined == TOO_FEW_UNITS
    with pytest.raises(ValueError, match="same articles"):
        between_passes(nothing, nothing[:2], f1_of_sums)


@pytest.mark.parametrize(
    ("n", "low", "word"),
    [
        (49, 0.9, None),
        (50, 0.9, "reliable"),
        (50, 0.7, "tentative"),
        (50, 0.5, "unreliable"),
    ],
)
def test_below_fifty_units_there_is_no_verdict(n, low, word):
    assert verdict(n, bootstrap.Interval(low, 0.95, 0.95)) == word
    assert verdict(n, None) is None
