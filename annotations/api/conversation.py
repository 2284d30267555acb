"""What is written about a layer: read, add, say that it was read."""

from django.http import HttpRequest

from annotations import policy
from annotations.accounts.models import User
from annotations.api.door import door, not_found
from annotations.assignments.models import Assignment
from annotations.conversation import protocol
from annotations.spans.protocol import Answer


@door("GET", "POST")
def messages(user: User, request: HttpRequest, assignment: int) -> Answer:
    """All messages about this layer; or one more, under an id of the program's making."""
    layer = _layer(user, assignment)
    if layer is None:
        return not_found()
    if request.method == "GET":
        return protocol.read(layer, user)
    return protocol.write(layer, request.body, by=user)


@door("POST")
def seen(user: User, request: HttpRequest, assignment: int) -> Answer:
    """A message, and those before it in its thread, wait no longer."""
    layer = _layer(user, assignment)
    if layer is None:
        return not_found()
    return protocol.mark(layer, request.body, by=user)


def _layer(user: User, assignment: int) -> Assignment | None:
    return policy.layers_discussed_by(user).filter(pk=assignment).first()
