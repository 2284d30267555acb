"""Whether a difference is more than chance: against every dealing there is, and what holds of any."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures import permutation
from annotations.agreement.measures.fscore import f1
from annotations.agreement.measures.permutation import Parted, between
from annotations.agreement.measures.scores import NO_SPANS, TOO_FEW_ARTICLES

entries = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=20,
)


def figure(sums):
    return f1(sums[..., 0], sums[..., 1])


def parted(entries):
    article, part, matched, more = (np.array(each) for each in zip(*entries, strict=True))
    rows = np.stack([matched, 2 * matched + more], axis=1).astype(np.float64)
    return Parted.of(article, part, rows)


def articles(matched, number, *, part=0, first=0):
    return [(first + at, part, matched, 20 - 2 * matched) for at in range(number)]


def plainly(some, part):
    """How often the difference of a part is as large, of all dealings that there are."""

    def apart(parts):
        sums = [
            sum(
                np.array([0.0, 0.0]) + row
                for row, its in zip(some.rows, parts, strict=True)
                if its in which
            )
            for which in ({part}, set(some.part.tolist()) - {part})
        ]
        return figure(sums[0]) - figure(sums[1])

    by_article = {each: np.flatnonzero(some.article == each) for each in some.article.tolist()}
    alone = [places[0] for places in by_article.values() if len(places) == 1]
    shared = [places for places in by_article.values() if len(places) > 1]
    rounds = [[np.roll(some.part[places], at) for at in range(len(places))] for places in shared]
    real = apart(some.part.tolist())
    found = []
    for dealt in sorted(set(permutations(some.part[alone].tolist()))):
        for turned in product(*rounds):
            parts = some.part.copy()
            parts[alone] = dealt
            for places, its in zip(shared, turned, strict=True):
                parts[places] = its
            found.append(abs(apart(parts.tolist())) >= abs(real) - 1e-9)
    return np.mean(found)


MIXED = [
    *[(0, 0, 4, 1), (1, 0, 4, 0), (2, 0, 3, 2), (3, 1, 1, 3), (4, 2, 2, 3), (5, 2, 1, 2)],
    *[(6, 0, 4, 1), (6, 1, 2, 3), (7, 0, 4, 0), (7, 1, 4, 1), (7, 2, 3, 1)],
]


@pytest.mark.parametrize("cells", [0, 10**9])
def test_p_is_that_of_all_dealings(cells, monkeypatch):
    monkeypatch.setattr(permutation, "_CELLS", cells)
    some = parted(MIXED)
    found = between(some, figure, parts=3, replicates=4000)
    for part, each in enumerate(found):
        assert each.p == pytest.approx(plainly(some, part), abs=0.03)


@given(entries, st.permutations(range(8)), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_neither_order_nor_numbers_of_articles_matter(some, numbers, random):
    other = [(numbers[article], *rest) for article, *rest in some]
    random.shuffle(other)
    one, again = (between(parted(each), figure, parts=3, replicates=20) for each in (some, other))
    assert one == again


def test_articles_of_several_parts_stand_in_an_order_of_their_own():
    some = [
        (article, part, (3 * article + part) % 5, article % 3)
        for article in range(6)
        for part in (article % 2, 2)
    ]
    other = [(7 * article % 11, *rest) for article, *rest in some]
    one, again = (between(parted(each), figure, parts=3, replicates=200) for each in (some, other))
    assert one == again


@given(entries)
@settings(max_examples=50)
def test_it_is_undefined_or_has_a_share(some):
    for each in between(parted(some), figure, parts=3, replicates=20):
        assert (each.value is None) == (each.undefined is not None)
        if each.value is not None:
            assert 0 < each.p <= each.of_any <= 1


def test_parts_that_differ_are_told_from_parts_that_do_not():
    apart = [*articles(9, 15), *articles(3, 15, part=1, first=15)]
    first, second = between(parted(apart), figure, parts=2)
    assert (first.value, second.value) == (pytest.approx(0.6), pytest.approx(-0.6))
    # of two parts each is the rest of the other: it is one difference
    assert 0 < first.p == first.of_any == second.of_any < 0.01
    assert first.is_more_than_chance
    (alike, _) = between(
        parted([*articles(6, 15), *articles(6, 15, part=1, first=15)]), figure, parts=2
    )
    assert (alike.value, alike.p, alike.of_any) == (0, 1, 1)


def test_passes_over_the_same_articles_are_compared_article_by_article():
    both = [*articles(7, 12), *articles(6, 12, part=1)]
    (found, _) = between(parted(both), figure, parts=2, replicates=2000)
    assert found.value == pytest.approx(0.1)
    assert found.p == pytest.approx(2 / 2**12, abs=2e-3)


def test_of_many_parts_one_looks_unlike_by_chance():
    random = np.random.default_rng(5)
    number, parts = 400, 20
    matched = random.integers(0, 10, number)
    rows = np.stack([matched, np.full(number, 20)], axis=1).astype(np.float64)
    found = between(
        Parted.of(np.arange(number), np.arange(number) % parts, rows), figure, parts=parts
    )
    assert min(each.p for each in found) < 0.05 < min(each.of_any for each in found)


def test_parts_that_are_not_tested_are_of_the_rest():
    some = parted(MIXED)
    every, two = (between(some, figure, parts=3, tested=tested) for tested in (None, 2))
    assert [each.value for each in two] == [each.value for each in every[:2]]


def test_a_difference_that_cannot_be_told_says_why():
    def why(some, parts=2):
        return [each.undefined for each in between(parted(some), figure, parts=parts)]

    nothing = [(at, 0, 0, 0) for at in range(5)]
    assert why([*nothing, *articles(6, 5, part=1, first=5)]) == [NO_SPANS] * 2
    assert why(articles(6, 5)) == [TOO_FEW_ARTICLES] * 2
    # of three and three articles, one dealing in twenty is the one that is there
    assert why([*articles(9, 2), *articles(3, 3, part=1, first=2)]) == [TOO_FEW_ARTICLES] * 2
    assert why([*articles(9, 3), *articles(3, 3, part=1, first=3)]) == [None] * 2
    # four articles in both parts have sixteen dealings, five thirty-two
    assert why([*articles(9, 4), *articles(3, 4, part=1)]) == [TOO_FEW_ARTICLES] * 2
    assert why([*articles(9, 5), *articles(3, 5, part=1)]) == [None] * 2
    assert (
        between(Parted.of(*[np.zeros(0, dtype=np.int64)] * 2, np.zeros((0, 2))), figure, parts=0)
        == []
    )
