"""Campaigns about one corpus, whose schemas are versions of one: where a change of it told."""

from django.db.models import QuerySet

from annotations.agreement import parts
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Grouped, Side
from annotations.agreement.queries import newest_of_versions
from annotations.agreement.wanted import Wanted
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of

MOST = 10
"""Campaigns that are shown, the latest."""


def grouped(
    run: AgreementRun, found: Columns, wanted: Wanted, campaigns: "QuerySet[Campaign]"
) -> tuple[Grouped, dict[str, str]]:
    """Return span F1 of the newest run of each of these campaigns, and the word for each by its short
    name. Two queries, and three for each other campaign."""
    every = newest_of_versions(run, campaigns)
    # this one is always among them
    runs = [each for at, each in enumerate(every) if at >= len(every) - MOST or each == run]
    sides = [_side(each, found if each == run else None, wanted) for each in runs]
    words = {
        each.campaign.slug: f"{each.campaign.schema.version} · {each.campaign}" for each in runs
    }
    return parts.of_campaigns(run, sides, wanted.variant, wanted.where), words


def _side(run: AgreementRun, found: Columns | None, wanted: Wanted) -> Side:
    labels = wanted.labels(spec_of(run.campaign.schema_id))
    return Side(run.campaign.slug, found or columns_of(run, parts.heads_of(labels)), labels)
