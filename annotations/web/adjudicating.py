"""The way into the adjudication of an article, for every screen that shows one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.articles import these
from annotations.adjudication.queries import Article, State
from annotations.assignments.models import Campaign


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where it goes on. `posts`: a gold layer may be made on the way, which no link does. The place
    [start, end) of the text is what somebody looked at before; (0, 0) for none."""

    words: str | Promise
    url: str
    posts: bool = False
    start: int = 0
    end: int = 0

    def at(self, start: int, end: int) -> "Doorway":
        """The same way, to a place of the text."""
        url = self.url if self.posts else f"{self.url}{_asked(start, end)}"
        return replace(self, url=url, start=start, end=end)


def doorway(campaign: Campaign, article: Article, user: User) -> Doorway | None:
    """Return the way for who may adjudicate in the campaign: into their own gold layer, or into a
    new one of an article that is ready. None where there is nothing to settle, or another does. Of a
    campaign that does not run, one's gold layers can still be read."""
    runs = campaign.status == Campaign.Status.RUNNING
    if article.state is State.READY and runs:
        return Doorway(
            _("Adjudicate"), reverse("adjudicate", args=[campaign.slug, article.key]), posts=True
        )
    if article.gold is None or article.adjudicator != user.pk:
        return None
    goes_on = article.state is State.PROGRESS and runs
    words = _("Go on adjudicating") if goes_on else _("Gold layer")
    return Doorway(words, gold_url(article.gold))


def doorways(campaign: Campaign, articles: Collection[int], user: User) -> Mapping[int, Doorway]:
    """Return the ways into these articles, none for who may not adjudicate. Two queries at most."""
    if not articles or not policy.ADJUDICATE.allows(user, campaign):
        return {}
    standing = these([campaign.pk], articles)
    ways = {key: doorway(campaign, each, user) for (_campaign, key), each in standing.items()}
    return {key: way for key, way in ways.items() if way}


def gold_url(gold: int, start: int = 0, end: int = 0) -> str:
    """The address of a gold layer on the desk, at a place of the text."""
    return reverse("desk", args=[gold]) + _asked(start, end)


def _asked(start: int, end: int) -> str:
    return f"?from={start}&to={end}" if end else ""
