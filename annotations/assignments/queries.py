"""Why an article came back: read from the history, where reopening wrote it; and how far a person
is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from annotations.assignments.models import Assignment
from annotations.history.models import Event
from annotations.prepared.cursors import prepared

REOPENED = "assignment.reopened"

# composed by hand: every opening of the desk asks for it, and Django took longer to compose it than
# PostgreSQL to answer
_FINISHED = """
SELECT count(*) FILTER (WHERE status IN ('submitted', 'skipped')), count(*) FROM assignment
 WHERE campaign_id = %s AND annotator_id = %s AND kind = 'annotator'"""


@dataclass(frozen=True, slots=True)
class Reopening:
    """Who reopened an assignment last, and why; both "" where nobody said."""

    by: str = ""
    reason: str = ""


def reopenings(assignments: Collection[int]) -> Mapping[int, Reopening]:
    """Return the last reopening of each of these assignments that ever was reopened. One query,
    none for none."""
    if not assignments:
        return {}
    events = (
        Event.objects.filter(
            verb=REOPENED,
            thing=Assignment._meta.db_table,
            thing_id__in=[str(pk) for pk in assignments],
        )
        .select_related("by")
        .order_by("pk")
    )
    return {
        int(event.thing_id): Reopening(
            by=str(event.by or ""), reason=str(event.data.get("reason", ""))
        )
        for event in events
    }


def finished(campaign_id: int, annotator_id: int) -> tuple[int, int]:
    """Return how many articles of a campaign this person has submitted or set aside, and how many
    they were given at all."""
    with prepared() as cursor:
        cursor.execute(_FINISHED, [campaign_id, annotator_id])
        done, given = cursor.fetchone()
    return done, given
