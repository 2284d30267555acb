"""Articles on their way to gold, with their layers: for lists, for the ways in, for many campaigns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from annotations.adjudication.queries import (
    PAGE,
    Article,
    State,
    article_of,
    ground_of,
)
from annotations.adjudication.standing import unsettled
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.spans.images import fetch

_EACH = "SELECT c.id, x.* FROM unnest(%(campaigns)s::bigint[]) AS c (id) CROSS JOIN LATERAL"
_THESE = f"{_EACH} ({PAGE.format(range='AND g.article_id = ANY(%(articles)s)')}) x"


@dataclass(frozen=True, slots=True)
class Standing:
    """One article, its gold layer if it has one, and those of its annotators."""

    article: Article
    gold: Assignment | None
    layers: Sequence[Assignment]

    @property
    def submitted(self) -> Sequence[Assignment]:
        return [each for each in self.layers if each.status == Status.SUBMITTED]

    @property
    def unfinished(self) -> Sequence[Assignment]:
        """The layers that somebody still has to submit; who is gone has not."""
        done = (Status.SUBMITTED, Status.SKIPPED)
        open_ = [each for each in self.layers if each.status not in done]
        return [each for each in open_ if each.annotator is None or each.annotator.is_active]

    @property
    def changed(self) -> Sequence[Assignment]:
        """The layers that were submitted anew, or opened again, since the article was settled."""
        since = self.gold.submitted_at if self.gold else None
        if since is None or self.article.state is not State.SETTLED:
            return ()
        anew = [each for each in self.submitted if each.submitted_at and each.submitted_at > since]
        return [*anew, *self.unfinished]


def these(
    campaigns: Collection[int], articles: Collection[int]
) -> Mapping[tuple[int, int], Article]:
    """Return where these articles stand in these campaigns, by campaign and article; those that are
    nothing of a campaign are left out. One query, none for none."""
    if not campaigns or not articles:
        return {}
    known = {
        "campaigns": list(campaigns),
        "articles": list(articles),
        "state": None,
        "who": None,
    }
    found = ((campaign, article_of(row)) for campaign, *row in fetch(_of_each(_THESE), known))
    return {(campaign, article.key): article for campaign, article in found}


def left_in(gold: Assignment) -> int:
    """Return how many differences are open in a gold layer, as its adjudicator counts them: what all
    agree on settles itself once that on which it hangs is settled. Queries: those of `ground_of`."""
    _, ground = ground_of(gold)
    still = unsettled(ground.cases, ground.gold())
    return sum(not case.equal for case in still) or len(still)


def standings(campaign: Campaign, articles: Sequence[Article]) -> Sequence[Standing]:
    """Return these articles with their layers. One query."""
    keys = [article.key for article in articles]
    rows = campaign.assignments.filter(article__in=keys, withdrawn=False)
    layers: dict[int, list[Assignment]] = {key: [] for key in keys}
    for row in rows.select_related("annotator").order_by("article", "slot"):
        layers[row.article_id].append(row)
    return [_standing(article, layers[article.key]) for article in articles]


def _standing(article: Article, layers: Sequence[Assignment]) -> Standing:
    gold = next((each for each in layers if each.pk == article.gold), None)
    return Standing(article, gold, [each for each in layers if each.kind == Kind.ANNOTATOR])


def _of_each(query: str) -> str:
    """The query about one campaign, asked of each."""
    return query.replace("%(campaign)s", "c.id")
