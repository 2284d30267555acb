from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures import (
    alignment,
    articles,
    boundaries,
    entities,
    funnel,
    relations,
)
from annotations.agreement.measures.fscore import span_f1
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.tally import Mark, from_rows, paired, tally, to_rows
from tests.agreement.drawn import LENGTH, layers

TEXT = ("“Tidak,” kata Kim. 🚢 " * 3)[:LENGTH]
few = settings(max_examples=40, deadline=None)


@st.composite
def linked(draw):
    marks = [
        Mark(mark.label, mark.fragments, mark.values, draw(st.sampled_from([None, "kim", "hatta"])))
        for mark in draw(layers(labels=("#relation", "#entity", "#fate", "#boundary")))
    ]
    ends = st.one_of(st.none(), st.just("kim"), *[st.integers(0, len(marks) - 1)] * bool(marks))
    made = st.builds(Relation, st.sampled_from(["matched", "first"]), ends, ends)
    return Linked(marks, draw(st.lists(made, max_size=3)))


@few
@given(linked(), linked())
def test_one_row_holds_what_every_part_counts_and_no_two_share_a_key(first, second):
    """Labels and kinds are named here as the keys are, to bring out what would be mistaken."""
    row = articles.count(LENGTH, first, second, TEXT)
    marks = first.marks, second.marks
    parts = [tally(LENGTH, *marks), funnel.count(*marks)]
    for variant in ("exact", "overlap"):
        (matching,) = paired(*marks, [variant])
        parts.append(entities.count(*marks, matching, variant))
        if variant == "overlap":
            parts.append(boundaries.count(*marks, matching, TEXT))
    assert all(row[key] == number for part in parts for key, number in part.items())
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert from_rows(to_rows(row)) == row


@few
@given(linked(), linked(), st.sampled_from(["exact", "overlap"]))
def test_figures_read_from_one_row_are_those_of_the_parts(first, second, variant):
    row = articles.count(LENGTH, first, second, TEXT)
    marks = first.marks, second.marks
    (matching,) = paired(*marks, [variant])
    alone = relations.count(first, second, matching, variant)
    for kind in ("matched", "first", None):
        found = relations.relation_f1(row, variant, kind)
        assert found == relations.relation_f1(alone, variant, kind)
    assert relations.target_accuracy(row, variant, "first") == relations.target_accuracy(
        alone, variant, "first"
    )
    cells = entities.cells(entities.count(*marks, matching, variant), variant)
    assert entities.cells(row, variant) == cells
    assert funnel.shares(row) == funnel.shares(funnel.count(*marks))


@few
@given(st.lists(st.tuples(linked(), linked()), min_size=1, max_size=3))
def test_rows_of_articles_sum_to_the_figures_of_them_all(pairs):
    sums = Counter()
    for two in pairs:
        sums.update(articles.count(LENGTH, *two))
    whole = [
        [
            ((at, mark.label), mark.fragments)
            for at, two in enumerate(pairs)
            for mark in two[side].marks
        ]
        for side in (0, 1)
    ]
    score = span_f1(*whole, "exact")
    share = funnel.shares(sums)["same"]
    assert share.value == (score.value if score.value is None else pytest.approx(score.value))


def test_an_article_too_crowded_has_a_row_that_says_so(monkeypatch):
    monkeypatch.setattr(alignment, "LARGEST", 3)
    nested = Linked([Mark("QUOTE", ((0, 10 + at),), {}) for at in range(4)], [])
    assert articles.count(50, nested, nested) == {("crowded",): 1}
