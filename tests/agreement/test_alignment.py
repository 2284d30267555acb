from itertools import permutations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.agreement.measures import alignment, assignment
from annotations.agreement.measures.alignment import match, matchings, overlaps
from annotations.agreement.measures.fscore import mean_and_spread, span_f1, threshold
from annotations.agreement.measures.scores import NO_SPANS, TOO_LARGE
from annotations.agreement.measures.spans import Spans
from tests.agreement.drawn import fragments, some

groups = st.lists(st.tuples(st.integers(0, 1), fragments(20)), max_size=5)


def covered(parts):
    return {at for start, end in parts for at in range(start, end)}


def by_hand(first, second, least):
    """Every pair's intersection over union, as sets of code points."""
    found = {}
    for i, (group, parts) in enumerate(first):
        for j, (other, others) in enumerate(second):
            a, b = covered(parts), covered(others)
            if group == other and a & b and len(a & b) / len(a | b) >= least:
                found[i, j] = len(a & b) / len(a | b)
    return found


def best_by_hand(edges, rows, columns):
    """The most pairs and then the most overlap, over every assignment there is."""
    best = (0, 0.0)
    padded = [*range(columns), *[None] * rows]
    for order in set(permutations(padded, rows)):
        taken = [edges[i, j] for i, j in enumerate(order) if (i, j) in edges]
        best = max(best, (len(taken), round(sum(taken), 9)))
    return best


@some
@given(groups, groups)
def test_overlaps_are_those_of_the_sets_of_code_points(first, second):
    found = overlaps(Spans.of(first), Spans.of(second))
    listed = dict(zip(zip(found.first, found.second, strict=True), found.iou, strict=True))
    assert listed == pytest.approx(by_hand(first, second, 0))


@some
@given(
    st.lists(st.tuples(st.integers(0, 1), fragments(20)), max_size=3),
    st.lists(st.tuples(st.integers(0, 1), fragments(20)), max_size=3),
    st.sampled_from(["exact", "overlap", "iou:0.3", "iou:0.5"]),
)
def test_no_matching_has_more_pairs_or_more_overlap(first, second, variant):
    edges = by_hand(first, second, threshold(variant))
    (matching,) = matchings(Spans.of(first), Spans.of(second), [threshold(variant)])
    total = sum(edges[i, j] for i, j in zip(matching.first, matching.second, strict=True))
    assert (len(matching), round(total, 9)) == best_by_hand(edges, len(first), len(second))


def test_two_small_overlaps_outweigh_the_equal_spans_between_them():
    first, second = (
        [("A", ((0, 11),)), ("A", ((10, 20),))],
        [("A", ((10, 20),)), ("A", ((19, 30),))],
    )
    assert span_f1(first, second, "overlap").value == 1
    assert span_f1(first, second, "exact").value == 0.5


@some
@given(groups, groups)
def test_a_matching_is_one_to_one(first, second):
    (matching,) = matchings(Spans.of(first), Spans.of(second), [0.0])
    assert len(set(matching.first)) == len(set(matching.second)) == len(matching)


def one_group(*spans):
    return [(0, (span,)) for span in spans]


@some
@given(groups, groups)
@example(one_group((0, 5), (0, 7), (3, 5)), one_group((1, 6), (2, 4), (3, 10)))
def test_a_matching_does_not_depend_on_who_comes_first(first, second):
    """Two matchings of the example are equally good, and equally far from parallel."""
    first, second = sorted(first), sorted(second)
    (one,) = matchings(Spans.of(first), Spans.of(second), [0.0])
    (other,) = matchings(Spans.of(second), Spans.of(first), [0.0])
    assert [*zip(one.first, one.second, strict=True)] == sorted(
        zip(other.second, other.first, strict=True)
    )


def test_of_equally_good_pairs_the_parallel_ones_win():
    first, second = one_group((4, 6), (5, 8), (6, 9)), one_group((0, 8), (1, 9), (4, 10))
    (matching,) = matchings(Spans.of(first), Spans.of(second), [0.0])
    assert (matching.first.tolist(), matching.second.tolist()) == ([0, 1, 2], [0, 1, 2])


def test_touching_spans_do_not_overlap():
    assert not len(overlaps(Spans.of([(0, ((0, 5),))]), Spans.of([(0, ((5, 9),))])).first)


def test_a_span_without_length_shares_no_code_point_with_one_around_it():
    empty, around = [("A", ((5, 5),))], [("A", ((0, 10),))]
    for one, other in ((empty, around), (around, empty), (empty, empty)):
        assert span_f1(one, other, "overlap").value == 0
    assert span_f1(empty, empty, "exact").value == 1


@pytest.mark.parametrize(
    ("fragment", "said"), [((7, 5), "end before it starts"), ((0.5, 3), "whole code points")]
)
def test_what_is_no_stretch_of_code_points_is_refused(fragment, said):
    for variant in ("exact", "overlap"):
        with pytest.raises(ValueError, match=said):
            span_f1([("A", ((0, 3),))], [("A", (fragment,))], variant)
    assert span_f1([("A", ((0.0, 3.0),))], [("A", ((0, 3),))], "exact").value == 1


def test_spans_of_two_groups_never_meet():
    assert not len(overlaps(Spans.of([(0, ((0, 5),))]), Spans.of([(1, ((0, 5),))])).first)


def test_split_spans_match_exactly_only_with_equal_fragments():
    split, whole = [("QUOTE", ((0, 5), (9, 14)))], [("QUOTE", ((0, 14),))]
    assert span_f1(split, split, "exact").value == 1
    assert span_f1(split, whole, "exact").value == 0
    assert span_f1(split, whole, "iou:0.7").value == 1


