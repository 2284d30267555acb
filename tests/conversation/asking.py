"""A submitted layer with one quote, whose annotator can be asked."""

from uuid import UUID, uuid4

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.conversation.models import Message
from annotations.conversation.services import Draft, say
from tests.adjudication.settling import campaign_of, submitted
from tests.web.test_decisions import LONGER, QUOTE, first


def asked_layer(annotator: User, *others: User, adjudicators: tuple[User, ...]) -> Assignment:
    """The layer of this annotator; the others submitted the same article."""
    found = campaign_of(annotator, *others, adjudicators=adjudicators)
    marks = {annotator.username: (QUOTE,)} | {other.username: (LONGER,) for other in others}
    submitted(found, first(found), **marks)
    return found.assignments.get(annotator=annotator)


def span_of(layer: Assignment) -> UUID:
    return layer.spans.get().id


def draft(text: str = "Mengapa langsung?", **fields: object) -> Draft:
    return Draft(**({"id": uuid4(), "text": text} | fields))  # type: ignore[arg-type]


def said(layer: Assignment, by: User, text: str = "Mengapa langsung?", **fields: object) -> Message:
    return say(layer, draft(text, **fields), by=by)
