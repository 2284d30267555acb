"""Figures with their values in every resample, before they have an interval: spans and characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotations.agreement.measures import scores
from annotations.agreement.measures.bootstrap import Resampling
from annotations.agreement.measures.fscore import f1, mean_and_spread
from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.questions import Figure, Questions
from annotations.agreement.measures.summing import Sums
from annotations.agreement.measures.tally import EVERY, VARIANTS, Key
from annotations.agreement.measures.unitizing import u_alpha_of_sums

MEANS = ("span_f1", "cohen_kappa")
"""Measures that over all pairs are the mean of the pairs'."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure still without its value, that value in every draw, and why it may have none."""

    of: Figure
    draws: Floats
    otherwise: str

    @property
    def is_mean(self) -> bool:
        return self.of.measure in MEANS

    @property
    def question(self) -> Figure:
        """What the figure is of, the same for every pair."""
        of = self.of
        return Figure(
            measure=of.measure,
            variant=of.variant,
            label=of.label,
            attribute=of.attribute,
            matched=of.matched,
        )

    def mean_of(self, draws: Sequence[Floats]) -> "Estimate":
        """Return the mean over the pairs' values, beside the n of them all; without any, this."""
        if not draws:
            return self
        mean, spread = mean_and_spread(np.stack(draws))
        sd = None if np.isnan(spread[0]) else float(spread[0])
        return replace(self, draws=mean, of=replace(self.of, sd=sd))

    def figure(self, resampling: Resampling, level: float) -> Figure:
        """Return the figure. One article alone has no interval: it cannot vary by article."""
        value = float(self.draws[0])
        if np.isnan(value):
            return replace(self.of, undefined=self.otherwise, sd=None)
        interval = resampling.interval(self.draws, level) if self.of.articles > 1 else None
        return replace(self.of, value=value, interval=interval)


def span_f1s(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield F1 of spans, of all labels and of each."""
    for label, labels in each_label(ask):
        for variant in VARIANTS:
            matched = sums.of(*((each, "matched", variant) for each in labels))
            of = over(sums, labels, measure="span_f1", variant=variant, label=label)
            yield Estimate(of, f1(matched, sums.of(*placed(labels))), scores.NO_SPANS)


def u_alphas(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield u-alpha: binary over all labels, and of each. `sums` count every layer once."""
    for label, labels in each_label(ask):
        key, variant = (EVERY, "binary") if label is None else (label, "nominal")
        parts = (sums.of((key, name)) for name in ("marked", "squares", "differing"))
        of = over(sums, labels, measure="u_alpha", variant=variant, label=label)
        draws = u_alpha_of_sums(2 * sums.of(("length",)), *parts)
        yield Estimate(of, draws, scores.NO_GAP if of.n else scores.NO_SPANS)


def each_label(ask: Questions) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Yield None with all labels, then each label with itself."""
    yield None, ask.labels
    yield from ((label, (label,)) for label in ask.labels)


def over(
    sums: Sums,
    labels: Sequence[str],
    *,
    measure: str,
    variant: str,
    label: str | None,
    attribute: str | None = None,
) -> Figure:
    """Return the figure to be, over the spans of these labels in both layers."""
    keys = placed(labels)
    n, articles = round(sums.of(*keys)[0]), sums.articles(*keys)
    return Figure(
        measure=measure, variant=variant, label=label, attribute=attribute, n=n, articles=articles
    )


def placed(labels: Sequence[str]) -> list[Key]:
    """Return the keys of the spans of these labels in both layers."""
    return [(label, side) for label in labels for side in ("first", "second")]
