"""Why an article came back: read from the history, where reopening wrote it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from annotations.assignments.models import Assignment
from annotations.history.models import Event

REOPENED = "assignment.reopened"


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
