"""Many places of one's own layers labelled in one step, which can be taken back in one step.

Each layer takes its places as one group of operations, through the one door; the group's key is the
step's, so that the same step twice labels nothing twice, and one undo of the group in each layer
takes the step back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from uuid import UUID, uuid4, uuid5

import msgspec
from django.utils.translation import gettext

from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Status
from annotations.assignments.services import open_own
from annotations.corpora.searching.texts import bodies
from annotations.spans.models import Operation, Span
from annotations.spans.protocol import CLOSED, Answer, operate
from annotations.spans.requests import MAX_OPERATIONS, AnyOperation, Batch, Place, SpanImage, Undo

MOST_PLACES = MAX_OPERATIONS
"""Places in one step: no layer needs more than one request."""

_TRIES = 4
"""How often a layer that changed meanwhile is tried on its new revision."""


@dataclass(frozen=True, slots=True, order=True)
class Chosen:
    """Code points [start, end) of the article of an assignment."""

    assignment: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A layer in which nothing was changed, and why, in a sentence."""

    assignment: Assignment
    reason: str


@dataclass(slots=True)
class Outcome:
    """How many places were labelled (or freed of the label), how many had the label already, and
    the layers that were left alone."""

    changed: int = 0
    already: int = 0
    refused: list[Refused] = field(default_factory=list)


def step_of(form: UUID, label: str, places: Iterable[Chosen], layers: Collection[int]) -> UUID:
    """Return the key of a step: the same for the same form, label and places, and another one once
    it was taken back in any of these layers. One query, and one for each time that it was."""
    told = " ".join(f"{place.assignment}:{place.start}:{place.end}" for place in sorted(places))
    step = uuid5(form, f"{label} {told}")
    while Operation.objects.filter(assignment__in=layers, undoes=step).exists():
        step = uuid5(step, "again")
    return step


def label_places(
    mine: Mapping[int, Assignment], places: Iterable[Chosen], label: str, *, step: UUID, by: User
) -> Outcome:
    """The places have the label, each as a span of its own in the layers of `mine`, by key, which
    are all `by`'s own; those that wait are open now. A place that has it already is passed over; a
    layer is changed as a whole or not at all. Places of other layers are not looked at."""
    outcome = Outcome()
    wanted = sorted({place for place in places if place.assignment in mine})
    for key, some in groupby(wanted, attrgetter("assignment")):
        _label(mine[key], list(some), label, step, by, outcome)
    return outcome


def take_back(mine: Iterable[Assignment], *, step: UUID, by: User) -> Outcome:
    """The step is undone in those of `by`'s own layers in which it is the last one, or was."""
    outcome = Outcome()
    for assignment in mine:
        labelled = _labelled(assignment.pk, step)
        for _ in range(_TRIES if labelled and not taken_back([assignment.pk], step) else 0):
            undo = Undo(id=uuid4(), of=step)
            answer = _sent(assignment.pk, _revision(assignment.pk), [undo], by)
            if answer.payload.get("error") != "stale":
                break
        if taken_back([assignment.pk], step):
            outcome.changed += labelled
        elif labelled:
            outcome.refused.append(Refused(assignment, str(answer.payload["message"])))
    return outcome


def taken_back(layers: Collection[int], step: UUID) -> set[int]:
    """Return those of the layers, by key, in which the last word about a step is an undo. One
    query."""
    turns = Operation.objects.filter(assignment__in=layers, undoes=step)
    last = turns.order_by("assignment", "-seq").distinct("assignment")
    return {layer for layer, op in last.values_list("assignment", "op") if op == Undo.kind}


def _label(
    assignment: Assignment,
    places: Sequence[Chosen],
    label: str,
    step: UUID,
    by: User,
    outcome: Outcome,
) -> None:
    if labelled := _labelled(assignment.pk, step):
        outcome.changed += labelled
        outcome.already += len(places) - labelled
        return
    opened = open_own(assignment, by)
    if opened.status not in EDITABLE:
        words = gettext(CLOSED) % {"status": Status(opened.status).label.lower()}
        outcome.refused.append(Refused(assignment, words))
        return
    text = bodies([assignment.article_id])[assignment.article_id]
    for _ in range(_TRIES):
        base = _revision(assignment.pk)
        there = _places_of(assignment.pk, label)
        fresh = [place for place in places if (place.start, place.end) not in there]
        placing = [_placing(place, text, label, step) for place in fresh]
        answer = _sent(assignment.pk, base, placing, by) if placing else None
        if answer is None or answer.payload.get("error") != "stale":
            break
    if answer is not None and answer.status != 200:
        outcome.refused.append(Refused(assignment, str(answer.payload["message"])))
        return
    outcome.changed += len(fresh)
    outcome.already += len(places) - len(fresh)


def _placing(place: Chosen, text: str, label: str, step: UUID) -> Place:
    """Its ids follow from the step and the place: the same again is known as a repeat."""
    at = f"{place.assignment}:{place.start}:{place.end}"
    covered = text[place.start : place.end]
    span = SpanImage(uuid5(step, f"span {at}"), label, [[place.start, place.end]], [covered])
    return Place(id=uuid5(step, at), group=step, span=span)


def _sent(assignment_id: int, base: int, operations: Sequence[AnyOperation], by: User) -> Answer:
    return operate(assignment_id, msgspec.json.encode(Batch(base, list(operations))), by=by)


def _revision(assignment_id: int) -> int:
    revision: int = Assignment.objects.values_list("revision", flat=True).get(pk=assignment_id)
    return revision


def _labelled(assignment_id: int, step: UUID) -> int:
    """How many places of a layer the step has labelled."""
    return Operation.objects.filter(assignment=assignment_id, group=step, op=Place.kind).count()


def _places_of(assignment_id: int, label: str) -> set[tuple[int, int]]:
    """The code points of the spans with a label that have one fragment."""
    spans = Span.objects.filter(assignment=assignment_id, removed=False, label__key=label)
    return {(at[0], at[1]) for at in spans.values_list("fragments", flat=True) if len(at) == 2}
