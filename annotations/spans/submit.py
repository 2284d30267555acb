"""Close a layer: check that it is complete by its schema, then submit it. Doors do this through
`annotations.adjudication.closing`, which knows what is open in a gold layer."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Status
from annotations.history import services as history
from annotations.schema.rules import Edge, Finding, findings
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.spans import journal
from annotations.spans.coverage import open_stretches, stretches
from annotations.spans.queries import LayerState, layer_state
from annotations.spans.services import InTrash, NotYours, Stale

Also = Callable[[Assignment], list[Finding]]


class Incomplete(Exception):
    """The layer breaks constraints of severity E; nothing was submitted."""

    def __init__(self, spec: Spec, found: list[Finding]) -> None:
        super().__init__(f"{len(found)} constraints are broken")
        self.spec, self.findings = spec, found


class Closed(Exception):
    """The assignment is neither open nor reopened."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Submitted:
    status: str
    revision: int


def check(assignment: Assignment, state: LayerState | None = None) -> list[Finding]:
    """What the schema's constraints find in the layer as it stands, and the campaign's demand
    that every quoted stretch is somebody's quote or waived (E7)."""
    state = state or layer_state(assignment)
    spec, text = spec_of(assignment.schema_id), assignment.article.body.text
    edges = [Edge(r.type, r.source.span, r.target.span) for r in state.relations]
    demanded = assignment.campaign.quote_coverage
    quoted = stretches(spec, text, state.spans, state.waivers) if demanded or state.waivers else []
    # a hint says nothing of what is waived, nor of what the demand names
    settled = {one.range for one in quoted if demanded or one.state == "waived"}
    unsure = {flag.span for flag in state.flags if flag.span and "unsure" in flag.flags}
    found = findings(spec, text, state.spans, edges, settled, unsure)
    return found + (open_stretches(text, quoted) if demanded else [])


@transaction.atomic
def submit(assignment_id: int, *, base: int, by: User, also: Also) -> Submitted:
    """The layer is submitted, as it stood at revision `base`. A repeat of the same submit gives
    the same answer. `also` finds what only rooms above can know. Raises NotYours (InTrash where it waits there), Stale, Closed, or Incomplete with the broken constraints."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "article__body")
        .filter(pk=assignment_id, annotator=by)
        .first()
    )
    if assignment is None:
        raise NotYours
    if assignment.withdrawn or assignment.campaign.hidden:
        raise InTrash
    if assignment.revision != base:
        raise Stale(assignment.revision, journal.operations_since(assignment_id, base))
    if assignment.status == Status.SUBMITTED:
        return Submitted(assignment.status, assignment.revision)
    if assignment.status not in (*EDITABLE, Status.WAITING):
        raise Closed(assignment.status)
    every = (*check(assignment), *also(assignment))
    if broken := [found for found in every if found.severity == "E"]:
        raise Incomplete(spec_of(assignment.schema_id), broken)
    now = timezone.now()
    Assignment.objects.filter(pk=assignment_id).update(
        status=Status.SUBMITTED, submitted_at=now, touched_at=now
    )
    history.record("assignment.submitted", assignment, by=by, revision=base)
    return Submitted(Status.SUBMITTED, base)
