"""What an annotator is corrected in, in words: both versions side by side, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.accounts.models import User
from annotations.adjudication.corrected import MOST, corrected_in
from annotations.adjudication.corrections import (
    Difference,
    Goal,
    Kind,
    RelationCorrection,
    SpanCorrection,
)
from annotations.adjudication.records import Named, Shape
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import ArticleText
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement import correcting
from annotations.web.agreement.correcting import Row, Sort, Wanted, written
from annotations.web.agreement.naming import attribute_word, relation_word
from annotations.web.agreement.spans import Guide, guides
from annotations.web.corrected import corrections_url
from annotations.web.kwic import desk_at
from annotations.web.labels import LabelName, label_name, values_in_words
from annotations.web.passages import Fact, Version, compared, parts, stretch
from annotations.web.shell import way_to

WORDS: Mapping[Kind, str | Promise] = {
    Kind.MISSED: gettext_lazy("Missed"),
    Kind.NOT_RIGHT: gettext_lazy("Not in gold"),
    Kind.LABEL: gettext_lazy("Other label"),
    Kind.EXTENT: gettext_lazy("Other boundaries"),
    Kind.ENTITY: gettext_lazy("Other entity"),
    Kind.TARGET: gettext_lazy("Leads elsewhere"),
    Kind.REMARK: gettext_lazy("Right, with a remark"),
}

Side = Literal["mine", "gold"]


@dataclass(frozen=True, slots=True)
class Way:
    """So many corrections, and the address that shows them; `here`: they are shown."""

    words: str
    number: int
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class ShownSort:
    """What one is corrected in about a label, a type of relation (`words`), or all."""

    label: LabelName | None
    every: Way
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One correction; of a side that has nothing, the version is None."""

    title: str
    url: str
    ask_url: str
    differs: Sequence[str]
    mine: Version | None
    gold: Version | None
    reasons: Sequence[str]
    notes: Sequence[str]

    @property
    def sides(self) -> Sequence[tuple[str, Version | None]]:
        return [(_("You"), self.mine), (_("Gold"), self.gold)]


@dataclass(frozen=True, slots=True)
class CorrectionsScreen:
    """One page of corrections; `settled`: so many articles were looked at; `most`: no more than these
    were, 0 where all were; `shown`: what of them is shown, None for all; `article`: the title of the one
    that is asked about; `after`, `before`: the places to go on from, "" at the ends."""

    settled: int
    most: int
    sorts: Sequence[ShownSort]
    shown: Way | None
    article: str
    rows: Sequence[ShownCorrection]
    guides: Sequence[Guide]
    after: str
    before: str


def screen(campaign: Campaign, wanted: Wanted, user: User) -> CorrectionsScreen:
    """Return one page of a person's corrections. Eight queries at most."""
    spec = spec_of(campaign.schema_id)
    found = corrected_in(campaign, user, article=wanted.article)
    every = correcting.rows_of(found)
    page = correcting.page(correcting.chosen(every, wanted), wanted)
    texts = _texts({row.layer.article_id for row in page.rows})
    showing = _Showing(spec, texts)
    ways = shown_sorts(campaign, every, wanted)
    return CorrectionsScreen(
        settled=len(found),
        most=MOST if len(found) == MOST else 0,
        sorts=ways,
        shown=_shown(ways),
        article=_title(found[0].layer) if found and wanted.article else "",
        rows=[showing.row(row) for row in page.rows],
        guides=[*guides(spec, _labels(page.rows), wanted.difference.partition(".")[2])],
        after=str(page.rows[-1].place) if page.later and page.rows else "",
        before=str(page.rows[0].place) if page.earlier and page.rows else "",
    )


def shown_sorts(campaign: Campaign, rows: Sequence[Row], wanted: Wanted) -> Sequence[ShownSort]:
    """Return what one is corrected in, the most first, each with the way to it."""
    spec, slug = spec_of(campaign.schema_id), campaign.slug
    return [_shown_sort(spec, slug, sort, wanted) for sort in correcting.sorts(rows) if sort.number]


def _shown_sort(spec: Spec, campaign: str, sort: Sort, wanted: Wanted) -> ShownSort:
    label = spec.label(sort.about)

    def way(words: str, number: int, difference: str = "") -> Way:
        narrowed = wanted.narrowed(sort.about, difference)
        here = (wanted.about, wanted.difference) == (sort.about, difference)
        return Way(words, number, corrections_url(campaign, **narrowed.told), here)

    name = relation_word(spec, sort.about) if sort.about and not label else _("All corrections")
    return ShownSort(
        label=label_name(label) if label else None,
        every=way(named(label.name) if label else name, sort.number),
        ways=[
            way(_in_words(spec, sort.about, one), number, written(one)) for one, number in sort.of
        ],
    )


