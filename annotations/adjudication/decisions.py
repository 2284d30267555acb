"""What became of the differences: how many were settled in which way, and every decision with its
reason, of the articles whose gold layer is submitted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from annotations.accounts.models import SHOWN_NAME
from annotations.adjudication.rules import Rule
from annotations.adjudication.versions import Version, Versions
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import ArticleText
from annotations.spans import images
from annotations.spans.remarks import Decision, Member, SettlementImage

ON_A_PAGE = 25
LATEST = 1_000
"""So many settled articles are looked through at once: a page that finds nothing among them says where
it goes on."""
_BEHIND_ALL = UUID(int=2**128 - 1)

_ABOUT = """(
    EXISTS (SELECT FROM jsonb_to_recordset(m.body->'of') AS o (layer bigint, span uuid)
              JOIN span s ON s.assignment_id = o.layer AND s.id = o.span
              JOIN label l ON l.id = s.label_id
             WHERE l.key = %(about)s)
    OR EXISTS (SELECT FROM jsonb_to_recordset(m.body->'of') AS o (layer bigint, relation uuid)
                 JOIN relation r ON r.assignment_id = o.layer AND r.id = o.relation
                 JOIN relation_type k ON k.id = r.type_id
                WHERE k.key = %(about)s))"""


@dataclass(frozen=True, slots=True)
class Share:
    """How often something was decided; `took` is whose version was taken, "" where none was."""

    decision: Decision
    took: str
    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision stands in the list: articles from the latest on, decisions by their ids."""

    article: int
    decision: UUID

    @classmethod
    def parse(cls, written: str) -> "Place | None":
        """Return what `str` wrote, None for anything else."""
        article, _, decision = written.partition(".")
        if not (article.isascii() and article.isdigit() and len(article) < 19):
            return None
        try:
            return cls(int(article), UUID(decision))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.article}.{self.decision.hex}"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a difference: what the annotators had, and what is gold now, if anything.
    `owner` is whose the gold layer is; `missing`: the annotators who submitted the article and have no
    such span."""

    article: int
    gold: int
    owner: int | None
    title: str
    text: str
    by: str
    at: datetime
    decision: Decision
    took: str
    reason: str
    versions: Sequence[Version]
    missing: Sequence[str]
    result: Version | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions: about spans of a label or relations of a type, decided so, with a reason."""

    about: str = ""
    decision: str = ""
    reasoned: bool = False
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """One page of decisions; `after` is the place to go on from, None at the end."""

    decisions: Sequence[Decided] = field(default=())
    after: Place | None = None


_SHARES = f"""
SELECT d.decision, coalesce({SHOWN_NAME}, ''), d.number
  FROM (SELECT decision, took_id, sum(number)::bigint AS number FROM decision_count
         WHERE campaign_id = %(campaign)s AND about = %(about)s GROUP BY decision, took_id) d
  LEFT JOIN account u ON u.id = d.took_id ORDER BY d.number DESC, 1, 2, d.took_id"""


def shares(campaign: Campaign, about: str = "") -> Sequence[Share]:
    """Return how all settled articles were settled, the most frequent way first. One query, over what
    is counted of each."""
    found = images.fetch(_SHARES, {"campaign": campaign.pk, "about": about})
    return [Share(*row) for row in found]


def log(campaign: Campaign, asked: Asked) -> Log:
    """Return the first decisions about differences that are asked for. Seven queries at most."""
    golds = _golds(campaign, asked.after)
    rows = _rows(golds, asked) if golds else []
    shown = rows[:ON_A_PAGE]
    after = None
    if len(rows) > len(shown):
        after = Place(golds[shown[-1].gold].article, shown[-1].image.id)
    elif len(golds) == LATEST:
        after = Place(min(gold.article for gold in golds.values()), _BEHIND_ALL)
    return Log(_decided(campaign, shown, golds), after)


@dataclass(frozen=True, slots=True)
class _Gold:
    article: int
    owner: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    gold: int
    image: SettlementImage
    by: str
    at: datetime

    @property
    def made(self) -> list[Member]:
        """What came of it in the gold layer."""
        made = [Member(layer=self.gold, relation=each) for each in self.image.relations]
        return [*made, Member(layer=self.gold, span=self.image.span)] if self.image.span else made


