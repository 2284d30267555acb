from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import alignment
from annotations.agreement.measures.fscore import span_f1
from annotations.agreement.measures.tally import (
    EVERY,
    MATCHINGS,
    VARIANTS,
    Mark,
    tally,
)
from annotations.agreement.measures.unitizing import u_alpha_of_label, u_alpha_of_sums
from tests.agreement.drawn import LABELS, LENGTH, layers, some


def turned(counts):
    """The same counts with first and second layer in each other's place."""
    sides = {"first": "second", "second": "first"}
    found = {}
    for key, count in counts.items():
        if len(key) == 6:
            key = (*key[:4], key[5], key[4])
        elif len(key) == 2:
            key = (key[0], sides.get(key[1], key[1]))
        found[key] = count
    return found


@some
@given(layers(), layers())
def test_a_tally_is_symmetric(first, second):
    assert tally(LENGTH, second, first) == turned(tally(LENGTH, first, second))


@some
@given(layers(), layers(), st.randoms())
def test_a_tally_does_not_read_the_order_of_spans(first, second, random):
    mixed = random.sample(first, len(first)), random.sample(second, len(second))
    assert tally(LENGTH, *mixed) == tally(LENGTH, first, second)


@some
@given(layers(), layers())
def test_no_span_is_ever_dropped(first, second):
    counts = tally(LENGTH, first, second)
    for label in LABELS:
        assert counts.get((label, "first"), 0) == sum(mark.label == label for mark in first)
        assert counts.get((label, "second"), 0) == sum(mark.label == label for mark in second)


@some
@given(layers(), layers())
def test_matched_pairs_are_those_of_span_f1(first, second):
    counts = tally(LENGTH, first, second)
    labelled = [[(mark.label, mark.fragments) for mark in side] for side in (first, second)]
    for variant in VARIANTS:
        matched = sum(counts.get((label, "matched", variant), 0) for label in LABELS)
        score = span_f1(*labelled, variant)
        assert score.value is None or score.value == 2 * matched / (len(first) + len(second))


@some
@given(layers(), layers())
def test_stretches_give_the_u_alpha_of_the_label(first, second):
    counts = tally(LENGTH, first, second)
    units = [[(s, e, m.label) for m in side for s, e in m.fragments] for side in (first, second)]
    for label in LABELS:
        expected = u_alpha_of_label(units, label, begin=0, length=LENGTH).value
        parts = [counts.get((label, name), 0) for name in ("marked", "squares", "differing")]
        found = float(u_alpha_of_sums(2 * LENGTH, *parts))
        assert found == pytest.approx(float("nan") if expected is None else expected, nan_ok=True)


@some
@given(layers(), layers())
def test_all_labels_taken_for_one_are_counted_apart(first, second):
    counts = tally(LENGTH, first, second)
    alike = [[replace(mark, label="X") for mark in side] for side in (first, second)]
    for name in ("marked", "squares", "differing"):
        assert counts.get((EVERY, name)) == tally(LENGTH, *alike).get(("X", name))


@some
@given(layers(), layers())
def test_a_value_is_compared_only_where_both_said_it(first, second):
    counts = tally(LENGTH, first, second)
    for label in LABELS:
        for matching in MATCHINGS:
            compared = sum(
                n for key, n in counts.items() if key[:4] == (label, "value", "type", matching)
            )
            said = min(sum(m.label == label and bool(m.values) for m in s) for s in (first, second))
            assert compared <= min(said, counts.get((label, "matched", matching), 0))


def test_coinciding_spans_are_paired_by_their_values_not_by_accident():
    direct, mixed = (Mark("QUOTE", ((0, 9),), {"type": value}) for value in ("direct", "mixed"))
    counts = tally(20, [direct, mixed], [mixed, direct])
    assert counts["QUOTE", "value", "type", "exact", "direct", "direct"] == 1
    assert counts["QUOTE", "value", "type", "exact", "mixed", "mixed"] == 1


def test_two_empty_layers_count_the_text_alone():
    assert tally(50, [], []) == {("length",): 50}


def test_an_article_too_crowded_to_compare_counts_nothing_but_that(monkeypatch):
    monkeypatch.setattr(alignment, "LARGEST", 3)
    nested = [Mark("QUOTE", ((0, 10 + at),), {}) for at in range(4)]
    assert tally(50, nested, nested) == {("crowded",): 1}
