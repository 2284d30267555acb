"""A campaign whose annotators may see what gold has otherwise than they."""

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from tests.adjudication.settling import campaign_of, submitted
from tests.web.test_decisions import ACTOR, CUE, LONGER, QUOTE, first, settle

LABELLED = {"annotator_a": (QUOTE, ACTOR, CUE), "annotator_b": (LONGER, ACTOR)}
"""Of these, `settle` takes the quote of annotator_a, the actor, and no cue."""


def shown_campaign(*annotators: User, adjudicator: User) -> Campaign:
    """They have submitted its one article; nothing is settled yet."""
    found = campaign_of(*annotators, adjudicators=(adjudicator,))
    Campaign.objects.filter(pk=found.pk).update(gold_shown=True)
    submitted(found, first(found), **LABELLED)
    return found


def settled_first(campaign: Campaign, adjudicator: User) -> Assignment:
    """The submitted gold layer of the campaign's first article."""
    return settle(campaign, first(campaign), adjudicator)