def _golds(campaign: Campaign, after: Place | None = None) -> Mapping[int, _Gold]:
    """The latest settled gold layers; those behind a place, and its own."""
    settled = Assignment.objects.filter(
        campaign=campaign, kind=Kind.GOLD, status=Status.SUBMITTED, withdrawn=False
    )
    if after is not None:
        settled = settled.filter(article__lte=after.article)
    latest = settled.order_by("-article").values_list("pk", "article", "annotator")[:LATEST]
    return {pk: _Gold(*gold) for pk, *gold in latest}


def _rows(golds: Mapping[int, _Gold], asked: Asked) -> Sequence[_Row]:
    after = asked.after or Place(0, _BEHIND_ALL)
    found = images.fetch(
        f"""SELECT m.assignment_id, {SHOWN_NAME}, m.at, {images.REMARK_COLUMNS}
              FROM unnest(%(golds)s::bigint[], %(articles)s::bigint[]) AS g (id, article)
              JOIN remark m ON m.assignment_id = g.id AND m.kind = 'settlement' AND NOT m.removed
              JOIN account u ON u.id = m.account_id
             WHERE m.body->>'decision' <> 'equal'
               AND (g.article <> %(article)s OR m.id > %(decision)s)
               AND (%(decided)s = '' OR m.body->>'decision' = %(decided)s)
               AND (NOT %(reasoned)s OR m.body->>'reason' NOT IN ('', %(by_rule)s))
               AND (%(about)s = '' OR {_ABOUT})
             ORDER BY g.article DESC, m.id LIMIT {ON_A_PAGE + 1}""",
        {
            "golds": list(golds),
            "articles": [gold.article for gold in golds.values()],
            "article": after.article,
            "decision": after.decision,
            "decided": asked.decision,
            "reasoned": asked.reasoned,
            "by_rule": Rule.MAJORITY,
            "about": asked.about,
        },
    )
    return [_row(*row) for row in found]


def _row(gold: int, by: str, at: datetime, *remark: Any) -> _Row:
    return _Row(gold, images.settlement_image(remark), by, at)


def _decided(
    campaign: Campaign, rows: Sequence[_Row], golds: Mapping[int, _Gold]
) -> Sequence[Decided]:
    """The decisions with what they are about. Five queries, none for none."""
    if not rows:
        return ()
    versions = Versions([member for row in rows for member in (*row.image.of, *row.made)])
    keys = {golds[row.gold].article for row in rows}
    articles, layers = _articles(keys), _layers(campaign, keys)
    found = []
    for row in rows:
        image, gold = row.image, golds[row.gold]
        title, text = articles[gold.article]
        found.append(
            Decided(
                article=gold.article,
                gold=row.gold,
                owner=gold.owner,
                title=title,
                text=text,
                by=row.by,
                at=row.at,
                decision=image.decision,
                took=versions.name(image.took),
                reason=image.reason,
                versions=versions.of(image.of),
                missing=_missing(image, layers.get(gold.article, {})),
                result=versions.version(row.made) if image.result else None,
            )
        )
    return found


def _missing(image: SettlementImage, layers: Mapping[int, str]) -> Sequence[str]:
    """Who has no such span. Of relations nobody: who lacks the span they begin at has no part in it."""
    if any(member.relation for member in image.of):
        return ()
    having = {member.layer for member in image.of}
    return [name for layer, name in layers.items() if layer not in having]


def _layers(campaign: Campaign, articles: Collection[int]) -> Mapping[int, Mapping[int, str]]:
    """Whose layers of these articles are submitted, by article and layer."""
    found = campaign.assignments.filter(
        article__in=articles, kind=Kind.ANNOTATOR, status=Status.SUBMITTED, withdrawn=False
    )
    layers: dict[int, dict[int, str]] = {article: {} for article in articles}
    for layer in found.select_related("annotator").order_by("article", "slot"):
        layers[layer.article_id][layer.pk] = str(layer.annotator)
    return layers


def _articles(articles: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Their titles and texts."""
    found = ArticleText.objects.filter(article__in=articles).values_list(
        "article", "article__title", "article__external_id", "text"
    )
    return {pk: (title or known or "", text) for pk, title, known, text in found}
