"""The one door for every change of a layer: apply a batch of operations.

The assignment row is the lock and the counter: `revision` is the number of operations applied.
One UPDATE takes the lock, checks the base and counts on; everything else follows under it, in one
transaction. Answers are given after the commit only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.schema.services import spec_of
from annotations.spans import journal, reading, rewinding, writing
from annotations.spans.engine import apply
from annotations.spans.layer import Layer, Refusal
from annotations.spans.placing import place_at_once
from annotations.spans.requests import AnyOperation, Batch, Rewinding
from annotations.text.words import N_

CAMPAIGN_CLOSED = N_("This campaign is closed; its layers can change no more.")
REUSED = N_("This id was used for another operation or group; nothing was changed.")
CLOSED = N_("This layer is submitted; nothing in it can change until it is reopened.")

Allows = Callable[[User, Assignment], bool]
"""Whether this person may do it to this layer."""


class NotYours(LookupError):
    """No such assignment, or another person's: one answer for both (blindness)."""


class InTrash(NotYours):
    """The article, its campaign or its corpus is in the trash; nothing changes meanwhile."""


class Stale(Exception):
    """The batch stands on an older revision than the layer's."""

    def __init__(self, revision: int, operations: list[dict[str, object]]) -> None:
        super().__init__(f"the layer is at revision {revision}")
        self.revision, self.operations = revision, operations


@dataclass(slots=True)
class Result:
    id: UUID
    seq: int
    changes: list[Any]
    repeated: bool = False


@dataclass(slots=True)
class Applied:
    """The layer's revision after the batch, one result per applied operation, and the refusal
    that stopped it, if one did."""

    revision: int
    results: list[Result] = field(default_factory=list)
    refusal: Refusal | None = None
    refused: UUID | None = None


@dataclass(slots=True)
class _Locked:
    """What the locking UPDATE read on its way."""

    text: str
    schema_id: int
    registry_id: int
    gold: bool


def apply_batch(
    assignment_id: int, batch: Batch, *, by: User, settles: Allows | None = None
) -> Applied:
    """Apply the batch to a layer, group by group, up to the first refusal.

    Whose layer a gold one is may be no adjudicator any more: doors say by `settles` how to ask.
    Raises NotYours (InTrash where it waits there), or Stale when `base` is not the layer's revision and the difference is not
    just the operations repeated here. Operations applied before (the same id) are answered with
    their first result; the same id with another content is refused (reused_id). Cost: four
    queries for a batch of new spans, six when it names spans that are there; none grows with the
    layer.
    """
    entries = place_at_once(assignment_id, batch, by)
    if entries is not None:
        return _done(batch, entries)
    try:
        with transaction.atomic():
            applied = _apply_fresh(assignment_id, batch, by, settles)
            return applied or _apply_known(assignment_id, batch, by, settles)
    except IntegrityError as error:
        # A race of the same operation with itself: it is in the history now.
        if "operation_once" not in str(error):
            raise
    with transaction.atomic():
        return _apply_known(assignment_id, batch, by, settles)


