"""Gold layers: the next one to settle, one of a chosen article, and the cases in it. They are changed
and submitted like any layer."""

import msgspec
from django.http import HttpRequest

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.queries import cases_of
from annotations.adjudication.services import claim_next, open_gold
from annotations.api.door import body_of, door, not_found, refused
from annotations.api.views import Claim, summary
from annotations.assignments.models import Assignment, Campaign
from annotations.assignments.services import Impossible
from annotations.spans.protocol import Answer


class Chosen(msgspec.Struct):
    """An article of a campaign, by its key there."""

    campaign: str
    article: int


@door("POST")
def claim(user: User, request: HttpRequest) -> Answer:
    """The next article that is ready to be settled; 204 when none is."""
    campaign = _campaign(user, body_of(request, Claim).campaign)
    if campaign is None:
        return not_found()
    gold = claim_next(campaign, by=user)
    return Answer(200, summary(gold)) if gold else Answer(204, {})


@door("POST")
def choose(user: User, request: HttpRequest) -> Answer:
    """The gold layer of this article; 409 where it is another's, or its annotators are not done."""
    wanted = body_of(request, Chosen)
    campaign = _campaign(user, wanted.campaign)
    if campaign is None:
        return not_found()
    article = campaign.corpus.articles.filter(pk=wanted.article).first()
    if article is None:
        return not_found()
    try:
        return Answer(200, summary(open_gold(campaign, article, by=user)))
    except Impossible as impossible:
        return refused(409, "not_ready", str(impossible))


@door("GET")
def cases(user: User, request: HttpRequest, assignment: int) -> Answer:
    """Where the layers of the article differ, as the desk shows it."""
    gold = Assignment.objects.select_related("campaign", "corpus").filter(pk=assignment).first()
    if gold is None or not policy.SETTLE.allows(user, gold):
        return not_found()
    return Answer(200, msgspec.structs.asdict(cases_of(gold)))


def _campaign(user: User, slug: str) -> Campaign | None:
    return policy.campaigns_adjudicated_by(user).filter(slug=slug).first()
