"""Whatever is done to a layer, its state is the replay of its history, and undo leads back."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.chronicle import page_before
from annotations.spans.layer import REMARKS
from annotations.spans.models import Operation, Relation, Remark, Span
from annotations.spans.protocol import Answer, operate
from annotations.spans.queries import LayerState, Settlement, layer_state
from tests import factories
from tests.factories import TEXT, flagged, noted, operation, placed, related, settled, span_id
from tests.spans.test_operations import send

LABELS = ("ACTOR", "QUOTE", "CUE", "STANCE", "TARGET")
STEPS = (
    *("place", "move", "retag", "remove", "relate", "unrelate", "set"),
    *("note", "rewrite", "flag", "waive", "rewaive", "settle", "resettle"),
    *("undo", "redo", "restore"),
)
KINDS = ("span", "relation", "note", "flag", "waiver", "settlement")
NOBODY = str(UUID(int=1))
_slots = count(1)
QUIET = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

State = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Theirs:
    """An annotator's layer, with what can be settled of it."""

    layer: Assignment
    spans: list[str]
    relation: str


@pytest.fixture
def theirs(annotator_a: User) -> Theirs:
    layer = factories.assignment(annotator_a)
    places = [placed(TEXT, "Laras"), placed(TEXT, "“Kami,”", label="QUOTE")]
    actor, quote = map(span_id, places)
    relate: dict[str, Any] = related("SPEAKER", quote, actor)
    assert send(layer, *places, relate).status == 200
    return Theirs(layer, [actor, quote], str(relate["relation"]["id"]))


def gold_layer(theirs: Theirs) -> Assignment:
    return factories.gold(theirs.layer, factories.user(), slot=next(_slots))


class Annotator:
    """Does one thing after another, some of which is refused; that is part of the game."""

    def __init__(self, layer: Assignment, theirs: Theirs) -> None:
        self.layer, self.theirs = layer, theirs
        self.person = User.objects.get(pk=layer.annotator_id)
        self.accepted = 0

    def send(self, *steps: dict[str, object]) -> Answer:
        body = {"base": self.fresh().revision, "operations": steps}
        answer = operate(self.layer.pk, json.dumps(body).encode(), by=self.person)
        self.accepted += len(answer.payload.get("results", ()))  # type: ignore[arg-type]
        return answer

    def do(self, step: str, choose: Any) -> None:
        if wanted := self.step(step, choose):
            self.send(wanted)

    def step(self, step: str, choose: Any) -> dict[str, object] | None:
        now = layer_state(self.fresh())
        spans = [str(span.id) for span in now.spans] or [NOBODY]
        relations = [str(relation.id) for relation in now.relations] or [NOBODY]
        pick = lambda things: things[choose(0, len(things) - 1)]
        start = choose(0, len(TEXT) - 2)
        end = choose(start + 1, len(TEXT))
        span = {"fragments": [[start, end]], "text": [TEXT[start:end]]}
        fresh = span | {"id": operation("x")["id"], "label": pick(LABELS)}
        made: dict[str, dict[str, object] | None] = {
            "place": operation("place", span=fresh),
            "move": operation("move", span=pick(spans), **span),
            "retag": operation("retag", span=pick(spans), label=pick(LABELS)),
            "remove": operation("remove", span=pick(spans)),
            "relate": related(pick(("SPEAKER", "HOLDER", "NESTED_IN", "TOWARD")), pick(spans), pick(spans)),
            "unrelate": operation("unrelate", relation=pick(relations)),
            "set": operation("set", span=pick(spans), attributes={pick(("type", "form")): pick(("direct", "name", None))}),
            "note": noted(pick([None, *spans]), pick(("Ragu.", "Lihat pedoman 🚢", ""))),
            "rewrite": _rewritten(now, pick),
            "flag": flagged(pick([None, *spans]), *pick(((), ("unsure",), ("discuss", "guideline"))), confidence=pick((None, 1, 3))),
            "waive": operation("waive", waiver=fresh | {"reason": pick(("", "Bukan kutipan."))}),
            "rewaive": _rewaived(now, pick),
            "settle": self._settled(spans, relations, pick),
            "resettle": _resettled(now, pick),
            "undo": operation("undo", of=str(now.undo)) if now.undo else None,
            "redo": operation("redo", of=str(now.redo)) if now.redo else None,
            "restore": operation("restore", to=choose(0, max(self.layer.revision - 1, 0))),
        }  # fmt: skip
        return made[step]

    def _settled(self, spans: list[str], relations: list[str], pick: Any) -> dict[str, object]:
        layer = self.theirs.layer
        if pick((True, False)):
            of = [(layer, self.theirs.relation)]
            return settled(of, "merge", [pick(relations)], sort="relation")
        of = [(layer, pick(self.theirs.spans))]
        if pick((True, False)):
            return settled(of, "none")
        return settled(of, "take", pick(spans), took=layer)

    def fresh(self) -> Assignment:
        self.layer.refresh_from_db()
        return self.layer


def _rewritten(now: LayerState, pick: Any) -> dict[str, object] | None:
    if not now.notes:
        return None
    note = pick(now.notes)
    return noted(note.span and str(note.span), pick(("Jelas.", "")), str(note.id))


def _rewaived(now: LayerState, pick: Any) -> dict[str, object] | None:
    if not now.waivers:
        return None
    again = msgspec.to_builtins(pick(now.waivers)) | {"reason": pick(("Judul.", None))}
    return operation("waive", waiver=again)


