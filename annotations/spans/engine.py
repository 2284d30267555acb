"""What each operation does to a layer. Pure: a layer and an operation in, changes out.

The layer need not be whole: whoever calls gives the objects the operations name, with what hangs
on them (`annotations.spans.reading` knows which). The verbs are in `tagging` (spans), `relating`
and `remarking`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from annotations.spans import relating, remarking, tagging
from annotations.spans.layer import Change, Layer, Past, Refusal
from annotations.spans.requests import (
    AnyOperation,
    Flag,
    Link,
    Move,
    Note,
    Place,
    Relate,
    Remove,
    Retag,
    Set,
    Settle,
    Unrelate,
    Waive,
)
from annotations.text.words import N_


def apply(layer: Layer, operation: AnyOperation) -> list[Change]:
    """What the operation changes; `layer` is as after it. Raises Refusal and changes nothing.
    Undo, redo and restore are not here: they replay changes (see `revert`, `restore`)."""
    changes = _RULES[type(operation)](layer, operation)
    for change in changes:
        layer.take(change)
    return changes


def revert(layer: Layer, changes: list[Change]) -> list[Change]:
    """Take recorded changes back, newest first. Refuses (undo) when an object is no longer as
    those changes left it."""
    back = [change.reversed() for change in reversed(changes)]
    for change in back:
        current = layer.current(change.kind, change.id)
        if current != change.before:
            raise Refusal(
                "undo", N_("Something here changed since; this cannot be taken back."), current
            )
        layer.take(change)
    return back


def restore(layer: Layer, past: Iterable[Past]) -> list[Change]:
    """Make these objects again what they were: what hangs on spans goes first and comes back
    last. Refuses (undo) when they are that already."""
    changes = [
        Change(kind, object_id, current, image)
        for kind, object_id, image in past
        if (current := layer.current(kind, object_id)) != image
    ]
    if not changes:
        raise Refusal("undo", N_("The layer is as it was then already; nothing was changed."))
    changes.sort(key=_turn)
    for change in changes:
        layer.take(change)
    return changes


def _turn(change: Change) -> int:
    if change.kind == "span":
        return 1
    return 0 if change.after is None else 2


_RULES: dict[type, Callable[[Layer, Any], list[Change]]] = {
    Place: tagging.place,
    Move: tagging.move,
    Retag: tagging.retag,
    Set: tagging.set_attributes,
    Link: tagging.link,
    Remove: tagging.remove,
    Relate: relating.relate,
    Unrelate: relating.unrelate,
    Note: remarking.note,
    Flag: remarking.flag,
    Waive: remarking.waive,
    Settle: remarking.settle,
}
