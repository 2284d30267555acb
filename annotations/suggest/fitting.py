"""Suggestions under a schema: what it has no label or value for is not suggested."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotations.schema.spec import Label, Spec
from annotations.suggest.records import Attributes, Part, Suggestion


def fit(found: Iterable[Suggestion], spec: Spec) -> Iterator[Suggestion]:
    """The suggestions that can be placed under this schema, with what of them can be."""
    for suggestion in found:
        label = spec.label(suggestion.label)
        if label:
            yield replace(
                suggestion,
                attributes=_known(label, suggestion.attributes),
                entity=suggestion.entity if label.entity else None,
                cue=_part(suggestion.cue, spec),
                speaker=_part(suggestion.speaker, spec),
            )


def _part(part: Part | None, spec: Spec) -> Part | None:
    label = spec.label(part.label) if part else None
    if part is None or label is None:
        return None
    entity = part.entity if label.entity else None
    return replace(part, attributes=_known(label, part.attributes), entity=entity)


def _known(label: Label, attributes: Attributes) -> Attributes:
    known = {attribute.key: attribute for attribute in label.attributes}
    return {
        key: value
        for key, value in attributes.items()
        if key in known and known[key].accepts(value)
    }
