"""MACE: who labels by looking, and who by guessing.

Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, "Learning whom to trust with MACE", NAACL-HLT,
section 2 (model) and 3 (EM with smoothing and restarts): an annotator gives the true label with
probability theta (the competence), and otherwise spams from a distribution of their own. Not
additive: every figure depends on all items.
"""

from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.dawid_skene import (
    LEAST_ANNOTATORS,
    LEAST_ITEMS,
    obstacle,
    read_by_two,
    weights,
)
from annotations.agreement.measures.numbers import Floats, Ints

RESTARTS, STEPS, SMOOTHING = 10, 50, 0.01


@dataclass(frozen=True, slots=True)
class Mace:
    """The model, or why there is none: then every array is empty.

    `competence` has one probability per observer, NaN for those without a reading;
    `posterior[item, class]` how sure each item is, NaN if nobody read it.
    """

    competence: Floats
    posterior: Floats
    log_likelihood: float
    items: int
    seed: int
    undefined: str | None = None


def mace(
    readings: Ints,
    *,
    times: Ints | None = None,
    seed: int = 1,
    least_items: int = LEAST_ITEMS,
    least_annotators: int = LEAST_ANNOTATORS,
) -> Mace:
    """Return the model of `readings[item, observer, class]` with its `times` (as `dawid_skene`); the
    best of some starts drawn from `seed`. Refuses too few items or annotators."""
    weight = weights(readings, times)
    items = read_by_two(readings, weight)
    if reason := obstacle(readings, items, least_items, least_annotators):
        nothing = np.zeros(0)
        return Mace(nothing, nothing, np.nan, items, seed, reason)
    read = readings.sum(axis=(1, 2)) > 0
    counts = readings[read].astype(np.float64)
    random = np.random.default_rng(seed)
    found = [_climbed(counts, weight[read], random) for _ in range(RESTARTS)]
    competence, belief, likelihood = max(found, key=lambda each: each[2])
    competence[counts.sum(axis=(0, 2)) == 0] = np.nan
    posterior = np.full((len(readings), readings.shape[2]), np.nan)
    posterior[read] = belief
    return Mace(competence, posterior, likelihood, items, seed)


def _climbed(
    counts: Floats, weight: Floats, random: np.random.Generator
) -> tuple[Floats, Floats, float]:
    """Return competence, beliefs and their likelihood after EM from a random start."""
    _, observers, classes = counts.shape
    honest: Floats = random.uniform(0.5, 1, size=(observers,))
    spam = random.dirichlet(np.ones(classes), observers)
    weighed = weight[:, None, None] * counts
    given = weighed.sum(axis=0)
    belief, likelihood = _believed(counts, honest, spam, weight)
    for _ in range(STEPS):
        looked = honest[:, None] / (honest[:, None] + (1 - honest[:, None]) * spam)
        honestly = np.einsum("iol,il,ol->o", weighed, belief, looked)
        spammed = given - np.einsum("iol,il,ol->ol", weighed, belief, looked)
        smoothing = SMOOTHING / classes
        honest = (honestly + smoothing) / (given.sum(axis=1) + 2 * smoothing)
        spam = (spammed + smoothing) / (spammed.sum(axis=1) + classes * smoothing)[:, None]
        belief, likelihood = _believed(counts, honest, spam, weight)
    return honest, belief, likelihood


def _believed(counts: Floats, honest: Floats, spam: Floats, times: Floats) -> tuple[Floats, float]:
    """Return the posterior of the true labels, all equally likely before."""
    classes = counts.shape[2]
    spammed = (1 - honest)[:, None] * spam
    known = np.log(spammed[:, None, :] + honest[:, None, None] * np.eye(classes))
    joint = np.einsum("iol,otl->it", counts, known) - np.log(classes)
    top = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - top)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, float(times @ (np.log(total) + top)[:, 0])
