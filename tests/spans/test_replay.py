"""Whatever is done to a layer, its state is the replay of its history, and undo leads back."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.models import Operation, Relation, Span
from annotations.spans.protocol import Answer, operate
from annotations.spans.queries import layer_state
from tests import factories
from tests.factories import TEXT, operation, related

LABELS = ("ACTOR", "QUOTE", "CUE", "STANCE", "TARGET")
STEPS = ("place", "move", "retag", "remove", "relate", "unrelate", "set", "undo", "redo")


class Annotator:
    """Does one thing after another, some of which is refused; that is part of the game."""

    def __init__(self, layer: Assignment) -> None:
        self.layer = layer
        self.person = User.objects.get(pk=layer.annotator_id)
        self.accepted = 0

    def send(self, step: dict[str, object]) -> Answer:
        self.layer.refresh_from_db()
        body = {"base": self.layer.revision, "operations": [step]}
        answer = operate(self.layer.pk, json.dumps(body).encode(), by=self.person)
        self.accepted += answer.status == 200
        return answer

    def do(self, step: str, choose: Any) -> None:
        now = layer_state(self.fresh())
        spans = [str(span.id) for span in now.spans] or [str(UUID(int=1))]
        relations = [str(relation.id) for relation in now.relations] or [str(UUID(int=1))]
        pick = lambda things: things[choose(0, len(things) - 1)]
        start = choose(0, len(TEXT) - 2)
        end = choose(start + 1, len(TEXT))
        span = {"fragments": [[start, end]], "text": [TEXT[start:end]]}
        made: dict[str, dict[str, object] | None] = {
            "place": operation("place", span=span | {"id": operation("x")["id"], "label": pick(LABELS)}),
            "move": operation("move", span=pick(spans), **span),
            "retag": operation("retag", span=pick(spans), label=pick(LABELS)),
            "remove": operation("remove", span=pick(spans)),
            "relate": related(pick(("SPEAKER", "HOLDER", "NESTED_IN", "TOWARD")), pick(spans), pick(spans)),
            "unrelate": operation("unrelate", relation=pick(relations)),
            "set": operation("set", span=pick(spans), attributes={pick(("type", "form")): pick(("direct", "name", None))}),
            "undo": operation("undo", of=str(now.undo)) if now.undo else None,
            "redo": operation("redo", of=str(now.redo)) if now.redo else None,
        }  # fmt: skip
        if wanted := made[step]:
            self.send(wanted)

    def fresh(self) -> Assignment:
        self.layer.refresh_from_db()
        return self.layer


def replayed(layer: Assignment) -> tuple[dict[str, object], dict[str, object]]:
    """The layer as its history tells it."""
    tables: dict[str, dict[str, object]] = {"span": {}, "relation": {}}
    for entry in Operation.objects.filter(assignment=layer).order_by("seq"):
        for change in entry.changes:
            table = tables[change["kind"]]
            assert table.get(change["id"]) == change["before"]
            if change["after"] is None:
                del table[change["id"]]
            else:
                table[change["id"]] = change["after"]
    return tables["span"], tables["relation"]


def stored(layer: Assignment) -> tuple[dict[str, object], dict[str, object]]:
    now = msgspec.to_builtins(layer_state(layer))
    return (
        {span["id"]: span for span in now["spans"]},
        {relation["id"]: relation for relation in now["relations"]},
    )


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=5, max_size=25))
def test_the_state_is_the_replay_of_the_history(data: st.DataObject, steps: list[str]) -> None:
    layer = factories.assignment(factories.user())
    annotator = Annotator(layer)
    for step in ["place", "place", *steps]:
        annotator.do(step, lambda low, high: data.draw(st.integers(low, high)))
    annotator.fresh()
    assert stored(layer) == replayed(layer)
    spans, relations = stored(layer)
    assert (
        layer.revision == Operation.objects.filter(assignment=layer).count() == annotator.accepted
    )
    assert (layer.span_count, layer.relation_count) == (len(spans), len(relations))
    assert Span.objects.filter(assignment=layer, removed=False).count() == len(spans)
    assert Relation.objects.filter(assignment=layer, removed=False).count() == len(relations)


@pytest.mark.django_db
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
def test_undo_leads_back_to_the_empty_layer(data: st.DataObject, steps: list[str]) -> None:
    layer = factories.assignment(factories.user())
    annotator = Annotator(layer)
    for step in ["place", *steps]:
        annotator.do(step, lambda low, high: data.draw(st.integers(low, high)))
    while (group := layer_state(annotator.fresh()).undo) is not None:
        assert annotator.send(operation("undo", of=str(group))).status == 200
    assert stored(layer) == ({}, {})
