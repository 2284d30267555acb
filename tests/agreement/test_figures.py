from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures import scores
from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.bootstrap import percentile_interval
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.questions import Attribute, Questions
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Mark, tally
from annotations.agreement.measures.unitizing import u_alpha_of_label
from tests.agreement.drawn import LABELS, LENGTH, VALUES, layers, some

TYPE = Attribute("QUOTE", "type", VALUES, ("nominal", "ordinal"))
ASK = Questions(LABELS, (TYPE,), replicates=40)

MEASURES = {
    *("span_f1", "funnel", "u_alpha"),
    *("percent", "scott_pi", "cohen_kappa", "ac1", "ac2", "alpha"),
}

articles = st.lists(st.lists(layers(max_size=4), min_size=2, max_size=3), min_size=1, max_size=4)


def rows_of(campaign, names=("ani", "budi", "citra"), length=LENGTH):
    return [
        Row(at, (names[i], names[j]), 1 / (len(sides) - 1), tally(length, sides[i], sides[j]))
        for at, sides in enumerate(campaign)
        for i, j in combinations(range(len(sides)), 2)
    ]


def one(found, **wanted):
    wanted = {"label": None, "attribute": None, "matched": None, "pair": None} | wanted
    (figure,) = (
        each for each in found if all(getattr(each, name) == is_ for name, is_ in wanted.items())
    )
    return figure


def quote(start, end, **values):
    return Mark("QUOTE", ((start, end),), values)


@some
@given(articles)
def test_every_figure_has_a_value_or_a_reason_and_never_a_nan(campaign):
    for figure in figures(rows_of(campaign), ASK):
        assert (figure.value is None) == (figure.undefined in scores.REASONS)
        assert figure.value is None or figure.value <= 1
        assert figure.interval is None or figure.interval.low <= figure.interval.high


@settings(max_examples=20, deadline=None)
@given(articles)
def test_u_alpha_over_articles_is_that_of_one_long_continuum(campaign):
    campaign = [sides for sides in campaign if len(sides) == len(campaign[0])]
    units = [
        [
            (LENGTH * at + start, LENGTH * at + end, mark.label)
            for at, sides in enumerate(campaign)
            for mark in sides[who]
            for start, end in mark.fragments
        ]
        for who in range(len(campaign[0]))
    ]
    found = figures(rows_of(campaign), ASK)
    for label in LABELS:
        expected = u_alpha_of_label(units, label, begin=0, length=LENGTH * len(campaign))
        figure = one(found, measure="u_alpha", label=label)
        assert figure.value == (
            expected.value if expected.value is None else pytest.approx(expected.value)
        )


@settings(max_examples=20, deadline=None)
@given(articles)
def test_the_order_of_rows_changes_no_figure_and_no_interval(campaign):
    rows = rows_of(campaign)
    for one_way, other_way in zip(figures(rows, ASK), figures(rows[::-1], ASK), strict=True):
        assert bounds(one_way) == pytest.approx(bounds(other_way))


def bounds(figure):
    between = figure.interval and (figure.interval.low, figure.interval.high)
    return figure.value, *(between or (None, None))


def test_span_f1_is_micro_in_a_pair_and_the_mean_over_pairs():
    campaign = [
        [[quote(0, 5), quote(9, 12)], [quote(0, 5)], []],
        [[quote(0, 5)], [quote(0, 5)], [quote(0, 5)]],
    ]
    found = figures(rows_of(campaign), ASK)
    by_pair = {
        pair: one(found, measure="span_f1", variant="exact", label="QUOTE", pair=pair).value
        for pair in combinations(("ani", "budi", "citra"), 2)
    }
    assert by_pair == pytest.approx(
        {("ani", "budi"): 0.8, ("ani", "citra"): 0.5, ("budi", "citra"): 2 / 3}
    )
    mean = one(found, measure="span_f1", variant="exact", label="QUOTE")
    assert mean.value == pytest.approx(np.mean(list(by_pair.values())))
    assert mean.sd == pytest.approx(np.std(list(by_pair.values())))
    assert (mean.n, mean.articles) == (12, 2)


def test_of_coefficients_only_cohens_kappa_is_the_mean_over_pairs():
    campaign = [[sides_of("ddm"), sides_of("dmm"), sides_of("mdd")], [sides_of("dd")] * 2]
    found = figures(rows_of(campaign), ASK)
    asked = {"label": "QUOTE", "attribute": "type", "matched": "exact", "variant": "nominal"}
    pairs = [*combinations(("ani", "budi", "citra"), 2)]
    of_pairs = [one(found, measure="cohen_kappa", pair=pair, **asked).value for pair in pairs]
    assert one(found, measure="cohen_kappa", **asked).value == pytest.approx(np.mean(of_pairs))
    pooled = ["dd", "dm", "mm", "dm", "dd", "md", "dm", "md", "md", "dd", "dd"]
    assert one(found, measure="alpha", **asked).value == pytest.approx(alpha(pooled).value)


