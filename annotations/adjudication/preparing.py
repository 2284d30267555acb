"""Settle what a rule settles, in a gold layer, through the one door of operations."""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from annotations.accounts.models import User
from annotations.adjudication.planning import Group, plan
from annotations.adjudication.queries import ground_of
from annotations.adjudication.rules import Rule
from annotations.assignments.models import Assignment
from annotations.spans.journal import operations_by_id
from annotations.spans.models import Operation
from annotations.spans.requests import MAX_OPERATIONS, Batch
from annotations.spans.services import Stale, apply_batch

MACHINE = uuid5(NAMESPACE_URL, "kutip:adjudication")
"""The client that operations come from which nobody sent."""

_TRIES = 4
"""How often a layer that changed meanwhile is tried on its new revision."""


def prepare(gold: Assignment, *, by: User, rule: Rule = Rule.EQUAL) -> int:
    """What the rule settles is settled in the gold layer, which is `by`'s own; what was done before is
    not done again, even where somebody took it back. Returns how many cases that were. A layer that
    can change no more, or changes all the time, stays as it is."""
    for _ in range(_TRIES):
        revision, ground = ground_of(gold)
        groups = _fresh(gold, plan(ground, rule))
        try:
            return _apply(gold, revision, groups, by)
        except Stale:
            continue
    return 0


def is_untouched(gold: Assignment) -> bool:
    """Whether nobody did anything in the gold layer yet. One query."""
    return not Operation.objects.filter(assignment=gold).exclude(client=MACHINE).exists()


def _fresh(gold: Assignment, groups: Sequence[Group]) -> list[Group]:
    """Those of the groups of which the layer's history knows nothing."""
    ids = [operation.id for group in groups for operation in group]
    known = operations_by_id(gold.pk, ids) if ids else {}
    return [group for group in groups if not any(one.id in known for one in group)]


def _apply(gold: Assignment, revision: int, groups: Sequence[Group], by: User) -> int:
    """Apply the groups in turn; one that is refused is left out. Returns how many were applied."""
    applied, waiting = 0, list(groups)
    while waiting:
        some = _batch(waiting)
        operations = [operation for group in some for operation in group]
        answer = apply_batch(gold.pk, Batch(revision, operations, MACHINE), by=by)
        revision = answer.revision
        refused = next((at for at, one in enumerate(some) if _has(one, answer.refused)), len(some))
        applied += refused
        if answer.refusal is not None and answer.refusal.error == "closed":
            break
        waiting = waiting[refused + (refused < len(some)) :]
    return applied


def _batch(groups: Sequence[Group]) -> list[Group]:
    """As many of the groups as one request may hold."""
    some: list[Group] = []
    operations = 0
    for group in groups:
        operations += len(group)
        if some and operations > MAX_OPERATIONS:
            break
        some.append(group)
    return some


def _has(group: Group, operation: UUID | None) -> bool:
    return any(one.id == operation for one in group)
