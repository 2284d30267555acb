"""Spans linked to entities, through the door that everyone's spans go through."""

import json

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.registry.models import Entity
from annotations.spans.protocol import operate
from tests import factories


def layer_of(who: User, corpus: object = None) -> Assignment:
    """An open layer of this person over an article of its own text, in a campaign of its own."""
    number = Assignment.objects.count()
    return factories.assignment(who, f"{factories.TEXT} {number}", corpus)  # type: ignore[arg-type]


def mention(layer: Assignment, entity: Entity, word: str = "Laras") -> None:
    """The word is a span of this layer, linked to the entity."""
    place = factories.placed(layer.article.body.text, word, entity=str(entity.uuid))
    operate_all(layer, [place])


def operate_all(layer: Assignment, operations: list[dict[str, object]]) -> None:
    """The annotator of the layer does all of this."""
    layer.refresh_from_db()
    assert layer.annotator
    body = json.dumps({"base": layer.revision, "operations": operations}).encode()
    answer = operate(layer.pk, body, by=layer.annotator)
    assert answer.status == 200, answer