def _apply_fresh(
    assignment_id: int, batch: Batch, by: User, settles: Allows | None
) -> Applied | None:
    """The common case: the base is right and nothing is repeated. None where it is not so."""
    ids = [operation.id for operation in batch.operations]
    groups = [operation.group_id for operation in batch.operations]
    expected = writing.expected_counts(batch.operations)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE assignment a
                  SET revision = revision + %s, span_count = span_count + %s,
                      relation_count = relation_count + %s, touched_at = now()
                 FROM article_text t, corpus c, campaign k
                WHERE a.id = %s AND a.annotator_id = %s AND a.revision = %s
                  AND a.status IN ('open', 'reopened') AND NOT a.withdrawn
                  AND t.article_id = a.article_id AND c.id = a.corpus_id
                  AND k.id = a.campaign_id AND k.status = 'running' AND NOT k.hidden
                  AND NOT EXISTS (SELECT FROM operation o
                                   WHERE o.assignment_id = a.id AND o.id = ANY(%s))
                  AND NOT EXISTS (SELECT FROM operation o
                                   WHERE o.assignment_id = a.id AND o."group" = ANY(%s))
            RETURNING t.text, a.schema_id, c.registry_id, a.kind = 'gold'""",
            [len(ids), *expected, assignment_id, by.pk, batch.base, ids, groups],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    locked = _Locked(*row)
    if locked.gold and settles:
        gold = Assignment.objects.select_related("campaign").get(pk=assignment_id)
        if not settles(by, gold):
            raise NotYours
    return _run(assignment_id, batch, locked, by)


def _apply_known(assignment_id: int, batch: Batch, by: User, settles: Allows | None) -> Applied:
    """The careful case, under the row's lock: repeats, a layer that is closed or was not opened
    yet, a stale base."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "corpus", "article__body")
        .filter(pk=assignment_id, annotator=by)
        .first()
    )
    if assignment is None:
        raise NotYours
    waits = assignment.withdrawn or assignment.campaign.hidden
    if assignment.kind == Kind.GOLD and settles and not waits and not settles(by, assignment):
        raise NotYours
    repeats, fresh, known = _repeats(assignment, batch)
    if repeats.refusal or not fresh:
        return repeats
    if waits:
        raise InTrash
    if not _opened(assignment):
        return _refused(repeats, fresh[0], "closed", CLOSED)
    if assignment.campaign.status != Campaign.Status.RUNNING:
        return _refused(repeats, fresh[0], "closed", CAMPAIGN_CLOSED)
    later = sum(1 for operation in known if operation.seq > batch.base)
    if batch.base + later != assignment.revision:
        raise Stale(assignment.revision, journal.operations_since(assignment_id, batch.base))
    if reused := journal.groups_known(assignment_id, [o.group_id for o in fresh]):
        culprit = next(o for o in fresh if o.group_id in reused)
        return _refused(repeats, culprit, "reused_id", REUSED)
    rest = Batch(assignment.revision, fresh, batch.client)
    text = assignment.article.body.text
    gold = assignment.kind == Kind.GOLD
    locked = _Locked(text, assignment.schema_id, assignment.corpus.registry_id, gold)
    writing.count_on(assignment_id, len(fresh), *writing.expected_counts(fresh))
    applied = _run(assignment_id, rest, locked, by)
    applied.results = [*repeats.results, *applied.results]
    return applied


def _repeats(
    assignment: Assignment, batch: Batch
) -> tuple[Applied, list[AnyOperation], list[journal.Known]]:
    """The answers to operations applied before, the operations that are new, and what is known."""
    known = journal.operations_by_id(assignment.pk, [o.id for o in batch.operations])
    repeats = Applied(assignment.revision)
    fresh: list[AnyOperation] = []
    for operation in batch.operations:
        earlier = known.get(operation.id)
        if earlier is None:
            fresh.append(operation)
        elif earlier.request_sha256 == operation.sha256():
            repeats.results.append(Result(operation.id, earlier.seq, earlier.changes, True))
        else:
            _refused(repeats, operation, "reused_id", REUSED)
            break
    return repeats, fresh, list(known.values())


def _opened(assignment: Assignment) -> bool:
    """Whether the layer may change; one that waited for its annotator is open from now on."""
    if assignment.status == Status.WAITING:
        Assignment.objects.filter(pk=assignment.pk).update(status=Status.OPEN)
        return True
    return assignment.status in EDITABLE


def _refused(applied: Applied, operation: AnyOperation, error: str, message: str) -> Applied:
    applied.refusal, applied.refused = Refusal(error, message), operation.id
    return applied


def _run(assignment_id: int, batch: Batch, locked: _Locked, by: User) -> Applied:
    """Apply under the lock; the row counts all of the batch's operations already."""
    layer = Layer(spec_of(locked.schema_id), locked.text, gold=locked.gold)
    reading.read_part(assignment_id, batch.operations, layer, locked.registry_id)
    entries: list[journal.Entry] = []
    stop: Refusal | None = None
    for group in batch.groups():
        try:
            entries += _apply_group(assignment_id, layer, group, batch.base, entries)
        except Refusal as refusal:
            stop = refusal
            break
    writing.write(assignment_id, locked.schema_id, locked.registry_id, entries, batch.client, by.pk)
    writing.correct_counts(assignment_id, batch.operations, entries)
    return _done(batch, entries, stop, stop.operation_id if stop else None)


def _done(
    batch: Batch,
    entries: list[journal.Entry],
    refusal: Refusal | None = None,
    refused: UUID | None = None,
) -> Applied:
    results = [Result(entry.operation.id, entry.seq, entry.changes) for entry in entries]
    return Applied(batch.base + len(entries), results, refusal, refused)


def _apply_group(
    assignment_id: int,
    layer: Layer,
    group: list[AnyOperation],
    base: int,
    earlier: list[journal.Entry],
) -> list[journal.Entry]:
    entries: list[journal.Entry] = []
    for operation in group:
        seq = base + len(earlier) + len(entries) + 1
        try:
            if isinstance(operation, Rewinding):
                changes = rewinding.rewind(assignment_id, layer, operation, seq, earlier)
            else:
                changes = apply(layer, operation)
        except Refusal as refusal:
            refusal.operation_id = operation.id
            raise
        entries.append(journal.Entry(operation, seq, changes))
    return entries
