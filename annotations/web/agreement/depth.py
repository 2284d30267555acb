"""Figures in depth: what all annotators of an article say together, or why that is not computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.agreement.models import AgreementRun
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement import work
from annotations.web.agreement.figures import Results, Shown
from annotations.web.agreement.reasons import LeftOut, left_out
from annotations.web.labels import LabelName, label_name
from annotations.web.progress import WatchedJob

_MEASURES: Mapping[str, str | Promise] = {
    "gamma": _("Gamma"),
    "cu_alpha": _("cu-alpha"),
    "readings": _("Trust"),
}


@dataclass(frozen=True, slots=True)
class DepthRow:
    """A label, or all of them (`label` None): only those have gamma itself."""

    label: LabelName | None
    url: str
    gamma: Shown | None
    labels: Shown
    alpha: Shown


@dataclass(frozen=True, slots=True)
class Chance:
    """How chance was drawn; `precision` in percent, None where nothing was."""

    samples: int
    precision: float | None
    sampler: str
    seed: int
    least: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DepthScreen:
    """`rows` is empty until the figures are there; `job` computes them, or could not; `starts`: the
    page asks for them by itself. `u_alpha` is that of all labels, told apart."""

    rows: Sequence[DepthRow]
    u_alpha: Shown | None
    left_out: Sequence[tuple[str | Promise, Sequence[LeftOut]]]
    chance: Chance | None
    fused: int
    job: WatchedJob | None
    starts: bool


def screen(run: AgreementRun, *, may_run: bool) -> DepthScreen:
    """Return what is known in depth of a finished run; one query, of jobs, where nothing is."""
    if not run.depth:
        starts = may_run and work.deepens(run)
        return DepthScreen((), None, (), None, 0, work.deepening(run), starts)
    spec, results = spec_of(run.campaign.schema_id), Results(run)
    told = run.depth["parameters"]
    precision = run.depth["precision"]
    return DepthScreen(
        rows=[*_rows(run, spec, results, told["sampler"])],
        u_alpha=results.shown("u_alpha", "nominal"),
        left_out=[
            (_MEASURES[measure], left_out({why: len(keys) for why, keys in reasons.items()}))
            for measure, reasons in run.depth["left_out"].items()
            if reasons
        ],
        chance=Chance(
            samples=run.depth["samples"],
            precision=None if precision is None else 100 * precision,
            sampler=told["sampler"],
            seed=told["seed"],
            least=told["samples"],
            seconds=told["seconds"],
        ),
        fused=run.depth["fused"],
        job=None,
        starts=False,
    )


def _rows(run: AgreementRun, spec: Spec, results: Results, sampler: str) -> Iterator[DepthRow]:
    slug = run.campaign.slug
    yield DepthRow(
        None,
        reverse("agreement_every_label", args=[slug]),
        results.shown("gamma", sampler),
        results.shown("gamma_cat", sampler),
        results.shown("cu_alpha", "nominal"),
    )
    for label in spec.labels:
        yield DepthRow(
            label_name(label),
            reverse("agreement_label", args=[slug, label.key]),
            None,
            results.shown("gamma_k", sampler, label.key),
            results.shown("ku_alpha", "nominal", label.key),
        )