def sides_of(letters):
    words = {"d": "direct", "m": "mixed"}
    return [quote(10 * at, 10 * at + 5, type=words[each]) for at, each in enumerate(letters)]


def test_alpha_of_values_says_over_how_many_of_the_spans():
    first = [quote(0, 5, type="direct"), quote(10, 15, type="mixed"), quote(20, 25)]
    second = [quote(0, 5, type="direct"), quote(10, 16, type="direct"), quote(20, 25, type="mixed")]
    found = figures(rows_of([[first, second]]), ASK)
    exact, overlap = (
        one(found, measure="alpha", variant="nominal", label="QUOTE", attribute="type", matched=m)
        for m in ("exact", "overlap")
    )
    assert (exact.value, exact.undefined, exact.n) == (None, scores.NO_VARIATION, 1)
    assert overlap.value == alpha([["direct", "direct"], ["mixed", "direct"]]).value
    assert (overlap.n, overlap.coverage) == (2, pytest.approx(4 / 6))


def test_the_ordinal_level_follows_the_order_of_the_schema():
    cases = [
        ("direct", "indirect"),
        ("mixed", "mixed"),
        ("direct", "direct"),
        ("indirect", "mixed"),
    ]
    sides = [
        [quote(10 * at, 10 * at + 5, type=pair[side]) for at, pair in enumerate(cases)]
        for side in (0, 1)
    ]
    found = figures(rows_of([sides]), ASK)
    figure = one(
        found, measure="alpha", variant="ordinal", label="QUOTE", attribute="type", matched="exact"
    )
    assert figure.value == pytest.approx(alpha(cases, "ordinal", VALUES).value)


def test_without_rows_every_figure_says_that_there_is_nothing_to_compare():
    found = figures([], ASK)
    assert {figure.undefined for figure in found} == {scores.TOO_FEW_LAYERS}
    assert {figure.measure for figure in found} == MEASURES


def test_a_label_nobody_used_is_undefined_beside_labels_that_were():
    found = figures(rows_of([[[quote(0, 5)], [quote(0, 5)]]]), ASK)
    absent = one(found, measure="span_f1", variant="exact", label="ACTOR")
    assert (absent.value, absent.undefined, absent.sd) == (None, scores.NO_SPANS, None)
    assert one(found, measure="span_f1", variant="exact", label="QUOTE").value == 1


def test_the_interval_resamples_articles_not_spans():
    right = [[quote(0, 5)] * 50, [quote(0, 5)] * 50]
    wrong = [[quote(0, 5)] * 50, [quote(9, 14)] * 50]
    found = figures(rows_of([right, wrong] * 4), Questions(LABELS, (), replicates=400))
    interval = one(found, measure="span_f1", variant="exact", label="QUOTE").interval
    assert interval.low <= 0.25
    assert interval.high >= 0.75


def test_one_article_alone_has_no_interval():
    found = figures(rows_of([[[quote(0, 5)], [quote(0, 5)]]]), ASK)
    assert one(found, measure="span_f1", variant="exact", label="QUOTE").interval is None


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others():
    campaign = [[[quote(0, n + 1)], [quote(0, 3), quote(9, 9 + n)]] for n in range(1, 8)]
    rows = rows_of(campaign)
    again = [figures(rows, Questions(LABELS, (), replicates=50, seed=seed)) for seed in (3, 3, 4)]
    assert again[0] == again[1]
    assert again[0] != again[2]


def test_an_interval_needs_a_figure_in_most_of_the_draws():
    nan = float("nan")
    assert percentile_interval(np.array([nan, nan, 0.5, 0.6]), 0.95) is None
    assert percentile_interval(np.array([nan, 0.4, 0.5, 0.6]), 0.95).low == pytest.approx(0.405)


def test_two_passes_of_one_person_have_figures_of_their_own_alone():
    again = Row(0, ("ani", "ani"), 1.0, tally(LENGTH, [quote(0, 5)], [quote(9, 12)]))
    rows = rows_of([[[quote(0, 5)], [quote(0, 5)]]] * 2)
    found = figures([*rows, again], ASK)
    own = one(found, measure="span_f1", variant="exact", label="QUOTE", pair=("ani", "ani"))
    assert own.value == 0
    assert [each for each in found if each.pair is None] == [
        each for each in figures(rows, ASK) if each.pair is None
    ]
    alone = one(figures([again], ASK), measure="span_f1", variant="exact", label="QUOTE")
    assert alone.undefined == scores.TOO_FEW_LAYERS


def test_the_interval_can_be_corrected_for_bias():
    campaign = [[[quote(0, n + 1)], [quote(0, 3), quote(9, 9 + n)]] for n in range(1, 8)]
    plain, corrected = (
        one(
            figures(rows_of(campaign), Questions(LABELS, (), replicates=200, interval=method)),
            measure="span_f1",
            variant="overlap",
            label="QUOTE",
        )
        for method in ("percentile", "bca")
    )
    assert plain.value == corrected.value
    assert corrected.interval.method == "BCa bootstrap over articles"
    assert corrected.interval.low <= corrected.value <= corrected.interval.high
