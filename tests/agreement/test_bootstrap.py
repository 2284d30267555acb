import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap as of_scipy
from scipy.stats import poisson

from annotations.agreement.measures import bootstrap
from annotations.agreement.measures.bootstrap import (
    FEW,
    Resampling,
    Rows,
    bca_interval,
    draws,
    percentile_interval,
)
from tests.agreement.drawn import some


def weights_of(articles, replicates, seed):
    return Resampling.of(articles, replicates, seed).weights(articles)


def test_a_percentile_interval_holds_the_middle_of_the_draws():
    found = percentile_interval(np.arange(101) / 100, 0.9)
    assert (found.low, found.high) == (pytest.approx(0.05), pytest.approx(0.95))


def numbers(count):
    return np.arange(count, dtype=np.int64) * 7 - 3


@some
@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 99))
def test_every_replicate_draws_as_many_articles_as_there_are(articles, replicates, seed):
    weights = weights_of(numbers(articles), replicates, seed)
    assert weights.shape == (articles, replicates)
    assert (weights.sum(axis=0) == articles).all()
    assert (weights >= 0).all()


def test_weights_of_few_articles_are_those_of_drawing_with_replacement():
    weights = weights_of(numbers(20), 20_000, 1)
    assert weights.mean(axis=1) == pytest.approx(np.ones(20), abs=0.05)
    covariance = np.cov(weights)
    assert np.diag(covariance) == pytest.approx(np.full(20, 1 - 1 / 20), abs=0.05)
    assert covariance[~np.eye(20, dtype=bool)] == pytest.approx(-1 / 20, abs=0.03)
    never = (weights == 0).mean(axis=1)
    assert never == pytest.approx((1 - 1 / 20) ** 20, abs=0.02)


def test_weights_of_many_articles_are_poisson_numbers_of_their_own():
    weights = draws(numbers(3_000), 400, 1).astype(float)
    shares = np.bincount(weights.astype(int).ravel(), minlength=9)[:5] / weights.size
    assert shares == pytest.approx(poisson.pmf(range(5), 1), abs=2e-3)
    assert (weights.mean(), weights.var()) == pytest.approx((1, 1), abs=5e-3)
    # neither articles nor replicates have anything to do with each other
    articles, replicates = np.corrcoef(weights[:200]), np.corrcoef(weights.T)
    for found, size in ((articles, 400), (replicates, 3_000)):
        apart = found[~np.eye(len(found), dtype=bool)] * np.sqrt(size)
        assert (apart.mean(), apart.std()) == pytest.approx((0, 1), abs=0.05)


def test_an_article_among_many_has_the_same_weights_whichever_others_there_are():
    many = numbers(FEW + 5)
    for some_of_them in (many[:3], many[-9:-2]):
        resampling = Resampling.of(many, 50, 3)
        assert (resampling.weights(some_of_them) == draws(some_of_them, 50, 3)).all()
    assert (draws(many[:9], 50, 3) != draws(many[:9], 50, 4)).any()
    assert (draws(many[:9], 50, 3)[:, :7] == draws(many[:9], 7, 3)).all()


@some
@given(st.integers(1, 30), st.integers(1, 4), st.integers(0, 9), st.integers(1, 40))
def test_sums_weigh_every_row_by_how_often_its_article_was_drawn(articles, columns, seed, stretch):
    table = np.random.default_rng(seed).integers(0, 5, (articles, columns)).astype(float)
    known = numbers(articles)
    resampling = Resampling.of(known, 6, seed, jackknife=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "STRETCH", stretch)
        sums = resampling.sums(Rows.dense(table), known)
    assert sums[0] == pytest.approx(table.sum(axis=0))
    assert sums[1:7] == pytest.approx(resampling.weights(known).T @ table)
    without = sorted(map(tuple, sums[7:]))
    assert without == sorted(map(tuple, table.sum(axis=0) - table))


@pytest.mark.parametrize("count", [40, FEW + 40])
def test_sums_of_parts_add_up_to_those_of_all(count):
    table = np.random.default_rng(1).integers(0, 9, (count, 3)).astype(float)
    known = numbers(count)
    resampling = Resampling.of(known, 30, 5, jackknife=True)
    parts = (slice(0, 17), slice(17, None))
    assert (
        sum(resampling.sums(Rows.dense(table[part]), known[part]) for part in parts)
        == resampling.sums(Rows.dense(table), known)
    ).all()


@pytest.mark.parametrize("method", ["percentile", "bca"])
@pytest.mark.parametrize("count", [FEW, FEW + 1])
def test_the_interval_of_many_articles_is_that_of_drawing_with_replacement(count, method):
    """Skewed articles of very different size, 4,000 replicates: the ends of two intervals by the
    same method are within .1 standard errors of each other in 99 of 100 cases."""
    random = np.random.default_rng(7)
    sizes = random.geometric(0.05, count).astype(float)
    table = np.stack((random.binomial(sizes.astype(int), random.beta(2, 1, count)), sizes), axis=1)
    known = numbers(count)
    resampling = Resampling.of(known, 4_000, 1, jackknife=method == "bca")
    sums = resampling.sums(Rows.dense(table), known)
    ours = resampling.interval(sums[:, 0] / sums[:, 1], 0.95)
    places = random.integers(count, size=(4_000, count))
    plain = table[places].sum(axis=1)
    drawn = plain[:, 0] / plain[:, 1]
    left = sums[4_001:, 0] / sums[4_001:, 1]
    value = sums[0, 0] / sums[0, 1]
    theirs = (
        bca_interval(value, drawn, left, 0.95)
        if method == "bca"
        else percentile_interval(drawn, 0.95)
    )
    error = drawn.std()
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.15 * error)
    assert np.nanstd(sums[1:4_001, 0] / sums[1:4_001, 1]) == pytest.approx(error, rel=0.05)


def test_rows_may_come_in_any_order_and_an_article_have_several():
    entries = np.array([2, 0, 2]), np.array([1, 0, 1]), np.array([5.0, 1.0, 2.0])
    rows = Rows.of(*entries, 2)
    assert rows.total().tolist() == [1, 7]
    assert rows.between(0, 3).tolist() == [[1, 0], [0, 0], [0, 7]]


def test_more_articles_than_groups_are_left_out_in_groups(monkeypatch):
    monkeypatch.setattr(bootstrap, "GROUPS", 4)
    resampling = Resampling.of(numbers(10), 0, 1, jackknife=True)
    sums = resampling.sums(Rows.dense(np.ones((10, 1))), numbers(10))
    assert sorted(sums[1:, 0]) == [7, 7, 8, 8]


def test_the_corrected_interval_is_that_of_scipy():
    values = np.random.default_rng(3).gamma(2.0, size=60)
    theirs = of_scipy((values,), np.mean, n_resamples=20_000, method="BCa", rng=1)
    table = np.stack((values, np.ones(60)), axis=1)
    resampling = Resampling.of(numbers(60), 20_000, 1, jackknife=True)
    sums = resampling.sums(Rows.dense(table), numbers(60))
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
