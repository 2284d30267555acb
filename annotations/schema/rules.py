"""What a finished layer must be (E), should be (W) and might be (I). Pure.

The codes are the schema's constraints; a schema that does not list a code does not check it.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from annotations.schema.spec import Severity, Spec
from annotations.text.graphemes import is_boundary
from annotations.text.quotemarks import scan
from annotations.text.words import N_


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `message` holds %(names)s for `details`; `relation` is the relation
    type that is missing, when one is; `fragments` is where it is, when it is about no span."""

    code: str
    severity: Severity
    span: UUID | None
    message: str
    details: dict[str, object] = field(default_factory=dict)
    relation: str = ""
    fragments: tuple[tuple[int, int], ...] = ()


class Span(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def label(self) -> str: ...
    @property
    def fragments(self) -> Sequence[Sequence[int]]: ...
    @property
    def text(self) -> Sequence[str]: ...
    @property
    def attributes(self) -> dict[str, str | bool]: ...
    @property
    def entity(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation: its type and the spans at its ends (None: the article, or an entity)."""

    type: str
    source: UUID | None
    target: UUID | None


def findings(
    spec: Spec,
    text: str,
    spans: Sequence[Span],
    edges: Sequence[Edge],
    settled: Collection[tuple[int, int]] = (),
    unsure: Collection[UUID] = (),
) -> list[Finding]:
    """Everything the schema's constraints find in a layer over this text, spans in the order
    given. What no layer can hold (E1: fragments that cannot stand) is refused long before.
    `settled` are quoted stretches that no hint (I1) needs to name; `unsure` are spans whose
    annotator has said so: nobody asks whom they mean (W6)."""
    severities = {constraint.code: constraint.severity for constraint in spec.constraints}
    layer = _Layer(spec, text, spans, edges, settled, unsure)
    return [
        Finding(code, severities[code], span, message, details or {}, relation)
        for code, span, message, details, relation in layer.check()
        if code in severities
    ]


Row = tuple[str, UUID | None, str, dict[str, object] | None, str]


class _Layer:
    def __init__(
        self,
        spec: Spec,
        text: str,
        spans: Sequence[Span],
        edges: Sequence[Edge],
        settled: Collection[tuple[int, int]],
        unsure: Collection[UUID],
    ) -> None:
        self._spec, self._text, self._spans, self._edges = spec, text, spans, edges
        self._settled, self._unsure = settled, unsure
        quotes = [span for span in spans if span.label == "QUOTE"]
        self._quotes = sorted(quotes, key=lambda span: span.fragments[0][0])
        self._by_id = {span.id: span for span in spans}
        self._from: dict[UUID | None, list[Edge]] = {}
        for edge in edges:
            self._from.setdefault(edge.source, []).append(edge)

    def check(self) -> Iterator[Row]:
        for span in self._spans:
            yield from self._required(span)
            yield from self._shape(span)
        yield from self._relations()
        yield from self._twice()
        yield from self._unmarked_quotes()
        yield from self._other_entities()

    def _out(self, span: Span, kind: str) -> list[Edge]:
        return [edge for edge in self._from.get(span.id, ()) if edge.type == kind]

    def _required(self, span: Span) -> Iterator[Row]:
        label = self._spec.label(span.label)
        if label is None:
            yield "E6", span.id, N_("The schema has no label %(label)s."), {"label": span.label}, ""
            return
        for attribute in label.attributes:
            if attribute.required and attribute.key not in span.attributes:
                details: dict[str, object] = {"label": label.key, "attribute": attribute.key}
                yield "E6", span.id, N_("This %(label)s has no %(attribute)s."), details, ""
        for kind in self._spec.relations:
            count = len(self._out(span, kind.key)) if label.key in kind.sources else kind.min
            if count < kind.min:
                details = {"label": label.key, "relation": kind.key}
                yield "E5", span.id, N_("This %(label)s has no %(relation)s."), details, kind.key
            elif label.key in kind.sources and kind.max is not None and count > kind.max:
                details = {"label": label.key, "relation": kind.key, "count": kind.max}
                message = N_("This %(label)s has more than %(count)s %(relation)s.")
                yield "E3", span.id, message, details, kind.key

    def _shape(self, span: Span) -> Iterator[Row]:
        edges = [offset for fragment in span.fragments for offset in fragment]
        if not all(is_boundary(self._text, offset) for offset in edges):
            yield "W2", span.id, N_("This span cuts a character in two."), None, ""
        if any(piece != piece.strip() or piece[-1:] == "," for piece in span.text):
            yield "W5", span.id, N_("This span begins or ends with a space or a comma."), None, ""
        label = self._spec.label(span.label)
        asked = span.entity is None and span.id not in self._unsure
        if span.label == "ACTOR" and label and label.entity and asked:
            yield "W6", span.id, N_("This actor is linked to no entity yet."), None, ""
        if span.label == "QUOTE":
            yield from self._quote(span)

    def _quote(self, span: Span) -> Iterator[Row]:
        sourced = any(self._out(span, kind) for kind in ("SPEAKER", "CUED_BY", "VIA"))
        if not sourced and not span.attributes.get("scare"):
            yield "W1", span.id, N_("This quote has neither speaker nor cue."), None, ""
        if scan("".join(span.text)).alone:
            yield "W4", span.id, N_("A quotation mark in this quote has no partner."), None, ""
        whole = sum(map(len, span.text))
        marked = sum(e - s for piece in span.text for s, e in scan(piece).outermost())
        if span.attributes.get("type") == "direct" and marked < whole:
            message = N_("A direct quote has words outside its quotation marks.")
            yield "W3", span.id, message, None, ""
        if span.attributes.get("type") == "indirect" and self._has_own_marks(span):
            message = N_("An indirect quote has words between quotation marks.")
            yield "W3", span.id, message, None, ""

    def _has_own_marks(self, span: Span) -> bool:
        """Whether words of the quote stand between quotation marks, and not only those of a quote
        within it."""
        marked = [
            (begin + start, begin + end)
            for (begin, _), piece in zip(span.fragments, span.text, strict=True)
            for start, end in scan(piece).outermost()
        ]
        if not marked:
            return False
        begins = [span.fragments[0][0], span.fragments[-1][1]]
        low, high = (
            bisect_left(self._quotes, at, key=lambda quote: quote.fragments[0][0]) for at in begins
        )
        inner = [
            (first, last)
            for other in self._quotes[low:high]
            if other is not span and _lies_within(other, span)
            for first, last in other.fragments
        ]
        return any(
            not any(start < last and first < end for first, last in inner) for start, end in marked
        )

    def _relations(self) -> Iterator[Row]:
        for kind in self._spec.relations:
            edges = [edge for edge in self._edges if edge.type == kind.key]
            if kind.inside:
                for edge in edges:
                    if not self._inside(edge):
                        message = N_("The outer span does not reach around this one.")
                        yield "E4", edge.source, message, {"relation": kind.key}, kind.key
            if kind.acyclic:
                for span_id in _in_circles(edges):
                    message = N_("%(relation)s goes round in a circle here.")
                    yield "E4", span_id, message, {"relation": kind.key}, kind.key

    def _inside(self, edge: Edge) -> bool:
        inner, outer = self._by_id.get(edge.source), self._by_id.get(edge.target)  # type: ignore[arg-type]  # None finds none
        if inner is None or outer is None:
            return True
        return _lies_within(inner, outer)

    def _twice(self) -> Iterator[Row]:
        seen: set[tuple[str, str]] = set()
        for span in self._spans:
            key = (span.label, str(span.fragments))
            if key in seen:
                message = N_("The same label stands here twice.")
                yield "W7", span.id, message, {"label": span.label}, ""
            seen.add(key)

    def _unmarked_quotes(self) -> Iterator[Row]:
        quoted = [f for span in self._quotes for f in span.fragments]
        if self._spec.label("QUOTE") is None:
            return
        for start, end in scan(self._text).outermost():
            covered = any(first < end and last > start for first, last in quoted)
            if not covered and (start, end) not in self._settled:
                words = shortened(self._text, start, end)
                yield "I1", None, N_("No quote covers %(words)s"), {"words": words}, ""

    def _other_entities(self) -> Iterator[Row]:
        linked: dict[tuple[str, ...], set[UUID]] = {}
        named = [s for s in self._spans if s.attributes.get("form") not in _POINTING]
        for span in named:
            if span.entity:
                linked.setdefault(tuple(span.text), set()).add(span.entity)
        for span in named:
            if span.entity and len(linked[tuple(span.text)]) > 1:
                message = N_("The same words are linked to another entity elsewhere.")
                yield "I2", span.id, message, None, ""


def _lies_within(inner: Span, outer: Span) -> bool:
    """Between the first and the last code point of the other; over just as much counts, too."""
    first, last = outer.fragments[0][0], outer.fragments[-1][1]
    return first <= inner.fragments[0][0] and inner.fragments[-1][1] <= last


_POINTING = ("pronoun", "clitic")
"""Forms of an actor that mean somebody else each time."""

SHOWN = 60
"""Code points of a stretch that a finding repeats."""


def shortened(text: str, start: int, end: int) -> str:
    """The words of a stretch, as many of them as a sentence can hold."""
    return text[start : min(end, start + SHOWN)] + "…" * (end - start > SHOWN)


def _in_circles(edges: Sequence[Edge]) -> list[UUID]:
    """The spans from which the relations lead back to themselves."""
    after: dict[UUID | None, set[UUID | None]] = {}
    for edge in edges:
        after.setdefault(edge.source, set()).add(edge.target)
    return [start for start in after if start and start in _reached(after, start)]


def _reached(after: dict[UUID | None, set[UUID | None]], start: UUID) -> set[UUID | None]:
    reached: set[UUID | None] = set()
    at = after.get(start, set())
    while at:
        reached |= at
        at = {target for node in at for target in after.get(node, ())} - reached
    return reached
