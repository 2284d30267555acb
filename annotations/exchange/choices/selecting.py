"""A line as a choice wants it. Pure.

The line that is given is used up. What lines share with one another (entities, attributes) stays as
it is.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.merging import Way, merged
from annotations.exchange.choices.record import Choice
from annotations.exchange.choices.units import add_offsets
from annotations.exchange.heirs import last_heirs, moved, pointers, with_heirs
from annotations.exchange.records import (
    BARE_FORMAT,
    Attributes,
    EndRecord,
    LayerRecord,
    Line,
    RelationRecord,
)
from annotations.exchange.settlements import standing

_WAYS: Sequence[Way] = ("majority", "union")


class Selecting:
    """Does what a choice says, to one line after the other. `hiding` is there where the choice asks
    for pseudonyms; `parts` gives the part of an article by its public id. `people` are all whose
    work is in the lines so far, also by a majority or a union."""

    def __init__(
        self, choice: Choice, hiding: Hiding | None = None, parts: Mapping[str, str] | None = None
    ) -> None:
        self.people: set[str] = set()
        self._choice, self._hiding = choice, hiding
        self._parts = {} if parts is None else parts
        self._annotators = frozenset(choice.annotators)
        self._labels = _among(choice.labels)
        self._attributes = _among(choice.attributes)
        self._relations = _among(choice.relations)
        self._is_cut = (choice.labels, choice.attributes, choice.relations) != (None, None, None)

    def line(self, line: Line) -> Line:
        """The line with what was chosen, in the order of the format. Its article stays."""
        mine = [layer for layer in line.layers if self._is_by_chosen(layer)]
        if self._is_cut:
            mine = [self._cut(layer) for layer in mine]
        layers = [*standing(self._layers(line, mine))]
        linked = {span.entity for layer in layers for span in layer.spans}
        linked |= {relation.target.entity for layer in layers for relation in layer.relations}
        known = with_heirs(filter(None, linked), pointers(line.entities))
        if self._hiding:
            layers = [self._hiding.layer(layer) for layer in layers]
        chosen = replace(
            line,
            entities=[entity for entity in line.entities if entity.id in known],
            format=line.format if self._choice.text else BARE_FORMAT,
            layers=sorted(layers, key=lambda layer: (layer.kind, layer.annotator)),
            split=self._parts.get(line.article.id, ""),
        )
        if self._choice.offsets:
            add_offsets(chosen, self._choice.offsets)
        return chosen

    def _is_by_chosen(self, layer: LayerRecord) -> bool:
        """Whether the layer may be used at all; an adjudicator is no annotator, and is not asked."""
        return layer.kind == "gold" or not self._annotators or layer.annotator in self._annotators

    def _layers(self, line: Line, mine: Sequence[LayerRecord]) -> Sequence[LayerRecord]:
        wanted = self._choice.layers
        kinds = {"annotators": "annotator", "gold": "gold"}
        found = [layer for kind in wanted for layer in mine if layer.kind == kinds.get(kind)]
        voters = [each for each in mine if each.kind == "annotator" and each.status != "skipped"]
        voters = [*moved(voters, last_heirs(pointers(line.entities)))]
        self.people.update(layer.annotator for layer in found)
        for way in _WAYS:
            layer = merged(line, voters, way) if way in wanted else None
            if layer is not None:
                found.append(layer)
                self.people.update(voter.annotator for voter in voters)
        return found

    def _cut(self, layer: LayerRecord) -> LayerRecord:
        """The layer with the chosen labels, attributes and relations alone."""
        spans = [
            replace(span, attributes=self._kept(span.attributes))
            for span in layer.spans
            if self._labels(span.label)
        ]
        known = {span.id for span in spans}
        return replace(
            layer,
            relations=[
                RelationRecord(
                    self._kept(each.attributes), each.source, each.id, each.target, each.type
                )
                for each in layer.relations
                if self._relations(each.type) and _stand((each.source, each.target), known)
            ],
            messages=[each for each in layer.messages if each.span in {None, *known}] or (),
            spans=spans,
            waivers=[each for each in layer.waivers if self._labels(each.label)] or (),
        )

    def _kept(self, attributes: Attributes) -> Attributes:
        return {key: value for key, value in attributes.items() if self._attributes(key)}


def _stand(ends: Sequence[EndRecord], known: set[str]) -> bool:
    return all(end.span is None or end.span in known for end in ends)


def _among(names: Sequence[str] | None) -> Callable[[str], bool]:
    """Whether something was chosen by its name."""
    return (lambda name: True) if names is None else frozenset(names).__contains__
