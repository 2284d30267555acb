"""The operations protocol: what a request's body is answered with, whatever door it came through.

Status codes: 200 applied, 400 malformed, 404 not yours or not there, 409 stale, text, closed or
undo, 413 too large, 422 everything else that is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from annotations.accounts.models import User
from annotations.assignments.models import Status
from annotations.schema.naming import named
from annotations.schema.rules import Finding
from annotations.schema.spec import Spec
from annotations.spans.layer import Refusal
from annotations.spans.requests import MAX_BYTES, Malformed, parse
from annotations.spans.services import Allows, Applied, InTrash, NotYours, Stale, apply_batch
from annotations.spans.submit import Also, Closed, Incomplete, submit
from annotations.text.words import N_

CONFLICTS = ("text", "closed", "undo")

TOO_LARGE = N_("A request holds at most %(most)s bytes; send the operations in several.")
NOT_FOUND = N_("There is no such assignment.")
IN_TRASH = N_("This article waits in the trash; nothing of it can change until it is restored.")
STALE = N_("The layer changed elsewhere since; what was done is listed.")
CLOSED = N_("This layer is not open; it is %(status)s.")
INCOMPLETE = N_("The layer is not complete yet; nothing was submitted and nothing is lost.")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    payload: dict[str, object]


def operate(assignment_id: int, body: bytes, *, by: User, settles: Allows | None = None) -> Answer:
    """Apply the operations in a request's body to a layer, and say what came of it. `settles`: see
    `apply_batch`."""
    if len(body) > MAX_BYTES:
        return too_large()
    try:
        applied = apply_batch(assignment_id, parse(body), by=by, settles=settles)
    except Malformed as error:
        return Answer(400, {"error": "malformed", "message": str(error)})
    except NotYours as error:
        return _not_yours(error)
    except Stale as stale:
        return _stale(stale)
    return _applied(applied)


def too_large() -> Answer:
    """The answer to a body over MAX_BYTES; nothing of it was read."""
    message = gettext(TOO_LARGE) % {"most": MAX_BYTES}
    return Answer(413, {"error": "too_large", "message": message})


def _not_yours(error: NotYours) -> Answer:
    message = IN_TRASH if isinstance(error, InTrash) else NOT_FOUND
    return Answer(404, {"error": "not_found", "message": gettext(message)})


def _stale(stale: Stale) -> Answer:
    payload: dict[str, object] = {
        "error": "stale",
        "message": gettext(STALE),
        "revision": stale.revision,
        "operations_since": stale.operations,
    }
    return Answer(409, payload)


def _applied(applied: Applied) -> Answer:
    done: dict[str, object] = {
        "revision": applied.revision,
        "results": [
            {"id": result.id, "seq": result.seq, "changes": result.changes}
            | ({"repeated": True} if result.repeated else {})
            for result in applied.results
        ],
    }
    if applied.refusal is None:
        return Answer(200, done)
    status = 409 if applied.refusal.error in CONFLICTS else 422
    return Answer(status, _refused(applied.refusal, applied.refused) | done)


def _refused(refusal: Refusal, refused: UUID | None) -> dict[str, object]:
    return {
        "error": refusal.error,
        "message": gettext(refusal.message) % _told(refusal.details),
        "refused": refused,
        "current": refusal.current,
    }


def _told(details: dict[str, object]) -> dict[str, object]:
    """A refusal's details; the reason within it is a sentence of ours too."""
    reason = details.get("reason")
    return details | ({"reason": gettext(str(reason))} if reason else {})


def close(assignment_id: int, base: int, *, by: User, also: Also) -> Answer:
    """Submit a layer as it stood at revision `base`, and say what came of it. `also`: see `submit`."""
    try:
        submitted = submit(assignment_id, base=base, by=by, also=also)
    except NotYours as error:
        return _not_yours(error)
    except Stale as stale:
        return _stale(stale)
    except Closed as closed:
        message = gettext(CLOSED) % {"status": Status(closed.status).label.lower()}
        return Answer(409, {"error": "closed", "message": message, "status": closed.status})
    except Incomplete as incomplete:
        payload: dict[str, object] = {"error": "incomplete", "message": gettext(INCOMPLETE)}
        payload["constraints"] = constraints(incomplete.spec, incomplete.findings)
        return Answer(422, payload)
    return Answer(200, {"status": submitted.status, "revision": submitted.revision})


def constraints(spec: Spec, findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings as the protocol shows them: with a sentence in the reader's language, and the span
    it is about (null: the article, or what stands at its `fragments`)."""
    return [
        {
            "code": found.code,
            "severity": found.severity,
            "span": found.span,
            "relation": found.relation or None,
            "message": gettext(found.message) % _in_words(found, spec),
            **({"fragments": found.fragments} if found.fragments else {}),
        }
        for found in findings
    ]


def _in_words(found: Finding, spec: Spec) -> dict[str, object]:
    """The finding's details with names for people where they are keys of the schema."""
    words = dict(found.details)
    if label := spec.label(str(words.get("label", ""))):
        words["label"] = named(label.name).lower()
        if attribute := label.attribute(str(words.get("attribute", ""))):
            words["attribute"] = named(attribute.name).lower()
    if relation := spec.relation(str(words.get("relation", ""))):
        words["relation"] = named(relation.name)
    return words