def _resettled(now: LayerState, pick: Any) -> dict[str, object] | None:
    if not now.settlements:
        return None
    again = _bare(pick(now.settlements)) | {"reason": pick(("Jelas.", ""))}
    return operation("settle", settlement=again | pick(({}, {"decision": None, "took": None})))


def _bare(settlement: Settlement) -> dict[str, object]:
    """The settlement as the history has it."""
    whole = msgspec.to_builtins(settlement)
    return {name: value for name, value in whole.items() if name not in ("author", "at")}


def replayed(layer: Assignment, until: int | None = None) -> State:
    """The layer as its history tells it, until some revision."""
    entries = Operation.objects.filter(assignment=layer, seq__lte=until or layer.revision)
    return replay([change for entry in entries.order_by("seq") for change in entry.changes])


def replay(changes: list[dict[str, Any]]) -> State:
    tables: State = {kind: {} for kind in KINDS}
    for change in changes:
        table = tables[change["kind"]]
        assert table.get(change["id"]) == change["before"]
        if change["after"] is None:
            table.pop(change["id"])
        else:
            table[change["id"]] = change["after"]
    return tables


def stored(layer: Assignment) -> State:
    now = layer_state(layer)
    notes = [{"id": n.id, "span": n.span, "text": n.text} for n in now.notes]
    settlements = [_bare(one) for one in now.settlements]
    lists = (now.spans, now.relations, notes, now.flags, now.waivers, settlements)
    all_of = zip(KINDS, lists, strict=True)
    return {
        kind: {one["id"]: one for one in msgspec.to_builtins(things)} for kind, things in all_of
    }


def in_effect(layer: Assignment) -> list[dict[str, Any]]:
    """The changes of what the history's pages say is in effect, oldest first."""
    groups = [group for group in page_before(layer).groups if group.in_effect]
    said = [group for group in reversed(groups) if group.op not in ("undo", "redo", "restore")]
    return [
        change
        for group in said
        for one in group.operations
        for change in msgspec.json.decode(one.changes)
    ]


@pytest.mark.django_db
@QUIET
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=5, max_size=25))
def test_the_state_is_the_replay_of_the_history(
    theirs: Theirs, data: st.DataObject, steps: list[str]
) -> None:
    layer = gold_layer(theirs)
    annotator = Annotator(layer, theirs)
    for step in ["place", "place", *steps]:
        annotator.do(step, lambda low, high: data.draw(st.integers(low, high)))
    annotator.fresh()
    now = stored(layer)
    assert now == replayed(layer)
    assert now == replay(in_effect(layer))
    assert (
        layer.revision == Operation.objects.filter(assignment=layer).count() == annotator.accepted
    )
    assert (layer.span_count, layer.relation_count) == (len(now["span"]), len(now["relation"]))
    assert Span.objects.filter(assignment=layer, removed=False).count() == len(now["span"])
    assert Relation.objects.filter(assignment=layer, removed=False).count() == len(now["relation"])
    remarks = sum(len(now[kind]) for kind in REMARKS)
    assert Remark.objects.filter(assignment=layer, removed=False).count() == remarks


@pytest.mark.django_db
@QUIET
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
def test_undo_leads_back_to_the_empty_layer(
    theirs: Theirs, data: st.DataObject, steps: list[str]
) -> None:
    layer = gold_layer(theirs)
    annotator = Annotator(layer, theirs)
    for step in ["place", *steps]:
        annotator.do(step, lambda low, high: data.draw(st.integers(low, high)))
    while (group := layer_state(annotator.fresh()).undo) is not None:
        assert annotator.send(operation("undo", of=str(group))).status == 200
    assert stored(layer) == {kind: {} for kind in KINDS}


@pytest.mark.django_db
@QUIET
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=15))
def test_every_point_of_the_history_can_be_reached(
    theirs: Theirs, data: st.DataObject, steps: list[str]
) -> None:
    layer = gold_layer(theirs)
    annotator = Annotator(layer, theirs)
    for step in ["place", *steps]:
        annotator.do(step, lambda low, high: data.draw(st.integers(low, high)))
    for _ in range(3):
        before, to = (
            stored(annotator.fresh()),
            data.draw(st.integers(0, max(layer.revision - 1, 0))),
        )
        then = replayed(layer, to) if to else replay([])
        restore = operation("restore", to=to)
        answer = annotator.send(restore)
        assert answer.status == (200 if before != then else 409)
        assert stored(annotator.fresh()) == then
        if answer.status == 200 and data.draw(st.booleans()):
            assert layer_state(layer).undo == UUID(str(restore["id"]))
            assert annotator.send(operation("undo", of=restore["id"])).status == 200
            assert stored(annotator.fresh()) == before


@pytest.mark.django_db
@QUIET
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=15))
def test_a_batch_does_what_its_operations_do_one_by_one(
    theirs: Theirs, data: st.DataObject, steps: list[str]
) -> None:
    one_by_one, at_once = (gold_layer(theirs) for _ in range(2))
    annotator = Annotator(one_by_one, theirs)
    done: list[dict[str, object]] = []
    for step in ["place", "place", *steps]:
        wanted = annotator.step(step, lambda low, high: data.draw(st.integers(low, high)))
        if wanted and annotator.send(wanted).status == 200:
            done.append(wanted)
    whole = Annotator(at_once, theirs)
    assert whole.send(*done).status == 200
    assert stored(whole.fresh()) == stored(annotator.fresh()) == replayed(at_once)
