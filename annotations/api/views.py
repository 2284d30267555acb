"""One's own assignments: list, claim, read, change, submit."""

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.closing import close
from annotations.adjudication.corrected import corrections_of
from annotations.api.door import body_of, door, not_found, refused
from annotations.assignments.models import Assignment, Kind
from annotations.assignments.services import claim_next
from annotations.exchange.outgoing import line_of
from annotations.spans.protocol import Answer, operate


class Claim(msgspec.Struct):
    campaign: str


class Submit(msgspec.Struct):
    base: int


def summary(assignment: Assignment) -> dict[str, object]:
    """An assignment as the lists and claims of the API show it."""
    return {
        "id": assignment.pk,
        "kind": assignment.kind,
        "campaign": assignment.campaign.slug,
        "article": assignment.article_id,
        "status": assignment.status,
        "revision": assignment.revision,
    }


@door("GET")
def assignments(user: User, request: HttpRequest) -> Answer:
    """All of one's own, in the order they were handed out."""
    own = policy.assignments_of(user).select_related("campaign").order_by("pk")
    return Answer(200, {"assignments": [summary(assignment) for assignment in own]})


@door("POST")
def claim(user: User, request: HttpRequest) -> Answer:
    """The next article of a campaign; 204 when none is left."""
    wanted = body_of(request, Claim).campaign
    campaign = policy.campaigns_labelled_by(user).filter(slug=wanted).first()
    if campaign is None:
        return not_found()
    assignment = claim_next(campaign, user)
    return Answer(200, summary(assignment)) if assignment else Answer(204, {})


@door("GET")
def assignment(user: User, request: HttpRequest, assignment: int) -> Answer:
    """One article with this layer alone, as a kutip/1 line, and the layer's revision."""
    own = policy.assignments_of(user).filter(pk=assignment, article__withdrawn_at=None).first()
    if own is None:
        return not_found()
    return Answer(200, msgspec.json.decode(line_of(own)))


@door("GET")
def corrections(user: User, request: HttpRequest, assignment: int) -> Answer:
    """What gold has otherwise than this layer; 409 as long as one of both is not submitted."""
    owned = policy.assignments_of(user).filter(pk=assignment, kind=Kind.ANNOTATOR)
    own = owned.select_related("campaign", "corpus").first()
    if own is None or not policy.SEE_OWN_AGAINST_GOLD.allows(user, own.campaign):
        return not_found()
    found = corrections_of(own, user)
    if found is None:
        message = _(
            "This layer is not submitted, or the article has no submitted gold layer by now, or you "
            "still label the article in another campaign. Ask again when all of that is done."
        )
        return refused(409, "not_settled", message)
    return Answer(200, msgspec.structs.asdict(found))


@door("POST")
def operations(user: User, request: HttpRequest, assignment: int) -> Answer:
    """Apply a batch of operations to the layer."""
    return operate(assignment, request.body, by=user, settles=policy.SETTLE.allows)


@door("POST")
def submit(user: User, request: HttpRequest, assignment: int) -> Answer:
    """Submit the layer as it stood at revision `base`."""
    base = body_of(request, Submit).base
    return close(assignment, base, by=user, settles=policy.SETTLE.allows)
