"""A whole layer as it stands: what the desk and the API show."""

from dataclasses import dataclass
from uuid import UUID

from annotations.assignments.models import Assignment
from annotations.spans import images, journal
from annotations.spans.requests import RelationImage, SpanImage
from annotations.spans.undo import Events


@dataclass(slots=True)
class LayerState:
    """A layer at one revision. `undo` and `redo` name the groups those would take."""

    revision: int
    spans: list[SpanImage]
    relations: list[RelationImage]
    undo: UUID | None
    redo: UUID | None

    def entities(self) -> list[UUID]:
        """The entities that the layer links to, each once."""
        named = [span.entity for span in self.spans]
        named += [relation.target.entity for relation in self.relations]
        return list(dict.fromkeys(uuid for uuid in named if uuid))


def layer_state(assignment: Assignment) -> LayerState:
    """The layer of an assignment, at its newest revision: spans in text order, relations by id.
    Four queries, whatever its size; the history is read only as far back as undo needs."""
    return LayerState(
        revision=assignment.revision,
        spans=_spans(assignment.pk),
        relations=_relations(assignment.pk),
        undo=Events(journal.events_back(assignment.pk, [])).newest_in_effect(),
        redo=Events(journal.events_back(assignment.pk, [])).newest_undone(),
    )


def _spans(assignment_id: int) -> list[SpanImage]:
    found = images.fetch(
        f"""SELECT {images.SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
              LEFT JOIN entity e ON e.id = s.entity_id
             WHERE s.assignment_id = %s AND NOT s.removed""",
        [assignment_id],
    )
    spans = [images.span_image(row)[0] for row in found]
    return sorted(spans, key=text_order)


def text_order(span: SpanImage) -> tuple[int, int, str, str]:
    """Where a span stands in an export: by first start, last end, label, id."""
    return span.fragments[0][0], span.fragments[-1][1], span.label, str(span.id)


def _relations(assignment_id: int) -> list[RelationImage]:
    found = images.fetch(
        f"""SELECT {images.RELATION_COLUMNS} FROM relation r JOIN relation_type k ON k.id = r.type_id
              LEFT JOIN entity e ON e.id = r.to_entity_id
             WHERE r.assignment_id = %s AND NOT r.removed ORDER BY r.id""",
        [assignment_id],
    )
    return [images.relation_image(row)[0] for row in found]
