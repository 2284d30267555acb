"""Undo, redo and restore: changes that the history is asked for, under the layer's lock."""

from annotations.spans import journal, reading
from annotations.spans.engine import restore, revert
from annotations.spans.layer import Change, Layer, Refusal
from annotations.spans.requests import Redo, Restore, Rewinding, Undo
from annotations.spans.undo import Events
from annotations.text.words import N_

NOT_NEWEST = N_("Only the newest change can be undone; there was another one since.")
NOT_UNDONE = N_("Only what was undone last can be redone.")
NOT_THERE = N_("The history of this layer has no such point to go back to; nothing was changed.")


def rewind(
    assignment_id: int, layer: Layer, operation: Rewinding, seq: int, earlier: list[journal.Entry]
) -> list[Change]:
    """What the operation, which will be number `seq`, changes; `layer` is as after it. `earlier`
    are the batch's operations before it. Raises Refusal (undo)."""
    if isinstance(operation, Restore):
        return _go_back(assignment_id, layer, operation, seq, earlier)
    return _take_back(assignment_id, layer, operation, earlier)


def _take_back(
    assignment_id: int, layer: Layer, operation: Undo | Redo, earlier: list[journal.Entry]
) -> list[Change]:
    """Undo the newest group in effect, or redo the one undone last."""
    undo = isinstance(operation, Undo)
    events = Events(journal.events_back(assignment_id, earlier))
    found = events.newest_in_effect() if undo else events.newest_undone()
    if found != operation.of:
        message = NOT_NEWEST if undo else NOT_UNDONE
        raise Refusal("undo", message, {"undo" if undo else "redo": found})
    changes = journal.group_changes(assignment_id, operation.of, earlier)
    reading.add_objects(assignment_id, layer, ((change.kind, change.id) for change in changes))
    if undo:
        return revert(layer, changes)
    return revert(layer, [change.reversed() for change in reversed(changes)])


def _go_back(
    assignment_id: int, layer: Layer, operation: Restore, seq: int, earlier: list[journal.Entry]
) -> list[Change]:
    """Restore the layer as it was at a revision before this one, whatever was undone meanwhile."""
    if not 0 <= operation.to < seq - 1:
        raise Refusal("undo", NOT_THERE)
    past = journal.changed_since(assignment_id, operation.to, earlier)
    reading.add_objects(assignment_id, layer, ((kind, one) for kind, one, _ in past))
    return restore(layer, past)
