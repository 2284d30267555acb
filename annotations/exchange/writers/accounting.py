"""What a line says that a format has no room for, whichever the format is."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from annotations.exchange.heirs import pointers
from annotations.exchange.records import LayerRecord, Line, RelationRecord, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part

# Sought once for a format, as each asking for a `Part` by name takes longer than looking at a span.
_OF_SPANS: Mapping[Part, Callable[[Sequence[SpanRecord]], list[SpanRecord]]] = {
    Part.FRAGMENTS: lambda spans: [one for one in spans if len(one.fragments) > 1],
    Part.ATTRIBUTES: lambda spans: [one for one in spans if one.attributes],
    Part.ENTITY: lambda spans: [one for one in spans if one.entity is not None],
    Part.SPAN_NOTES: lambda spans: [one for one in spans if one.notes],
    Part.FLAGS: lambda spans: [one for one in spans if one.flags or one.confidence is not None],
}
_COUNTS: Mapping[Part, Callable[[list[SpanRecord]], int]] = {
    Part.ATTRIBUTES: lambda spans: sum([len(one.attributes) for one in spans]),
    Part.SPAN_NOTES: lambda spans: sum([len(one.notes) for one in spans]),
}
"""How many things are lost of those spans, where it is not one of each."""


class Accountant:
    """Counts into `report` all that is none of what the format `holds`. What depends on how single
    spans stand (overlaps, line breaks) its writer counts itself."""

    def __init__(self, holds: AbstractSet[Part], report: LossReport) -> None:
        self.holds, self.report = holds, report
        self._of_spans = [
            (part, told, _COUNTS.get(part, len))
            for part, told in _OF_SPANS.items()
            if part not in holds
        ]

    def account(self, line: Line) -> None:
        """Everything of this line that the format cannot hold is in the report."""
        self._article(line)
        for layer in line.layers:
            self._layer(line, layer)
            self._spans(line, layer)
            for relation in layer.relations:
                self._relation(line, layer, relation)

    def account_merged(self, line: Line) -> None:
        """Entities that were merged are no part of any format: the ones they go on as are."""
        for merged in pointers(line.entities):
            self.report.lose(Part.MERGED, line, id=merged)

    def _article(self, line: Line) -> None:
        article = line.article
        if not line.layers:
            self._lose(Part.UNSEEN, line)
        if line.layers or Part.UNSEEN in self.holds:
            self._lose(Part.TEXT, line)
            fields = (article.author, article.external_id, article.language, article.published)
            if any(fields) or article.source or article.title or article.url:
                self._lose(Part.FIELDS, line)
            if article.metadata:
                self._lose(Part.METADATA, line)
            if line.split:
                self._lose(Part.SPLIT, line)
        for entity in line.entities:
            self._lose(Part.ALIASES, line, id=entity.id, count=len(entity.aliases))

    def _layer(self, line: Line, layer: LayerRecord) -> None:
        self._lose(Part.STATUS, line, layer)
        if not layer.spans:
            self._lose(Part.EMPTY, line, layer)
        for note in layer.notes:
            self._lose(Part.ARTICLE_NOTES, line, layer, note.id)
        if layer.flags or layer.confidence is not None:
            self._lose(Part.ARTICLE_FLAGS, line, layer)
        for waiver in layer.waivers:
            self._lose(Part.WAIVERS, line, layer, waiver.id)
        for settlement in layer.settlements:
            self._lose(Part.SETTLEMENTS, line, layer, settlement.id)
        for message in layer.messages:
            self._lose(Part.MESSAGES, line, layer, message.id)

    def _spans(self, line: Line, layer: LayerRecord) -> None:
        for part, told, count in self._of_spans:
            if lost := told(layer.spans):
                self.report.lose_each(part, line, layer, [one.id for one in lost], count(lost))

    def _relation(self, line: Line, layer: LayerRecord, relation: RelationRecord) -> None:
        """A relation is lost whole for one reason, or else its attributes are."""
        whole = [Part.RELATIONS]
        if relation.source.article:
            whole.append(Part.FROM_ARTICLE)
        if relation.target.entity is not None:
            whole.append(Part.TO_ENTITY)
        for part in whole:
            if part not in self.holds:
                self._lose(part, line, layer, relation.id)
                return
        self._lose(Part.RELATION_ATTRIBUTES, line, layer, relation.id, len(relation.attributes))

    def _lose(
        self,
        part: Part,
        line: Line,
        layer: LayerRecord | None = None,
        id: str = "",
        count: int = 1,
    ) -> None:
        if part not in self.holds and count:
            self.report.lose(part, line, layer, id, count)
