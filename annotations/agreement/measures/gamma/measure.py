"""Gamma, gamma-cat and gamma-k of one article: 1 - observed / expected disorder."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.gamma.aligning import align
from annotations.agreement.measures.gamma.categories import disorders
from annotations.agreement.measures.gamma.chance import Sampler, sampling
from annotations.agreement.measures.gamma.units import Continuum, Dissimilarity, Unit
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import (
    NO_MATCH,
    NO_SPANS,
    NO_VARIATION,
    TOO_FEW_LAYERS,
    TOO_LARGE,
    Score,
    TooLarge,
)

Observers = Sequence[Sequence[Unit]]
GIVEN = "given"
CERTAINTY = 1.96  # standard errors to both sides of a mean for 95 in 100
MOST_SAMPLES = 20_000


@dataclass(frozen=True, slots=True)
class Chance:
    """How chance is drawn: at least `samples` continua, and as many more as bring the expected
    disorder within `precision` (0.01 is one per cent, at 95 %) as 2015, section 5.3; from `seed`;
    in at most `seconds` of the processor
    for an article."""

    sampler: Sampler = "shuffle"
    samples: int = 30
    precision: float | None = None
    seed: int = 1
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma(Score):
    """A figure of the family with what it was computed from; `n` counts the units.

    `weight` is the mean number of units of an annotator, by which disorders of articles are
    summed; `precision` the error of `expected`, relative, at 95 %.
    """

    observed: float | None = None
    expected: float | None = None
    weight: float = 0.0
    sampler: str = GIVEN
    samples: int = 0
    seed: int | None = None
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class Gammas:
    """The three of one article; `by_label` holds gamma-k of every label there is."""

    gamma: Gamma
    cat: Gamma
    by_label: Mapping[str, Gamma]

    def k(self, label: str) -> Gamma:
        """Return gamma-k of this label; undefined where nobody used it."""
        return self.by_label.get(label) or Gamma(value=None, n=0, undefined=NO_SPANS)


def gammas(
    observers: Observers, unlike: Dissimilarity | None = None, chance: Chance | None = None
) -> Gammas:
    """Return gamma, gamma-cat and gamma-k. The same seed gives the same figures.

    Undefined with fewer than two annotators, without units, and when the time is up or there are
    too many alignments to search ("not computed: too large": nothing is estimated then).
    """
    unlike, chance = unlike or Dissimilarity(), chance or Chance()
    continuum = Continuum.of(observers)
    if reason := _obstacle(continuum):
        return _undefined(continuum, reason)
    until = time.process_time() + chance.seconds
    draw = sampling(continuum, chance.sampler, np.random.default_rng(chance.seed))
    try:
        observed = _measured(continuum, unlike, until)
        expected = _enough(lambda: _measured(_drawn(draw), unlike, until), chance)
    except TooLarge:
        return _undefined(continuum, TOO_LARGE)
    return _gammas(continuum, observed, expected, sampler=chance.sampler, seed=chance.seed)


def gammas_given(
    observers: Observers, samples: Sequence[Observers], unlike: Dissimilarity | None = None
) -> Gammas:
    """Return the same with chance continua that were drawn elsewhere."""
    unlike = unlike or Dissimilarity()
    continuum = Continuum.of(observers)
    if reason := _obstacle(continuum):
        return _undefined(continuum, reason)
    try:
        observed = _measured(continuum, unlike)
        rows = [_by_name(each, continuum, unlike) for each in samples]
    except TooLarge:
        return _undefined(continuum, TOO_LARGE)
    expected = np.array(rows).reshape(len(rows), len(observed))
    return _gammas(continuum, observed, expected, sampler=GIVEN, seed=None)


def disorder(observers: Observers, unlike: Dissimilarity | None = None) -> Score:
    """Return the disorder of the best alignment: 0 for equal annotators, unbounded above."""
    continuum = Continuum.of(observers)
    if reason := _obstacle(continuum):
        return Score(None, len(continuum), reason)
    try:
        return Score(align(continuum, unlike or Dissimilarity()).disorder, len(continuum))
    except TooLarge:
        return Score(None, len(continuum), TOO_LARGE)


def over_articles(figures: Iterable[Gamma]) -> Score:
    """Return the figure of many articles: one minus the sum of their observed disorders over that
    of the expected ones, each by its weight; undefined articles are left out."""
    known = [each for each in figures if each.value is not None and each.expected is not None]
    observed = sum(each.weight * (each.observed or 0.0) for each in known)
    expected = sum(each.weight * (each.expected or 0.0) for each in known)
    return Score.of(float(1 - ratio(observed, expected)), sum(each.n for each in known), NO_SPANS)


def _obstacle(continuum: Continuum) -> str | None:
    if len(continuum.sides) < 2:
        return TOO_FEW_LAYERS
    return None if len(continuum) else NO_SPANS


def _drawn(draw: Callable[[], Continuum]) -> Continuum:
    """Return a random continuum with a unit; where an annotator has none, they may all be empty."""
    while not len(continuum := draw()):
        pass
    return continuum


def _measured(continuum: Continuum, unlike: Dissimilarity, until: float = float("inf")) -> Floats:
    """Return the disorder of the best alignment, then the categorical ones of it."""
    if time.process_time() > until:
        raise TooLarge
    found = align(continuum, unlike, until)
    return np.append(found.disorder, disorders(continuum, found, unlike))


def _by_name(observers: Observers, like: Continuum, unlike: Dissimilarity) -> Floats:
    """Return the disorders of a continuum, those of its categories where `like` has them."""
    continuum = Continuum.of(observers)
    found = _measured(continuum, unlike)
    named = dict(zip(continuum.categories, found[2:], strict=True))
    return np.array([*found[:2], *(named.get(each, np.nan) for each in like.categories)])


def _enough(sample: Callable[[], Floats], chance: Chance) -> Floats:
    """Return the disorders of as many samples as are needed, one row each."""
    rows = [sample() for _ in range(max(chance.samples, 1))]
    if chance.precision:
        wanted = min(_needed(np.array(rows)[:, 0], chance.precision), MOST_SAMPLES)
        rows += [sample() for _ in range(wanted - len(rows))]
    return np.array(rows)


def _needed(disorders: Floats, precision: float) -> int:
    mean = disorders.mean()
    return int(np.ceil((disorders.std() / mean * CERTAINTY / precision) ** 2)) if mean else 0


def _gammas(
    continuum: Continuum, observed: Floats, expected: Floats, *, sampler: str, seed: int | None
) -> Gammas:
    def figure(at: int) -> Gamma:
        drawn = expected[:, at][~np.isnan(expected[:, at])]
        value, reason = _against(float(observed[at]), drawn)
        mean = float(drawn.mean()) if len(drawn) else None
        return Gamma(
            value=value,
            n=len(continuum),
            undefined=reason,
            observed=None if np.isnan(observed[at]) else float(observed[at]),
            expected=mean,
            weight=continuum.mean_units,
            sampler=sampler,
            samples=len(expected),
            seed=seed,
            precision=CERTAINTY * float(drawn.std()) / mean / len(drawn) ** 0.5 if mean else None,
        )

    first, cat, *others = (figure(at) for at in range(len(observed)))
    return Gammas(first, cat, dict(zip(continuum.categories, others, strict=True)))


def _against(observed: float, drawn: Floats) -> tuple[float | None, str | None]:
    """Return the figure, or why there is none."""
    if np.isnan(observed):
        return None, NO_MATCH
    if not len(drawn) or not drawn.mean() > 0:
        return None, NO_VARIATION
    return float(1 - observed / drawn.mean()), None


def _undefined(continuum: Continuum, reason: str) -> Gammas:
    def nothing() -> Gamma:
        return Gamma(value=None, n=len(continuum), undefined=reason)

    return Gammas(nothing(), nothing(), {label: nothing() for label in continuum.categories})
