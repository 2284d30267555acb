"""A run in depth: the figures that need all layers of an article at once, or all articles."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.agreement import clusters, results
from annotations.agreement.aligning import count_all
from annotations.agreement.layers import Compared
from annotations.agreement.measures.depth import depth
from annotations.agreement.measures.questions import Figure
from annotations.agreement.measures.scores import NO_SPANS
from annotations.agreement.measures.tally import Key
from annotations.agreement.measures.together import CU_ALPHA, GAMMA, READINGS
from annotations.agreement.measures.trust import Heard, Trust, tasks, trusts
from annotations.agreement.models import AgreementArticle, AgreementRun
from annotations.agreement.services import Report, questions
from annotations.agreement.together import CHANCE, CHANGED, articles, found
from annotations.schema.services import spec_of

MEASURES = {"gamma": "2015/1", "unitizing": "2016/1", "b_cubed": "1", "trust": "1"}

LeftOut = dict[str, dict[str, list[int]]]
"""By measure and reason, the keys of the articles."""


def deepen(run: AgreementRun, report: Report, *, helped_for: UUID | None = None) -> None:
    """A finished run has its figures in depth, with how they were computed and what was left out.

    Articles that did not change since they were counted are not counted again; other workers help to
    count the others as long as the job `helped_for` lives. A run that has its figures is left as it is.
    """
    if run.depth:
        return
    spec = spec_of(run.campaign.schema_id)
    compared, ask = Compared.of(spec), questions(spec, run.parameters)
    every = articles(run)
    doing = _("Aligning all layers, article by article")
    count_all(
        run,
        every,
        compared,
        lambda done, total: report(done, total, doing),
        helped_for=helped_for,
    )
    heard, left_out = Heard(), _no_articles()

    def numbers() -> Iterator[Mapping[Key, float]]:
        for each, told in found(run, every):
            missing = told.missing if told else dict.fromkeys(left_out, CHANGED)
            for measure, reason in missing.items():
                left_out[measure][reason].append(each.article)
            if told:
                heard.add(told.readings, each.names)
                yield told.numbers

    deep = depth(numbers(), ask, sampler=CHANCE.sampler)
    known = tasks(ask.labels, compared.values)
    figures = [*_with_reasons(deep.figures, left_out), *clusters.figures(run, ask.entities)]
    run.depth = {
        "parameters": asdict(CHANCE) | {"measures": MEASURES, "software": results.software()},
        "results": [results.row(each) for each in figures],
        "articles": len(every),
        "left_out": left_out,
        "samples": deep.samples,
        "precision": results.rounded(deep.precision),
        "fused": deep.fused,
        "trust": [_trust(each) for each in trusts(heard, known, seed=ask.seed)],
        "finished_at": timezone.now().isoformat(),
    }
    run.save(update_fields=["depth"])


def is_wanted_again(run: AgreementRun) -> bool:
    """Whether an earlier run of the campaign was computed in depth: one query."""
    return AgreementArticle.objects.filter(campaign=run.campaign_id).exists()


def _with_reasons(figures: Sequence[Figure], left_out: LeftOut) -> Iterator[Figure]:
    """Yield the figures; one that is undefined since articles were left out, with that reason."""
    placed = {each.label for each in figures if each.measure == "gamma_k" and each.n}
    for each in figures:
        family = GAMMA if each.measure.startswith(GAMMA) else CU_ALPHA
        why = {reason: len(keys) for reason, keys in left_out[family].items() if reason != NO_SPANS}
        unseen = family == GAMMA or each.label is None or each.label in placed
        if each.undefined and not each.n and why and unseen:
            yield replace(each, undefined=max(why, key=lambda reason: why[reason]))
        else:
            yield each


def _no_articles() -> LeftOut:
    return {measure: defaultdict(list) for measure in (GAMMA, CU_ALPHA, READINGS)}


def _trust(found: Trust) -> dict[str, Any]:
    """Return the plain JSON of who is to be trusted."""
    return {
        "label": found.label or None,
        "attribute": found.attribute or None,
        "classes": [each or None for each in found.classes],
        "items": found.items,
        "shares": [results.rounded(each) for each in found.shares],
        "undefined": found.undefined,
        "annotators": [
            {
                "annotator": each.name,
                "readings": each.readings,
                "trust": results.rounded(each.trust),
                "right": results.rounded(each.right),
                "said": each.said
                and [[results.rounded(cell) for cell in row] for row in each.said],
            }
            for each in found.people
        ],
    }
