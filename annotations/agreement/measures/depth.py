"""The figures of a campaign that need all layers of an article at once: gamma, cu-alpha, (k)u-alpha.

Gamma of many articles is one minus the sum of their observed disorders over that of the expected
ones; the continua of all articles stand end to end in one (`unitizing`).
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from annotations.agreement.measures import scores
from annotations.agreement.measures.bootstrap import Resampling, Rows
from annotations.agreement.measures.estimates import Estimate
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.questions import Figure, Questions
from annotations.agreement.measures.summing import Summed, Sums
from annotations.agreement.measures.tally import Key
from annotations.agreement.measures.together import NOTHING, stretches_of
from annotations.agreement.measures.unitizing import (
    Unitized,
    cu_alpha_of,
    cu_alphas,
    k_alpha_of,
    k_alphas,
    u_alpha_of,
    u_alphas,
)


@dataclass(frozen=True, slots=True)
class Depth:
    """The sums of many articles, and in every resample of them. `precision` is the error of the
    expected disorder of all, relative, at 95 % (None without any); `samples` the random continua
    that were drawn; `fused` the segments that went into others."""

    figures: list[Figure]
    precision: float | None
    samples: int
    fused: int


def depth(articles: Iterable[Mapping[Key, float]], ask: Questions, *, sampler: str) -> Depth:
    """Return every figure of these articles (`together.Together.numbers`), in their order: the same
    articles and seed give the same intervals."""
    table = _Table.of(articles)
    numbers = np.arange(table.articles)
    resampling = Resampling.of(numbers, ask.replicates, ask.seed)
    sums = Sums.none(resampling.size)
    sums.add(Summed.of(table.rows, numbers, [*table.columns], resampling))
    estimates = [*_gammas(sums, ask, sampler), *_alphas(sums, ask)]
    figures = [each.figure(resampling, ask.level) for each in estimates]
    expected = sums.of(("gamma", "expected"))[0]
    errors = sums.of(("gamma", "errors"))[0]
    return Depth(
        figures,
        float(np.sqrt(errors) / expected) if expected > 0 else None,
        round(sums.of(("gamma", "samples"))[0]),
        round(sums.of(("fused",))[0]),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    columns: dict[Key, int]
    rows: Rows
    articles: int

    @classmethod
    def of(cls, articles: Iterable[Mapping[Key, float]]) -> Self:
        columns: dict[Key, int] = {}
        at, column, value = array("i"), array("i"), array("d")
        number = -1
        for number, numbers in enumerate(articles):
            for key, each in numbers.items():
                at.append(number)
                column.append(columns.setdefault(key, len(columns)))
                value.append(each)
        where, what = (np.array(each, dtype=np.int32) for each in (at, column))
        rows = Rows.of(where, what, np.array(value, dtype=np.float64), len(columns))
        return cls(columns, rows, number + 1)


def _gammas(sums: Sums, ask: Questions, sampler: str) -> Iterator[Estimate]:
    yield _gamma(sums, ("gamma",), sampler, None)
    yield _gamma(sums, ("gamma_cat",), sampler, None)
    for label in ask.labels:
        yield _gamma(sums, ("gamma_k", label), sampler, label)


def _gamma(sums: Sums, key: Key, sampler: str, label: str | None) -> Estimate:
    observed, expected, units = (
        sums.of((*key, name)) for name in ("observed", "expected", "units")
    )
    of = Figure(
        measure=key[0],
        variant=sampler,
        label=label,
        n=round(units[0]),
        articles=sums.articles((*key, "expected")),
    )
    return Estimate(of, 1 - ratio(observed, expected), scores.NO_SPANS)


def _alphas(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    kinds, whole = (NOTHING, *ask.labels), stretches_of(_of_sample(sums), ask.labels)
    cells = [[_of(sums, "cell", one, other) for other in kinds] for one in kinds]
    table = np.moveaxis(np.array(cells), 2, 0)
    squares, shared = (
        np.array([_of(sums, name, label) for label in ask.labels]).T
        for name in ("squares", "shared")
    )
    for measure, draws, score in (
        ("u_alpha", u_alphas(table, squares), u_alpha_of(whole)),
        ("cu_alpha", cu_alphas(table, shared), cu_alpha_of(whole)),
    ):
        yield _alpha(sums, draws, score, measure, None, ask.labels)
    for at, label in enumerate(ask.labels):
        draws = k_alphas(table, shared, at)
        yield _alpha(sums, draws, k_alpha_of(whole, label), "ku_alpha", label, [label])


def _of(sums: Sums, *key: str) -> Floats:
    return sums.of(key)


def _of_sample(sums: Sums) -> dict[Key, float]:
    row = sums.values[0].tolist()
    return {key: row[at] for key, at in sums.columns.items()}


def _alpha(
    sums: Sums,
    draws: Floats,
    score: Unitized,
    measure: str,
    label: str | None,
    labels: Sequence[str],
) -> Estimate:
    """`score` is the figure of the sample, which knows why there is none."""
    of = Figure(
        measure=measure,
        variant="nominal",
        label=label,
        n=score.n,
        articles=sums.articles(*(("segments", each) for each in labels)),
    )
    return Estimate(of, draws, score.undefined or scores.NO_SPANS)
