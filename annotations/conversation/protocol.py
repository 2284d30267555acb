"""Messages as programs read and write them, whatever door they came through.

Status codes: 200, 400 malformed, 409 closed, 422 everything else that is refused.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.conversation.queries import Letter, letters
from annotations.conversation.services import Draft, Unsaid, say, see
from annotations.spans.protocol import Answer


class Told(msgspec.Struct, frozen=True):
    """A message as one of the two sides sees it: annotators learn no name of who adjudicates."""

    id: UUID
    span: UUID | None
    asks: bool
    author: str
    at: datetime
    text: str
    waits: bool


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest message that was read of a thread."""

    seen: UUID


def read(layer: Assignment, user: User) -> Answer:
    """All messages about a layer, in their order."""
    return Answer(200, {"messages": [_told(each, layer, user) for each in letters([layer.pk])]})


def write(layer: Assignment, body: bytes, *, by: User) -> Answer:
    """Send a message, and answer as `read` does; a repeat changes nothing."""
    try:
        say(layer, msgspec.json.decode(body, type=Draft), by=by)
    except (msgspec.MsgspecError, RecursionError) as error:
        return _malformed(error)
    except Unsaid as unsaid:
        status = 409 if unsaid.error == "closed" else 422
        return Answer(status, {"error": unsaid.error, "message": str(unsaid)})
    return read(layer, by)


def mark(layer: Assignment, body: bytes, *, by: User) -> Answer:
    """What was read waits no longer; answer as `read` does."""
    try:
        see(layer, msgspec.json.decode(body, type=Seen).seen, by=by)
    except (msgspec.MsgspecError, RecursionError) as error:
        return _malformed(error)
    return read(layer, by)


def _malformed(error: Exception) -> Answer:
    return Answer(400, {"error": "malformed", "message": str(error)})


def _told(letter: Letter, layer: Assignment, user: User) -> Told:
    is_hidden = letter.by != user.pk and layer.annotator_id == user.pk
    author = "" if is_hidden else letter.author
    return Told(letter.id, letter.span, letter.asks, author, letter.at, letter.text, letter.waits)
