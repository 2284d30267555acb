"""An annotator's own layers against the gold ones, where the campaign lets them see that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from annotations.accounts.models import User
from annotations.adjudication.corrected import corrected_in
from annotations.agreement.direct import MOST, against_gold, pair_of
from annotations.agreement.measures.annotators import f1_of
from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.tally import Counts
from annotations.assignments.models import Assignment, Campaign, Kind
from annotations.corpora.models import Article
from annotations.schema.services import spec_of
from annotations.web.agreement.correcting import Wanted, by_article, rows_of
from annotations.web.agreement.corrections import ShownSort, shown_sorts
from annotations.web.agreement.figures import FEW, Bar, bar_of
from annotations.web.agreement.reasons import in_words
from annotations.web.corrected import corrections_url
from annotations.web.labels import LabelName, label_name
from annotations.web.shell import way_to


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A label, or all (None): exact F1, of which the precision is the share of one's own spans that
    are gold, the recall that of gold spans one has; and overlap F1."""

    label: LabelName | None
    exact: F1
    exact_bar: Bar | None
    overlap: F1
    overlap_bar: Bar | None
    undefined: str | Promise
    few: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article: spans of one's own and of gold, and how many are equal; how much is corrected in
    it (None: that was not looked at), and where that is shown."""

    title: str
    url: str
    mine: int
    gold: int
    equal: int
    corrected: int | None
    corrections_url: str


@dataclass(frozen=True, slots=True)
class GoldScreen:
    """`most`: only the latest so many articles are compared. `corrected`: what one is corrected in, the
    most first."""

    rows: Sequence[GoldRow]
    articles: Sequence[GoldArticle]
    most: int
    corrected: Sequence[ShownSort]


def screen(campaign: Campaign, user: User) -> GoldScreen:
    """Return one's own layers against gold: at most twelve queries."""
    spec = spec_of(campaign.schema_id)
    labels = [each.key for each in spec.labels]
    counts = against_gold(campaign, user.pk).counts.get(user.username, {})
    every = [*counts.values()]
    corrected = corrected_in(campaign, user)
    rows = [(None, labels), *((label_name(each), [each.key]) for each in spec.labels)]
    return GoldScreen(
        rows=[_row(name, every, keys) for name, keys in rows] if every else [],
        articles=[*_articles(campaign, user, counts, labels, by_article(corrected))],
        most=MOST,
        corrected=shown_sorts(campaign, rows_of(corrected), Wanted()),
    )


def _row(name: LabelName | None, counts: Sequence[Counts], labels: Sequence[str]) -> GoldRow:
    exact, overlap = (f1_of(pair_of(counts, labels, each)) for each in ("exact", "overlap"))
    return GoldRow(
        label=name,
        exact=exact,
        exact_bar=bar_of(exact.value, None, None),
        overlap=overlap,
        overlap_bar=bar_of(overlap.value, None, None),
        undefined=in_words(exact.undefined) if exact.undefined else "",
        few=exact.n < FEW,
    )


def _articles(
    campaign: Campaign,
    user: User,
    counts: Mapping[int, Counts],
    labels: Sequence[str],
    corrected: Mapping[int, int],
) -> Iterator[GoldArticle]:
    """Yield the articles, those that differ most first."""
    titles = Article.objects.in_bulk(counts)
    mine = Assignment.objects.filter(campaign=campaign, annotator=user, kind=Kind.ANNOTATOR)
    keys = dict(mine.filter(article__in=counts).values_list("article", "pk"))
    pairs = {article: pair_of([each], labels, "exact") for article, each in counts.items()}

    def unlike(article: int) -> int:
        pair = pairs[article]
        return pair.first + pair.second - 2 * pair.matched

    for article in sorted(pairs, key=lambda each: (-unlike(each), each)):
        pair, known = pairs[article], titles[article]
        yield GoldArticle(
            title=known.title or known.external_id or str(article),
            url=way_to("desk", keys[article]),
            mine=pair.first,
            gold=pair.second,
            equal=pair.matched,
            corrected=corrected.get(article),
            corrections_url=corrections_url(campaign.slug, article=article),
        )
