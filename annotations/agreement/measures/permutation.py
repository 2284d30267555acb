"""Is the difference of two figures more than chance? Tests that exchange whole articles.

Both give p = (1 + replicates whose difference is as large) / (1 + replicates), two-sided (Davison
and Hinkley 1997, "Bootstrap Methods and their Application", section 4.3), which is never 0. As
for intervals, articles are exchanged, not spans: spans of one article are not independent. A
figure is a function of summed counts, here (replicate x column) -> one value per replicate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.scores import NO_SPANS, TOO_FEW_UNITS

AT_A_TIME = 2_000_000  # articles times replicates that are exchanged at once, bounds the memory

Figure = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Difference:
    """`value` is the second figure less the first; `p` how often chance makes as much."""

    value: float | None
    p: float | None
    replicates: int
    seed: int
    undefined: str | None = None


def between_groups(
    first: Floats, second: Floats, figure: Figure, *, replicates: int = 1000, seed: int = 1
) -> Difference:
    """Return the difference of two groups of different articles (two weeks, two outlets), each a
    table with a row of counts per article; articles change their group.

    Undefined when a group has no articles, or either figure is undefined.
    """
    rows = np.concatenate((first, second))
    total = rows.sum(axis=0)
    ones = len(first)

    def sums(random: np.random.Generator, size: int) -> tuple[Floats, Floats]:
        order = np.argpartition(random.random((size, len(rows))), ones - 1, axis=1)[:, :ones]
        chosen = np.zeros((size, len(rows)))
        np.put_along_axis(chosen, order, 1.0, axis=1)
        inside = chosen @ rows
        return inside, total - inside

    if not ones or not len(second):
        return Difference(None, None, replicates, seed, TOO_FEW_UNITS)
    real = first.sum(axis=0), second.sum(axis=0)
    return _difference(real, sums, figure, len(rows), replicates, seed)


def between_passes(
    first: Floats, second: Floats, figure: Figure, *, replicates: int = 1000, seed: int = 1
) -> Difference:
    """Return the difference of two figures over the same articles (two pairs of annotators, before
    and after a guideline), row by row the same article; the two rows of an article change places.

    Undefined without articles, or when either figure is undefined. Raises ValueError for tables of
    different articles.
    """
    if first.shape != second.shape:
        raise ValueError("the two tables must be of the same articles")
    apart = second - first
    one, other = first.sum(axis=0), second.sum(axis=0)

    def sums(random: np.random.Generator, size: int) -> tuple[Floats, Floats]:
        moved = random.integers(2, size=(size, len(apart))).astype(np.float64) @ apart
        return one + moved, other - moved

    if not len(first):
        return Difference(None, None, replicates, seed, TOO_FEW_UNITS)
    return _difference((one, other), sums, figure, len(first), replicates, seed)


def _difference(
    real: tuple[Floats, Floats],
    sums: Callable[[np.random.Generator, int], tuple[Floats, Floats]],
    figure: Figure,
    articles: int,
    replicates: int,
    seed: int,
) -> Difference:
    value = float(figure(real[1][None])[0] - figure(real[0][None])[0])
    if np.isnan(value):
        return Difference(None, None, replicates, seed, NO_SPANS)
    random = np.random.default_rng(seed)
    as_large = 0
    for size in _portions(articles, replicates):
        one, other = sums(random, size)
        apart = np.nan_to_num(figure(other) - figure(one))
        as_large += int((np.abs(apart) >= abs(value) - 1e-12).sum())
    return Difference(value, (1 + as_large) / (1 + replicates), replicates, seed)


def _portions(articles: int, replicates: int) -> Iterator[int]:
    step = max(AT_A_TIME // articles, 1)
    return (min(step, replicates - done) for done in range(0, replicates, step))