def test_repeated_spans_are_never_dropped():
    twice, once = [("ACTOR", ((0, 5),))] * 2, [("ACTOR", ((0, 5),))]
    assert span_f1(twice, once, "exact").value == pytest.approx(2 / 3)
    assert span_f1(twice, twice, "exact").value == 1


@some
@given(groups, groups, st.sampled_from(["exact", "overlap", "iou:0.5"]))
def test_f1_is_symmetric_and_stretching_the_text_leaves_it_alone(first, second, variant):
    score = span_f1(first, second, variant)
    turned = span_f1(second, first, variant)
    assert turned.value == score.value
    assert (turned.precision, turned.recall) == (score.recall, score.precision)
    stretched = [
        [(group, tuple((7 * s, 7 * e) for s, e in parts)) for group, parts in side]
        for side in (first, second)
    ]
    assert span_f1(*stretched, variant) == score


@some
@given(groups, groups)
def test_a_stricter_matching_never_finds_more(first, second):
    exact, half, some = (
        span_f1(first, second, variant).value for variant in ("exact", "iou:0.5", "overlap")
    )
    assert exact is None or exact <= half <= some


@some
@given(groups, groups, st.sampled_from(["exact", "overlap", "iou:0.5"]))
def test_taking_an_agreement_away_never_raises_f1(first, second, variant):
    pairs = overlaps(Spans.of(first), Spans.of(second)).at_least(threshold(variant))
    before = span_f1(first, second, variant).value
    for i, j in zip(match(pairs).first, match(pairs).second, strict=True):
        after = span_f1(first[:i] + first[i + 1 :], second[:j] + second[j + 1 :], variant).value
        assert after is None or after <= before


@some
@given(groups, groups, st.randoms())
def test_f1_does_not_read_the_order_of_spans(first, second, random):
    mixed = random.sample(first, len(first)), random.sample(second, len(second))
    assert span_f1(*mixed, "overlap") == span_f1(first, second, "overlap")


@pytest.mark.parametrize("variant", ["iou:0", "iou:1.5", "iou:", "close", ""])
def test_an_unknown_way_of_matching_is_refused(variant):
    with pytest.raises(ValueError, match=r"matching|convert"):
        threshold(variant)


def test_a_threshold_is_reached_exactly_not_nearly():
    seven, hundred = [("A", ((0, 7),))], [("A", ((0, 100),))]
    assert span_f1(seven, hundred, "iou:0.07").value == 1


def test_the_spread_over_pairs_is_of_the_population_and_leaves_out_the_undefined():
    mean, spread = mean_and_spread(np.array([[0.5], [1.0], [np.nan]]))
    assert (float(mean[0]), float(spread[0])) == (0.75, 0.25)


def test_a_long_article_with_two_thousand_spans_is_aligned_at_once():
    first = [(at % 5, ((50 * at, 50 * at + 40),)) for at in range(2_000)]
    second = [(at % 5, ((50 * at + 3, 50 * at + 44),)) for at in range(2_000)]
    assert len(match(overlaps(Spans.of(first), Spans.of(second)))) == 2_000


def test_ten_thousand_spans_that_crowd_each_other_are_matched_at_once():
    first = [(0, ((3 * at, 3 * at + 40),)) for at in range(10_000)]
    second = [(0, ((3 * at + 1, 3 * at + 40),)) for at in range(10_000)]
    exact, overlap = matchings(Spans.of(first), Spans.of(second), [1.0, 0.0])
    assert (len(exact), len(overlap)) == (0, 10_000)


def test_one_span_placed_thousands_of_times_is_matched_as_often_as_both_have_it():
    first = [("A", ((0, 10),))] * 5_000 + [("A", ((5, 20),))] * 100
    second = [("A", ((0, 10),))] * 4_000 + [("A", ((0, 6),))] * 4_000
    assert span_f1(first, second, "exact").matched == 4_000
    assert span_f1(first, second, "overlap").matched == 5_100


def test_what_would_take_too_long_says_so_and_gives_no_number(monkeypatch):
    monkeypatch.setattr(alignment, "LARGEST", 3)
    nested = [("A", ((0, 10 + at),)) for at in range(4)]
    score = span_f1(nested, nested, "overlap")
    assert (score.value, score.undefined) == (None, TOO_LARGE)
    assert span_f1(nested, nested, "exact").value == 1


def test_precision_and_recall_are_kept():
    score = span_f1([("A", ((0, 5),))], [("A", ((0, 5),)), ("A", ((9, 12),))], "exact")
    assert (score.precision, score.recall, score.matched) == (0.5, 1.0, 1)
    assert span_f1([], [("A", ((0, 5),))], "exact").recall is None
    assert (span_f1([], [], "exact").value, span_f1([], [], "exact").undefined) == (None, NO_SPANS)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.just(0), fragments(20)), min_size=3, max_size=8),
    st.lists(st.tuples(st.just(0), fragments(20)), min_size=3, max_size=8),
)
def test_the_sparse_way_finds_as_much_as_the_dense_one(first, second):
    found = {}
    for cells in (0, 10_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(assignment, "DENSE", cells)
            patch.setattr(assignment, "SPREAD", 0 if not cells else 2)
            pairs = overlaps(Spans.of(first), Spans.of(second))
            matching = match(pairs)
        taken = set(zip(matching.first.tolist(), matching.second.tolist(), strict=True))
        listed = zip(pairs.first.tolist(), pairs.second.tolist(), pairs.iou, strict=True)
        found[cells] = len(taken), round(sum(iou for i, j, iou in listed if (i, j) in taken), 6)
    assert found[0] == found[10_000]
