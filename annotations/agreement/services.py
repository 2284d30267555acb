"""Begin and compute a run; say what changed since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.agreement import kept, pairs, pieces, results, working
from annotations.agreement.counted import compared_now, left_out, print_now
from annotations.agreement.layers import compared_values
from annotations.agreement.material import fingerprint
from annotations.agreement.measures.alpha import Level
from annotations.agreement.measures.figures import figures_of
from annotations.agreement.measures.questions import Attribute, Kind, Questions
from annotations.agreement.measures.study import Study
from annotations.agreement.models import AgreementRun
from annotations.agreement.standing import Look, Standing, standing
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of
from annotations.schema.spec import Attribute as SchemaAttribute
from annotations.schema.spec import Spec

SEED, REPLICATES, LEVEL = 1, 1000, 0.95

Report = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many layers are not as a run saw them: at another revision, more, or fewer."""

    changed: int
    added: int
    gone: int

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.gone)


def begin(
    campaign: Campaign, *, include_open: bool, job: UUID | None = None, by: int | None = None
) -> AgreementRun:
    """A run of the campaign stands, still without figures. The same job always gets the same run,
    so that a job done twice leaves one."""
    fresh = {
        "campaign": campaign,
        "include_open": include_open,
        "requested_by_id": by,
        "parameters": {
            "schema": str(campaign.schema),
            "seed": SEED,
            "replicates": REPLICATES,
            "level": LEVEL,
            "measures": results.MEASURES,
            "software": results.software(),
        },
    }
    if job is None:
        return AgreementRun.objects.create(**fresh)
    return AgreementRun.objects.get_or_create(job_id=job, defaults=fresh)[0]


def compute(run: AgreementRun, report: Report, *, helped: bool = False) -> None:
    """The run has its figures, the layers they are of, and what was left out and why.

    Pairs of layers that did not change since they were counted are not counted again; `helped`
    asks other workers to count some of those that are. A finished run is left as it is.
    """
    if run.finished_at:
        return
    campaign, spec = run.campaign, spec_of(run.campaign.schema_id)
    pairs.follow_merges(campaign)
    now = standing(Look.at(campaign, include_open=run.include_open))
    behind = now.behind.tolist()
    counted = working.count_all(
        campaign,
        spec,
        articles=behind,
        include_open=run.include_open,
        advance=lambda done, total: report(done, total, _("Comparing layers, article by article")),
        helped=helped,
    )
    if counted or behind:
        now = standing(_renewed(run, now.look, behind))
    now, sums = _summed(run, now)
    run.results = [results.row(each) for each in figures_of(sums, questions(spec, run.parameters))]
    run.layers = results.layers(now, campaign, include_open=run.include_open)
    run.excluded = left_out(campaign, include_open=run.include_open).as_json()
    run.fingerprint = fingerprint(*now.layers())
    run.summary = results.summary(run)
    run.parameters["pairs_counted"] = counted
    run.finished_at = timezone.now()
    run.save(
        update_fields=(
            "results",
            "layers",
            "excluded",
            "fingerprint",
            "parameters",
            "pieces",
            "summary",
            "finished_at",
        )
    )
    pieces.clear(run)


def _renewed(run: AgreementRun, look: Look, articles: Sequence[int]) -> Look:
    """Return a look at the campaign when these articles have been counted."""
    if len(articles) > pairs.AT_ONCE:
        return Look.at(run.campaign, include_open=run.include_open)
    fresh = Look.at(run.campaign, include_open=run.include_open, articles=articles)
    return look.renewed(fresh, articles)


def _summed(run: AgreementRun, now: Standing) -> tuple[Standing, Study]:
    """Return the pairs as they stand when their sums were found, and the sums; their counts are kept
    for the pages of the run."""
    while True:
        try:
            found = kept.study(
                run.campaign,
                now,
                include_open=run.include_open,
                replicates=run.parameters["replicates"],
                seed=run.parameters["seed"],
            )
            run.pieces = pieces.keep(run.campaign, now, include_open=run.include_open)
            return now, found
        except kept.Moved:
            now = standing(Look.at(run.campaign, include_open=run.include_open))


def questions(spec: Spec, parameters: dict[str, Any]) -> Questions:
    """Return what to ask of a campaign under this schema: every label, every comparable value."""
    compared = compared_values(spec)
    attributes = (
        Attribute(label.key, each.key, compared[label.key, each.key], levels(each))
        for label in spec.labels
        for each in label.attributes
        if levels(each)
    )
    return Questions(
        labels=tuple(label.key for label in spec.labels),
        attributes=tuple(attributes),
        relations=tuple(Kind(each.key, each.sources) for each in spec.relations),
        entities=tuple(label.key for label in spec.labels if label.entity),
        replicates=parameters["replicates"],
        seed=parameters["seed"],
        level=parameters["level"],
    )


def levels(attribute: SchemaAttribute) -> tuple[Level, ...]:
    """Return the levels at which alpha compares an attribute's values; free text has none."""
    by_kind: dict[str, tuple[Level, ...]] = {"text": (), "ordinal": ("nominal", "ordinal")}
    return by_kind.get(attribute.kind, ("nominal",))


def changes_since(run: AgreementRun) -> Changes:
    """Return how the layers that would count now differ from those the run compared. One query where they
    do not, else three."""
    if run.summary["print"] == print_now(run.campaign, include_open=run.include_open):
        return Changes(0, 0, 0)
    used = dict(zip(run.layers["assignments"], run.layers["revisions"], strict=True))
    now = dict(compared_now(run.campaign, include_open=run.include_open))
    both = used.keys() & now.keys()
    return Changes(
        changed=sum(used[pk] != now[pk] for pk in both),
        added=len(now) - len(both),
        gone=len(used) - len(both),
    )
