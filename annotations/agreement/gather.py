"""Which layers count, and what is marked in them: rows -> the plain inputs of the measures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from annotations.agreement.measures.tally import Mark
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.schema.spec import Spec
from annotations.spans.models import Span
from annotations.text.fragments import pairs

WITHDRAWN = "the article was withdrawn"
NO_LAYER = "no layer of it counts"
ONE_LAYER = "only one layer of it counts"
NOT_BEGUN = "not begun"
NOT_SUBMITTED = "not submitted"
REOPENED = "reopened and not submitted again"
SKIPPED = "skipped by the annotator"
LOADING = "still being loaded"

ARTICLE_REASONS = (WITHDRAWN, NO_LAYER, ONE_LAYER)
LAYER_REASONS = (NOT_BEGUN, NOT_SUBMITTED, REOPENED, SKIPPED, LOADING)

_REASON = {
    Status.WAITING: NOT_BEGUN,
    Status.OPEN: NOT_SUBMITTED,
    Status.REOPENED: REOPENED,
    Status.SKIPPED: SKIPPED,
    Status.LOADING: LOADING,
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One person's layer of one article. `left_out` says why it does not count, if it does not."""

    assignment: int
    annotator: str
    status: str
    revision: int
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """An article of the campaign and the layers over it, by annotator."""

    article: int
    external_id: str | None
    sha256: str
    length: int
    withdrawn: bool
    layers: tuple[Layer, ...]

    @property
    def counted(self) -> list[Layer]:
        return [layer for layer in self.layers if layer.left_out is None]

    @property
    def exclusion(self) -> str | None:
        """Why this article cannot be compared; None if it can."""
        if self.withdrawn:
            return WITHDRAWN
        return (NO_LAYER, ONE_LAYER, None)[min(len(self.counted), 2)]

    def pairs(self) -> list[tuple[Layer, Layer]]:
        """Every two layers to compare, the older assignment first; none if the article is out."""
        if self.exclusion:
            return []
        return list(combinations(sorted(self.counted, key=attrgetter("assignment")), 2))

    def at(self, layers: Mapping[int, Layer]) -> "Subject":
        """Return this article with its layers as they were read, where they were."""
        read = tuple(layers.get(layer.assignment, layer) for layer in self.layers)
        return replace(self, layers=read)


class _Span(TypedDict):
    label: str
    fragments: list[int]
    attributes: dict[str, str | bool]


class _Line(NamedTuple):
    article_id: int
    article__external_id: str | None
    article__sha256: bytes
    article__length: int
    article__withdrawn_at: object
    pk: int
    annotator__username: str | None
    status: str
    revision: int


def subjects(campaign: Campaign, *, include_open: bool) -> list[Subject]:
    """Return every article of the campaign with its layers, in the order of articles; one query.

    An older version of an article is none: its layers were brought onto the newer one. Submitted
    layers count; with `include_open` also open and reopened ones that hold any
    operation. The gold layer is not an annotator's and is not among them.
    """
    rows = campaign.assignments.filter(kind=Kind.ANNOTATOR)
    rows = rows.exclude(withdrawn=True, article__superseded=True)
    lines = map(_Line._make, rows.order_by("article_id", "pk").values_list(*_Line._fields))
    return [
        _subject(list(same), include_open) for _, same in groupby(lines, attrgetter("article_id"))
    ]


def read(
    assignments: Collection[int], spec: Spec, *, include_open: bool
) -> dict[int, tuple[Layer, list[Mark]]]:
    """Return these layers as they stand now, each with what is marked in it; one query.

    One statement reads revision and spans: they belong together, whatever is saved meanwhile.
    """
    rows = Assignment.objects.filter(pk__in=assignments).annotate(marks=ArraySubquery(_spans()))
    compared = compared_values(spec)
    fields = ("pk", "annotator__username", "status", "revision", "marks")
    return {
        pk: (
            _layer(pk, name, status, revision, include_open),
            [_mark(span, compared) for span in spans],
        )
        for pk, name, status, revision, spans in rows.values_list(*fields)
    }


def compared_values(spec: Spec) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return, by label and attribute, the values that can agree or not: free text cannot, and
    "?" (the annotator could not tell) is no value of a schema."""
    return {
        (label.key, attribute.key): ("false", "true")
        if attribute.kind == "bool"
        else tuple(value.key for value in attribute.values)
        for label in spec.labels
        for attribute in label.attributes
        if attribute.kind != "text"
    }


def _subject(lines: list[_Line], include_open: bool) -> Subject:
    layers = (
        _layer(line.pk, line.annotator__username or "", line.status, line.revision, include_open)
        for line in lines
    )
    first = lines[0]
    return Subject(
        first.article_id,
        first.article__external_id,
        bytes(first.article__sha256).hex(),
        first.article__length,
        first.article__withdrawn_at is not None,
        tuple(sorted(layers, key=attrgetter("annotator", "assignment"))),
    )


def _layer(pk: int, annotator: str, status: str, revision: int, include_open: bool) -> Layer:
    return Layer(pk, annotator, status, revision, _left_out(status, revision, include_open))


def _left_out(status: str, revision: int, include_open: bool) -> str | None:
    if status == Status.SUBMITTED:
        return None
    if include_open and status in (Status.OPEN, Status.REOPENED):
        return None if revision else NOT_BEGUN
    return _REASON[Status(status)]


def _spans() -> QuerySet[Span, Any]:
    spans = Span.objects.filter(assignment=OuterRef("pk"), removed=False)
    return spans.values(
        mark=JSONObject(label="label__key", fragments="fragments", attributes="attributes")
    )


def _mark(span: _Span, compared: Mapping[tuple[str, str], tuple[str, ...]]) -> Mark:
    """Return the span for comparison. "Cannot tell" is missing, like what was never set."""
    label = span["label"]
    said = {key: _said(value) for key, value in span["attributes"].items()}
    values = {key: v for key, v in said.items() if v in compared.get((label, key), ())}
    return Mark(label, pairs(span["fragments"]), values)


def _said(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()
