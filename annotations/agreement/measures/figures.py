"""All figures of a campaign from the tallies of its articles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotations.agreement.measures import scores
from annotations.agreement.measures.alpha import Level, alpha_of
from annotations.agreement.measures.bootstrap import Interval, Method, Resampling
from annotations.agreement.measures.fscore import f1, mean_and_spread
from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.study import Names, Row, Study, Sums
from annotations.agreement.measures.tally import EVERY, MATCHINGS, VARIANTS, Key
from annotations.agreement.measures.unitizing import u_alpha_of_sums


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a label whose `values`, in their order, are compared at these levels."""

    label: str
    key: str
    values: tuple[str, ...]
    levels: tuple[Level, ...] = ("nominal",)


@dataclass(frozen=True, slots=True)
class Questions:
    """What to compute, and how sure to be: `replicates` resamples of the articles from `seed`,
    intervals by this method that hold the middle `level` of them."""

    labels: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    replicates: int = 1000
    seed: int = 1
    level: float = 0.95
    interval: Method = "percentile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the results: a figure over something, or why there is none.

    `label` None is all labels, `pair` None all pairs. `n` counts units: spans of both layers for
    span_f1, spans for u_alpha, compared pairs of spans for alpha; `articles` are those with any.
    `sd` is the population standard deviation over pairs; `coverage` the share of the spans that
    an alpha of values could look at; `matched` says which matching paired them.
    """

    measure: str
    variant: str
    label: str | None = None
    attribute: str | None = None
    matched: str | None = None
    pair: Names | None = None
    value: float | None = None
    interval: Interval | None = None
    n: int = 0
    articles: int = 0
    sd: float | None = None
    coverage: float | None = None
    undefined: str | None = None


def figures(rows: Iterable[Row], ask: Questions) -> list[Figure]:
    """Return every figure asked for, of rows: see `figures_of`."""
    jackknife = ask.interval == "bca"
    study = Study.of(rows, replicates=ask.replicates, seed=ask.seed, jackknife=jackknife)
    return figures_of(study, ask)


def figures_of(study: Study, ask: Questions) -> list[Figure]:
    """Return every figure asked for: over all pairs first, then pair by pair.

    Span F1 over all pairs is the mean of the pairs' (each summed over its articles); the others
    are computed from the sums of all pairs. A pair of one name (two passes of one person) has
    figures of its own and is in no other. The same rows and questions give the same figures.
    """
    each: list[Figure] = []
    f1_draws: dict[tuple[str | None, str], list[Floats]] = defaultdict(list)
    for pair, sums in study.between.items():
        for estimate in (*_f1s(sums, ask), *_u_alphas(sums, ask), *_alphas(sums, ask)):
            each.append(replace(estimate.figure(study.resampling, ask.level), pair=pair))
            if estimate.of.measure == "span_f1" and pair[0] != pair[1]:
                f1_draws[estimate.of.label, estimate.of.variant].append(estimate.draws)
    pooled = study.pooled
    means = (_mean(one, f1_draws[one.of.label, one.of.variant]) for one in _f1s(pooled, ask))
    overall = [*means, *_u_alphas(study.shared, ask), *_alphas(pooled, ask)]
    found = [one.figure(study.resampling, ask.level) for one in overall]
    if not any(one != other for one, other in study.pairs()):
        found = [replace(one, undefined=scores.TOO_FEW_LAYERS) for one in found]
    return [*found, *each]


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A figure still without its value, that value in every draw, and why it may have none."""

    of: Figure
    draws: Floats
    otherwise: str

    def figure(self, resampling: Resampling, level: float) -> Figure:
        """Return the figure. One article alone has no interval: it cannot vary by article."""
        value = float(self.draws[0])
        if np.isnan(value):
            return replace(self.of, undefined=self.otherwise, sd=None)
        interval = resampling.interval(self.draws, level) if self.of.articles > 1 else None
        return replace(self.of, value=value, interval=interval)


def _f1s(sums: Sums, ask: Questions) -> Iterator[_Estimate]:
    for label in (None, *ask.labels):
        labels = ask.labels if label is None else (label,)
        for variant in VARIANTS:
            matched = sums.of(*((each, "matched", variant) for each in labels))
            of = _over(sums, labels, measure="span_f1", variant=variant, label=label)
            yield _Estimate(of, f1(matched, sums.of(*_placed(labels))), scores.NO_SPANS)


def _mean(pooled: _Estimate, draws: list[Floats]) -> _Estimate:
    """Return the mean over the pairs, beside the n of them all; the spread needs no second pair."""
    if not draws:
        return pooled
    mean, spread = mean_and_spread(np.stack(draws))
    return replace(pooled, draws=mean, of=replace(pooled.of, sd=float(spread[0])))


def _u_alphas(sums: Sums, ask: Questions) -> Iterator[_Estimate]:
    for label in (None, *ask.labels):
        labels = ask.labels if label is None else (label,)
        key, variant = (EVERY, "binary") if label is None else (label, "nominal")
        parts = (sums.of((key, name)) for name in ("marked", "squares", "differing"))
        of = _over(sums, labels, measure="u_alpha", variant=variant, label=label)
        draws = u_alpha_of_sums(2 * sums.of(("length",)), *parts)
        yield _Estimate(of, draws, scores.NO_GAP if of.n else scores.NO_SPANS)


def _alphas(sums: Sums, ask: Questions) -> Iterator[_Estimate]:
    for attribute in ask.attributes:
        for matched in MATCHINGS:
            for level in attribute.levels:
                yield _alpha(sums, attribute, matched, level)


def _alpha(sums: Sums, attribute: Attribute, matched: str, level: Level) -> _Estimate:
    keys = _cells(attribute, matched)
    table = _coincidences(sums, keys, len(attribute.values))
    compared = round(sums.of(*keys)[0])
    placed = sums.of(*_placed((attribute.label,)))[0]
    of = Figure(
        measure="alpha",
        variant=level,
        label=attribute.label,
        attribute=attribute.key,
        matched=matched,
        n=compared,
        articles=sums.articles(*keys),
        coverage=float(2 * compared / placed) if placed else None,
    )
    otherwise = scores.NO_VARIATION if compared else scores.NO_MATCH
    return _Estimate(of, alpha_of(table, level), otherwise)


def _cells(attribute: Attribute, matched: str) -> list[Key]:
    return [
        (attribute.label, "value", attribute.key, matched, one, other)
        for one in attribute.values
        for other in attribute.values
    ]


def _coincidences(sums: Sums, keys: Sequence[Key], size: int) -> Floats:
    """Return the coincidences per draw: a matched pair is a unit with two values."""
    cells = np.stack([sums.of(key) for key in keys], axis=-1)
    table = cells.reshape(-1, size, size)
    return table + table.transpose(0, 2, 1)


def _over(
    sums: Sums, labels: Sequence[str], *, measure: str, variant: str, label: str | None
) -> Figure:
    keys = _placed(labels)
    n, articles = round(sums.of(*keys)[0]), sums.articles(*keys)
    return Figure(measure=measure, variant=variant, label=label, n=n, articles=articles)


def _placed(labels: Sequence[str]) -> list[Key]:
    return [(label, side) for label in labels for side in ("first", "second")]
