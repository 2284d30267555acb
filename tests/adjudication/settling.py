"""Campaigns whose annotators are done, and gold layers of them."""

import json

from annotations.accounts.models import User
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.assignments.services import start
from annotations.corpora.models import Article, Membership
from annotations.spans.protocol import operate
from tests import factories
from tests.agreement.layers import Mark, article, lay, placing, set_status


def campaign_of(*annotators: User, adjudicators: tuple[User, ...] = ()) -> Campaign:
    """A running campaign over one article, with these people."""
    corpus = factories.corpus()
    article(corpus, title="Berita 1")
    for person in adjudicators:
        Membership.objects.create(corpus=corpus, user=person, role=person.role)
    return factories.campaign(corpus, [*annotators])


def more(campaign: Campaign, count: int) -> list[Article]:
    """So many articles more, with their places."""
    made = [article(campaign.corpus) for _ in range(count)]
    start(campaign, by=None)
    return made


def submitted(campaign: Campaign, article: Article, **marks: tuple[Mark, ...]) -> None:
    """Every annotator has submitted: those named with these marks, the others nothing."""
    for layer in campaign.assignments.filter(article=article, kind=Kind.ANNOTATOR):
        lay(campaign, article, layer.annotator, *marks.get(layer.annotator.username, ()))


def gold_of(campaign: Campaign, by: User, **marks: tuple[Mark, ...]) -> Assignment:
    """The gold layer of the campaign's first article, its annotators being done."""
    first = campaign.corpus.articles.order_by("pk")[0]
    submitted(campaign, first, **marks)
    return open_gold(campaign, first, by=by)


def work(layer: Assignment, *told: Mark | dict[str, object]) -> list[str]:
    """These operations, or placed marks, are in a layer that is open now; returns the ids of the
    spans that were placed."""
    layer.refresh_from_db()
    if layer.status == Status.WAITING:
        set_status(layer, Status.OPEN)
    marks = tuple(one for one in told if isinstance(one, tuple))
    placing_ = json.loads(placing(layer.article, layer.revision, marks))["operations"]
    operations = [*placing_, *(one for one in told if isinstance(one, dict))]
    body = json.dumps({"base": layer.revision, "operations": operations}).encode()
    answer = operate(layer.pk, body, by=layer.annotator)
    assert answer.status == 200, answer
    return [factories.span_id(one) for one in operations if one["op"] == "place"]
