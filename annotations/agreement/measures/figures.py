"""All figures of a campaign from the tallies of its articles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotations.agreement.measures import links, scores, values
from annotations.agreement.measures.estimates import Estimate, span_f1s, u_alphas
from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.questions import Figure, Questions
from annotations.agreement.measures.study import Row, Study
from annotations.agreement.measures.summing import Sums


def figures(rows: Iterable[Row], ask: Questions) -> list[Figure]:
    """Return every figure asked for, of rows: see `figures_of`."""
    jackknife = ask.interval == "bca"
    study = Study.of(rows, replicates=ask.replicates, seed=ask.seed, jackknife=jackknife)
    return figures_of(study, ask)


def figures_of(study: Study, ask: Questions) -> list[Figure]:
    """Return every figure asked for: over all pairs first, then pair by pair.

    Span F1 over all pairs is the mean of the pairs' (each summed over its articles), and Cohen's
    kappa, too (Light 1971); the others are computed from the sums of all pairs. A pair of one name (two passes of one person) has
    figures of its own and is in no other. The same rows and questions give the same figures.
    """
    found = [each.figure(study.resampling, ask.level) for each in estimates_of(study, ask)]
    if not any(one != other for one, other in study.pairs()):
        found = [
            one if one.pair else replace(one, undefined=scores.TOO_FEW_LAYERS) for one in found
        ]
    return found


def estimates_of(study: Study, ask: Questions) -> list[Estimate]:
    """Return the same with their values in every draw, in the same order."""
    each: list[Estimate] = []
    means: dict[Figure, list[Floats]] = defaultdict(list)
    estimates: list[Estimate] = []
    for pair, sums in study.between.items():
        estimates = [*_estimates(sums, sums, ask)]
        for estimate in estimates:
            each.append(replace(estimate, of=replace(estimate.of, pair=pair)))
            if estimate.is_mean and pair[0] != pair[1]:
                means[estimate.question].append(estimate.draws)
    if not study.is_of_one_pair:
        estimates = [*_estimates(study.pooled, study.shared, ask)]
    found = [
        estimate.mean_of(means[estimate.question]) if estimate.is_mean else estimate
        for estimate in estimates
    ]
    return [*found, *each]


def _estimates(sums: Sums, shared: Sums, ask: Questions) -> Iterator[Estimate]:
    yield from span_f1s(sums, ask)
    yield from links.steps(sums, ask)
    yield from u_alphas(shared, ask)
    yield from values.coefficients(sums, ask)
    yield from links.relations(sums, ask)
    yield from links.targets(sums, ask)
    yield from links.entities(sums, ask)
