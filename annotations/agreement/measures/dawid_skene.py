"""Dawid and Skene's model: how reliable each annotator is, class by class, without a gold answer.

Dawid and Skene 1979, "Maximum likelihood estimation of observer error-rates using the EM
algorithm", Applied Statistics 28, 20-28, equations 2.3-2.5, started from the share of each class
among an item's readings. Show it with enough items only: it is never a ranking on a handful. Not
additive: every figure depends on all items.
"""

from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints, ratio
from annotations.agreement.measures.scores import TOO_FEW_ANNOTATORS, TOO_FEW_UNITS

LEAST_ITEMS = 50  # read by two annotators or more
LEAST_READINGS = 20  # of an annotator, for a row of their own
LEAST_ANNOTATORS = 3  # with two, agreement cannot tell which of them errs
STEPS, STILL = 2000, 1e-9
NEVER = 1e-300  # keeps the logarithm of what was never seen finite


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """The model, or why there is none: then every array is empty.

    `marginals` has the share of each class; `errors[observer, true, said]` how often an observer
    says one class where another is true (NaN for a class that is never true, and for observers
    with too few readings); `posterior[item, class]` how sure each item is, NaN if nobody read it.
    """

    marginals: Floats
    errors: Floats
    posterior: Floats
    log_likelihood: float
    items: int
    undefined: str | None = None


def dawid_skene(
    readings: Ints,
    *,
    times: Ints | None = None,
    least_items: int = LEAST_ITEMS,
    least_readings: int = LEAST_READINGS,
    least_annotators: int = LEAST_ANNOTATORS,
) -> DawidSkene:
    """Return the model of `readings[item, observer, class]`: how often each observer gave each
    class to each item (0 or 1, or more where an observer read it again); `times`, how many items each
    row stands for (default: one).

    Refuses fewer items read by two, and fewer annotators, than the least.
    """
    read, weight = readings.sum(axis=(1, 2)) > 0, weights(readings, times)
    items = read_by_two(readings, weight)
    if reason := obstacle(readings, items, least_items, least_annotators):
        nothing = np.zeros(0)
        return DawidSkene(nothing, nothing, nothing, np.nan, items, reason)
    counts, weight = readings[read].astype(np.float64), weight[read]
    belief = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    before = -np.inf
    for _ in range(STEPS):
        marginals, errors = _maximised(counts, belief, weight)
        belief, likelihood = _expected(counts, marginals, errors, weight)
        if likelihood - before < STILL:
            break
        before = likelihood
    said = np.einsum("i,iol->o", weight, counts)
    errors[said < least_readings] = np.nan
    posterior = np.full((len(readings), readings.shape[2]), np.nan)
    posterior[read] = belief
    marginals = weight @ belief / weight.sum()
    return DawidSkene(marginals, errors, posterior, likelihood, items)


def weights(readings: Ints, times: Ints | None) -> Floats:
    """Return how many items each row of `readings` stands for."""
    return np.ones(len(readings)) if times is None else times.astype(np.float64)


def read_by_two(readings: Ints, weight: Floats) -> int:
    """Return how many items two observers or more have read."""
    return int(weight[(readings.sum(axis=2) > 0).sum(axis=1) > 1].sum())


def obstacle(readings: Ints, items: int, least_items: int, least_annotators: int) -> str | None:
    """Return why so few readings are no ground for a model of annotators; None if they are."""
    if int((readings.sum(axis=(0, 2)) > 0).sum()) < least_annotators:
        return TOO_FEW_ANNOTATORS
    return TOO_FEW_UNITS if items < max(least_items, 1) else None


def _maximised(counts: Floats, belief: Floats, weight: Floats) -> tuple[Floats, Floats]:
    weighed = belief * weight[:, None]
    said = np.einsum("it,iol->otl", weighed, counts)
    return weighed.sum(axis=0) / weight.sum(), ratio(said, said.sum(axis=2, keepdims=True))


def _expected(
    counts: Floats, marginals: Floats, errors: Floats, times: Floats
) -> tuple[Floats, float]:
    known = np.log(np.maximum(np.nan_to_num(errors), NEVER))
    joint = np.einsum("iol,otl->it", counts, known) + np.log(np.maximum(marginals, NEVER))
    top = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - top)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, float(times @ (np.log(total) + top)[:, 0])
