"""The spans behind a number, both versions side by side in what stands around them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement import cases as behind
from annotations.agreement.cases import CasePage, Found
from annotations.agreement.measures.relations import End, Linked
from annotations.agreement.measures.tally import Mark
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Part
from annotations.corpora.models import Article
from annotations.corpora.searching.concordance import Line
from annotations.registry.models import Entity
from annotations.schema.guidelines import Guidelines
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Label, Spec
from annotations.web.adjudicating import Doorway, doorways
from annotations.web.agreement.asking import Asked
from annotations.web.agreement.batches import batch_words
from annotations.web.agreement.naming import title_of
from annotations.web.kwic import articles_url, way_to_line
from annotations.web.labels import LabelName, label_name, value_name
from annotations.web.passages import Fact, Version, parts, stretch


@dataclass(frozen=True, slots=True)
class Shown:
    """One case; of a span alone, one version is None and `nobody` the annotator who has none. `way`:
    where it can be settled."""

    title: str
    url: str
    versions: Sequence[Version | None]
    nobody: str
    way: Doorway | None


@dataclass(frozen=True, slots=True)
class Guide:
    """What the guidelines say of a label, and of the attribute that was asked about."""

    key: str
    label: LabelName
    words: SafeString
    attribute: SafeString


@dataclass(frozen=True, slots=True)
class SpansScreen:
    """One page of the list; `after` and `before` are the places to go on from, "" at the ends."""

    title: str
    label: LabelName | None
    found: CasePage
    cases: Sequence[Shown]
    guides: Sequence[Guide]
    pair: str
    article: str
    part: str
    is_weighed: bool
    after: str
    before: str


def screen(run: AgreementRun, asked: Asked, *, by: User) -> SpansScreen:
    """Return the spans that are asked for: those of `behind.page`, two queries for names,
    and three for the ways into adjudication."""
    spec = spec_of(run.campaign.schema_id)
    found = behind.page(run, asked.choice, asked.where, after=asked.after, before=asked.before)
    label = spec.label(asked.label) if asked.label else None
    titles = _titles({each.place.article for each in found.cases} | {asked.where.article or 0})
    known = policy.entities_seen_by(by, run.campaign.corpus.registry)
    entities = _entities(found.cases, known)
    ways = doorways(run.campaign, {each.place.article for each in found.cases}, by)
    showing = _Showing(spec, articles_url(run.campaign.corpus.slug), titles, entities, ways)
    return SpansScreen(
        title=title_of(spec, asked),
        label=label_name(label) if label else None,
        found=found,
        cases=[showing.case(each) for each in found.cases],
        guides=list(guides(spec, _labels(found.cases), asked.choice.detail)),
        pair=" · ".join(asked.where.pair or ()),
        article=titles.get(asked.where.article or 0, ""),
        part=" · ".join(_part(asked.where.part, found.batches)),
        is_weighed=asked.choice.what == "lost" and asked.choice.step != "found",
        after=str(found.cases[-1].place) if found.later and found.cases else "",
        before=str(found.cases[0].place) if found.earlier and found.cases else "",
    )


def _part(part: Part, batches: Sequence[str]) -> Iterator[str]:
    if part.source is not None:
        yield part.source or _("no source")
    if part.language is not None:
        yield part.language
    if part.batch is not None:
        words = batch_words([*{*batches, part.batch}])
        yield _("loaded %(day)s") % {"day": words[part.batch]}
    if part.week is not None:
        yield _("week of %(day)s") % {"day": date_format(part.week, "j M Y")}


class _Showing:
    """The cases of one page in words."""

    def __init__(
        self,
        spec: Spec,
        articles: str,
        titles: Mapping[int, str],
        entities: Mapping[str, str],
        ways: Mapping[int, Doorway],
    ) -> None:
        self._spec, self._articles = spec, articles
        self._titles, self._entities, self._ways = titles, entities, ways

    def case(self, found: Found) -> Shown:
        sides = ((found.one, found.case.one), (found.other, found.case.other))
        ends = [
            edge
            for layer, at in sides
            if at is not None
            for fragment in layer.marks[at].fragments
            for edge in fragment
        ]
        around = stretch(found.text, min(ends), max(ends))
        versions = [
            None if at is None else self._version(found, name, layer, at, around, against)
            for name, (layer, at), against in zip(
                found.names, sides, map(_mark, reversed(sides)), strict=True
            )
        ]
        nobody = "".join(
            name for name, each in zip(found.names, versions, strict=True) if each is None
        )
        url = self._url(found, min(ends), max(ends))
        title = self._titles.get(found.place.article, "")
        way = self._ways.get(found.place.article)
        into = way and way.at(min(ends), max(ends))
        return Shown(title, url, versions, nobody, into)

    def _version(
        self,
        found: Found,
        name: str,
        layer: Linked,
        at: int,
        around: tuple[int, int],
        against: Mark | None,
    ) -> Version:
        mark = layer.marks[at]
        label = self._spec.label(mark.label)
        assert label is not None  # noqa: S101 - a span's label is one of its schema
        return Version(
            annotator=name,
            label=label_name(label),
            parts=parts(found.text, mark.fragments, around),
            facts=[*self._facts(label, layer, at, found, against)],
            guide=label.key,
        )

    def _facts(
        self, label: Label, layer: Linked, at: int, found: Found, against: Mark | None
    ) -> Iterator[Fact]:
        """Yield what is said of a span; what differs `against` the other one is what the figures
        count as different, and not what reads differently."""
        mark = layer.marks[at]
        other = mark if against is None else against
        for attribute in label.attributes:
            if (value := mark.values.get(attribute.key)) is not None:
                differs = value != other.values.get(attribute.key)
                yield Fact(named(attribute.name), value_name(attribute, value), differs)
        if mark.entity is not None:
            yield Fact("→", self._entities.get(mark.entity, ""), mark.entity != other.entity)
        for relation in layer.relations:
            if relation.source == at:
                kind = self._spec.relation(relation.kind)
                yield Fact(
                    named(kind.name) if kind else "",
                    self._end(relation.target, layer, found.text),
                    against is not None and relation.kind not in found.case.alike,
                )

    def _end(self, end: End, layer: Linked, text: str) -> str:
        if isinstance(end, int):
            return " … ".join(text[a:b] for a, b in layer.marks[end].fragments)
        return self._entities.get(end or "", "")

    def _url(self, found: Found, start: int, end: int) -> str:
        return way_to_line(self._articles, Line(found.place.article, start, end, "", "", ""))


def _mark(side: tuple[Linked, int | None]) -> Mark | None:
    layer, at = side
    return None if at is None else layer.marks[at]


def _titles(articles: set[int]) -> Mapping[int, str]:
    known = Article.objects.only("title", "external_id").in_bulk(articles)
    return {pk: article.title or article.external_id or str(pk) for pk, article in known.items()}


def _entities(cases: Sequence[Found], known: "QuerySet[Entity]") -> Mapping[str, str]:
    """Return the names of the entities that are linked or led to, by their identities, as far as the
    reader may know of them."""
    linked = {
        name
        for case in cases
        for layer in (case.one, case.other)
        for name in (
            *(mark.entity for mark in layer.marks),
            *(each.target for each in layer.relations),
        )
        if isinstance(name, str)
    }
    found = known.filter(pk__in=linked).values_list("pk", "name") if linked else ()
    return {str(pk): name for pk, name in found}


def _labels(cases: Sequence[Found]) -> set[str]:
    """The keys of the labels on the page."""
    return {
        layer.marks[at].label
        for case in cases
        for layer, at in ((case.one, case.case.one), (case.other, case.case.other))
        if at is not None
    }


def guides(spec: Spec, shown: Collection[str], attribute: str) -> Iterator[Guide]:
    """Yield the guidelines of these labels, in the order of the schema."""
    guidelines = Guidelines(spec, (get_language() or "en").partition("-")[0])
    for label in spec.labels:
        if label.key in shown:
            yield Guide(
                label.key,
                label_name(label),
                mark_safe(guidelines.of_label(label)),  # noqa: S308 - rendered without markup
                mark_safe(guidelines.of(label.key, attribute)),  # noqa: S308 - as above
            )