def _in_words(spec: Spec, about: str, difference: Difference) -> str:
    """What differs; of a value, the name that its attribute has with this label or relation, or where
    it has one first."""
    if difference.kind != Kind.VALUE:
        return str(WORDS[difference.kind])
    thing = spec.label(about) or spec.relation(about)
    attribute = thing.attribute(difference.attribute) if thing else None
    return named(attribute.name) if attribute else attribute_word(spec, difference.attribute)


def _texts(articles: set[int]) -> Mapping[int, str]:
    found = (
        ArticleText.objects.filter(article__in=articles) if articles else ArticleText.objects.none()
    )
    return dict(found.values_list("article", "text"))


def _shown(sorts: Sequence[ShownSort]) -> Way | None:
    """What is shown, under its whole name; None for all."""
    whole = [each.every for each in sorts[1:]]
    parts = [way for each in sorts[:1] for way in each.ways]
    parts += [
        replace(way, words=f"{each.every.words}: {way.words}")
        for each in sorts[1:]
        for way in each.ways
    ]
    return next((way for way in (*whole, *parts) if way.here), None)


def _title(layer: Assignment) -> str:
    return layer.article.title or layer.article.external_id or _("Without a title")


def _ask_url(row: Row) -> str:
    """Where one writes about this to whoever adjudicates: about one's own span, or the article."""
    span = row.correction.span if isinstance(row.correction, SpanCorrection) else None
    asked = f"?{urlencode({'span': span})}" if span else ""
    return f"{way_to('question', row.layer.pk)}{asked}"


def _labels(rows: Sequence[Row]) -> set[str]:
    return {shape.label for row in rows for shape in row.correction.shapes}


class _Showing:
    """The corrections of one page in words."""

    def __init__(self, spec: Spec, texts: Mapping[int, str]) -> None:
        self._spec, self._texts = spec, texts

    def row(self, row: Row) -> ShownCorrection:
        one, text = row.correction, self._texts[row.layer.article_id]
        ends = [edge for shape in one.shapes for pair in shape.fragments for edge in pair]
        start, end = (min(ends), max(ends)) if ends else (0, 0)
        around = stretch(text, start, end)
        sides = [self._version(one, side, text, around) for side in ("mine", "gold")]
        both = iter(compared([each for each in sides if each]))
        mine, gold = (each and next(both) for each in sides)
        return ShownCorrection(
            title=_title(row.layer),
            ask_url=_ask_url(row),
            url=desk_at(row.layer.pk, row.layer.article_id, text, start, end),
            differs=[_in_words(self._spec, one.about, each) for each in one.differs],
            mine=mine,
            gold=gold,
            reasons=one.reasons,
            notes=one.notes if isinstance(one, SpanCorrection) else (),
        )

    def _version(
        self,
        one: SpanCorrection | RelationCorrection,
        side: Side,
        text: str,
        around: tuple[int, int],
    ) -> Version | None:
        if isinstance(one, RelationCorrection):
            goals = one.mine if side == "mine" else one.gold
            facts = [fact for goal in goals for fact in self._goal(one.type, goal)]
            return self._shown(one.source, side, facts, text, around) if goals else None
        shape = one.mine if side == "mine" else one.gold
        return self._shown(shape, side, [*self._facts(shape)], text, around) if shape else None

    def _shown(
        self,
        shape: Shape | None,
        side: Side,
        facts: Sequence[tuple[str, str]],
        text: str,
        around: tuple[int, int],
    ) -> Version:
        label = self._spec.label(shape.label) if shape else None
        fragments = [(start, end) for start, end in shape.fragments] if shape else []
        return Version(
            annotator=_("You") if side == "mine" else _("Gold"),
            label=label_name(label) if label else None,
            parts=parts(text, fragments, around) if shape else (),
            facts=[Fact(*fact) for fact in facts],
            guide=label.key if label else "",
        )

    def _facts(self, shape: Shape) -> Iterator[tuple[str, str]]:
        label = self._spec.label(shape.label)
        yield from values_in_words(label.attributes if label else (), shape.attributes)
        if shape.entity is not None:
            yield "→", _entity(shape.entity)

    def _goal(self, kind: str, goal: Goal) -> Iterator[tuple[str, str]]:
        relation = self._spec.relation(kind)
        end = " … ".join(goal.span.text) if goal.span else ""
        yield relation_word(self._spec, kind), _entity(goal.entity) if goal.entity else end
        yield from values_in_words(relation.attributes if relation else (), goal.attributes)


def _entity(entity: Named) -> str:
    """Its name; of what somebody proposed and nobody accepted, only that."""
    return entity.name or _("an entity that is not accepted yet")
