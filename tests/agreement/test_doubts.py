"""Every doubt begins at its threshold, and not before."""

import pytest

from annotations.agreement.measures.annotators import Pair
from annotations.agreement.measures.doubts import Doubt, of_annotators, of_losses, of_values
from annotations.web.agreement.doubts import sentences


def kinds(found):
    return [doubt.kind for doubt in found]


def test_few_pairs_are_doubted_below_fifty():
    values = ["a", "b"]
    assert kinds(of_values({("a", "a"): 25, ("b", "b"): 24}, values)) == ["few"]
    assert kinds(of_values({("a", "a"): 25, ("b", "b"): 25}, values)) == []
    assert kinds(of_values({}, values)) == []


def test_a_value_that_is_nearly_all_is_doubted():
    assert [*of_values({("a", "a"): 86, ("b", "b"): 14}, ["a", "b"])] == [
        Doubt("skewed", 0.86, "a")
    ]
    assert kinds(of_values({("a", "a"): 85, ("b", "b"): 15}, ["a", "b"])) == []


def test_one_value_alone_leaves_no_coefficient_to_doubt():
    assert kinds(of_values({("a", "a"): 60}, ["a", "b"])) == []
    assert kinds(of_values({("a", "a"): 59, ("a", "b"): 1}, ["a", "b"])) == ["skewed", "sparse"]


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        (Doubt("skewed", 46 / 54, "a"), "“A” is 85.2 % of all values, more than 85 %"),
        (Doubt("skewed", 0.86, "a"), "“A” is 86 % of all values, more than 85 %"),
        (Doubt("boundaries", 0.50004), "50.004 % of the loss, more than 50 %"),
        (Doubt("apart", 0.0501, "ani"), "higher by 0.0501, more than 0.05"),
        (Doubt("apart", 0.12345, "ani"), "higher by 0.123, more than 0.05"),
    ],
)
def test_what_passes_a_threshold_reads_above_it(doubt, said):
    assert said in sentences([doubt], {"a": "A"})[0]


def test_a_value_that_is_hardly_there_is_doubted_and_one_that_is_not_there_is_none():
    met = {("a", "a"): 50, ("b", "b"): 48, ("a", "c"): 4}
    assert [*of_values(met, ["a", "b", "c", "d"])] == [Doubt("sparse", 4, "c")]
    assert kinds(of_values(met | {("a", "c"): 5}, ["a", "b", "c"])) == []


@pytest.mark.parametrize(("boundaries", "found"), [(51, ["boundaries"]), (50, [])])
def test_boundaries_are_doubted_where_they_are_most_of_the_loss(boundaries, found):
    assert kinds(of_losses(1000, 100, boundaries)) == found


def test_spans_are_few_below_fifty():
    assert kinds(of_losses(49, 0, 0)) == ["few"]
    assert kinds(of_losses(50, 0, 0)) == []
    assert kinds(of_losses(0, 0, 0)) == []


def test_who_keeps_the_others_apart_is_named():
    pairs = {("a", "b"): Pair(90, 100, 100), ("a", "c"): Pair(50, 100, 100)}
    pairs[("b", "c")] = Pair(50, 100, 100)
    (doubt,) = of_annotators(pairs)
    assert (doubt.kind, doubt.about) == ("apart", "c")
    assert doubt.measured == pytest.approx(0.9 - 1.9 / 3)
    assert not [*of_annotators({("a", "b"): Pair(10, 100, 100)})]
