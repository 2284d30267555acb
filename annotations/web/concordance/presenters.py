"""The lines of a concordance of spans, with the names of what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Label
from annotations.spans.concordance import SpanLine
from annotations.web.kwic import Words, articles_url, way_to_line, words
from annotations.web.labels import LabelName, label_name, value_name


@dataclass(frozen=True, slots=True)
class Named:
    """An entity by its name, and the key that it is looked for by."""

    name: str
    uuid: UUID


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """A span with its article and whose it is; `values`: attributes and what they are set to."""

    article: Article
    url: str
    words: Words
    label: LabelName
    values: Sequence[tuple[str, str]]
    entity: Named | None
    annotator: str
    gold: bool


def shown(campaign: Campaign, lines: "Page[SpanLine]", by: User) -> Sequence[ShownSpan]:
    """The lines of one page. Five queries."""
    articles = Article.objects.only("title", "source", "published").in_bulk(
        {line.article for line in lines}
    )
    people = User.objects.in_bulk({line.annotator for line in lines})
    entities = _entities(campaign, lines, by)
    labels = {label.key: label for label in spec_of(campaign.schema_id).labels}
    url = articles_url(campaign.corpus.slug)
    return [
        ShownSpan(
            article=articles[line.article],
            url=way_to_line(url, line),
            words=words(line),
            label=label_name(labels[line.label]),
            values=_values(labels[line.label], line.attributes),
            entity=entities.get(line.entity or 0),
            annotator=str(people[line.annotator]),
            gold=line.gold,
        )
        for line in lines
    ]


def _entities(campaign: Campaign, lines: "Page[SpanLine]", by: User) -> Mapping[int, Named]:
    """Those that are linked, as far as the reader may know of them."""
    linked = {line.entity for line in lines if line.entity is not None}
    known = policy.entities_seen_by(by, campaign.corpus.registry)
    found = known.filter(pk__in=linked).values_list("pk", "name", "uuid")
    return {pk: Named(name, uuid) for pk, name, uuid in found}


def _values(label: Label, told: Mapping[str, str | bool]) -> Sequence[tuple[str, str]]:
    return [
        (named(attribute.name), value_name(attribute, told[attribute.key]))
        for attribute in label.attributes
        if attribute.key in told
    ]
