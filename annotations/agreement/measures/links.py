"""Agreement on what spans are linked to, and the steps at which agreement is lost."""

from collections.abc import Iterator

import numpy as np

from annotations.agreement.measures import scores
from annotations.agreement.measures.estimates import Estimate, each_label, over, placed
from annotations.agreement.measures.fscore import f1
from annotations.agreement.measures.funnel import STEPS
from annotations.agreement.measures.numbers import ratio
from annotations.agreement.measures.questions import Figure, Questions
from annotations.agreement.measures.summing import Sums
from annotations.agreement.measures.tally import MATCHINGS, Key


def steps(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield the steps of the funnel, of all labels and of each: the F1 that is left after it. The
    last one is strict F1; the lost share of a step is its part of 1 - that."""
    for label, labels in each_label(ask):
        spans = sums.of(*placed(labels))
        left = sums.of(*(("#funnel", each, "found") for each in labels))
        for step, detail in _steps_of(ask, labels):
            if step != "found":
                left = left - sums.of(*(("#funnel", each, "lost", step, detail) for each in labels))
            of = over(
                sums,
                labels,
                measure="funnel",
                variant=step,
                label=label,
                attribute=detail or None,
            )
            yield Estimate(of, ratio(left, spans), scores.NO_SPANS)


def relations(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield F1 of the relations of each kind, with both ends matched."""
    for kind in (each.key for each in ask.relations):
        sides: list[Key] = [("#relation", kind, side) for side in ("first", "second")]
        there = sums.of(*sides)
        for variant in MATCHINGS:
            of = Figure(
                measure="relation_f1",
                variant=variant,
                attribute=kind,
                matched=variant,
                n=round(there[0]),
                articles=sums.articles(*sides),
            )
            matched = sums.of(("#relation", kind, "matched", variant))
            yield Estimate(of, f1(matched, there), scores.NO_RELATIONS)


def targets(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield how often both named the same speaker (holder, target), of the matched spans for which
    both named one."""
    for kind in (each.key for each in ask.relations):
        for variant in MATCHINGS:
            yield _accuracy(sums, "target_accuracy", variant, ("#source", kind), None, kind)


def entities(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield how often both linked the same entity, of the matched spans that both linked."""
    for label in ask.entities:
        for variant in MATCHINGS:
            yield _accuracy(sums, "entity_accuracy", variant, ("#linked", label), label, None)


def _accuracy(
    sums: Sums, measure: str, variant: str, key: Key, label: str | None, kind: str | None
) -> Estimate:
    same, different, one, other = (
        sums.of((*key, variant, outcome)) for outcome in ("same", "different", "first", "second")
    )
    both = same + different
    either = both + one + other
    of = Figure(
        measure=measure,
        variant=variant,
        label=label,
        attribute=kind,
        matched=variant,
        n=round(both[0]),
        articles=sums.articles((*key, variant, "same"), (*key, variant, "different")),
        coverage=float(both[0] / either[0]) if either[0] else None,
    )
    return Estimate(of, np.asarray(ratio(same, both)), scores.NO_BOTH)


def _steps_of(ask: Questions, labels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for step in STEPS:
        if step == "value":
            found = (each.key for each in ask.attributes if each.label in labels)
            yield from ((step, key) for key in dict.fromkeys(found))
        elif step == "relation":
            yield from ((step, kind.key) for kind in ask.relations if {*kind.labels} & {*labels})
        elif step != "entity" or {*labels} & {*ask.entities}:
            yield step, ""
