"""Campaigns about one corpus, whose schemas are versions of one: where a change of it told."""

from collections.abc import Mapping, Sequence

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement import parts
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Grouped, Side, Where
from annotations.agreement.queries import newest_of_versions
from annotations.schema.services import spec_of

MOST = 10
"""Campaigns that are shown, the latest."""


def grouped(
    run: AgreementRun, found: Columns, label: str | None, variant: str, where: Where, *, by: User
) -> tuple[Grouped, Mapping[str, str]]:
    """Return span F1 of the newest run of each campaign whose agreement `by` may see, and the word for each
    by its short name. Two queries, and three for each other campaign."""
    every = newest_of_versions(run, policy.campaigns_measured_by(by))
    # this one is always among them
    runs = [each for at, each in enumerate(every) if at >= len(every) - MOST or each == run]
    sides = [_side(each, found if each == run else None, label) for each in runs]
    words = {
        each.campaign.slug: f"{each.campaign.schema.version} · {each.campaign}" for each in runs
    }
    return parts.of_campaigns(run, sides, variant, where), words


def _side(run: AgreementRun, found: Columns | None, label: str | None) -> Side:
    spec = spec_of(run.campaign.schema_id)
    labels: Sequence[str] = [label] if label else [each.key for each in spec.labels]
    return Side(run.campaign.slug, found or columns_of(run, parts.heads_of(labels)), labels)
