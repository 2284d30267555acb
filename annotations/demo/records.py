"""What the demo hands out: articles, layers, spans, relations and entities, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DemoAlias:
    """Another name of an entity; `language` is "" where it holds in any language."""

    text: str
    kind: str
    language: str
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class DemoEntity:
    """An entry of the demo's registry; `key` is its name in the article files."""

    id: UUID
    key: str
    name: str
    type: str
    description: str
    aliases: tuple[DemoAlias, ...]


@dataclass(frozen=True, slots=True)
class DemoSpan:
    """One tagged thing; `fragments` are half-open code-point ranges, `text` what each covers."""

    id: UUID
    label: str
    fragments: tuple[tuple[int, int], ...]
    text: tuple[str, ...]
    attributes: Mapping[str, str | bool]
    entity: UUID | None


@dataclass(frozen=True, slots=True)
class DemoRelation:
    """A typed link from a span, or from the article where `from_span` is None.

    It leads to a span or to an entity: exactly one of the two is set.
    """

    id: UUID
    type: str
    from_span: UUID | None
    to_span: UUID | None
    to_entity: UUID | None
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoLayer:
    """One annotator's finished pass over one article, in the order of the file."""

    spans: tuple[DemoSpan, ...]
    relations: tuple[DemoRelation, ...]


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One invented article; `layers` has the keys "a" and "b", or none."""

    external_id: str
    title: str
    language: str
    source: str
    author: str
    url: str
    published: str
    text: str
    phenomena: frozenset[str]
    layers: Mapping[str, DemoLayer]
