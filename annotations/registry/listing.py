"""The entities of a registry, page by page, in the order of their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from annotations.registry.models import Entity

ENTITIES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some entities; `after` and `before` name the pages around them, or are None."""

    rows: Sequence[Entity]
    after: UUID | None
    before: UUID | None


def by_name(
    entities: QuerySet[Entity], *, after: UUID | None = None, before: UUID | None = None
) -> Page:
    """The page of these entities that follows `after` or comes before `before`; the first where
    neither is one of them. At most two queries, whose cost does not grow with the page's place."""
    place = before or after
    edge = entities.filter(uuid=place).first() if place else None
    if edge is not None and before is not None:
        found = entities.filter(folded__lte=edge.folded).filter(
            Q(folded__lt=edge.folded) | Q(pk__lt=edge.pk)
        )
        rows = list(found.order_by("-folded", "-pk")[: ENTITIES_A_PAGE + 1])
        more, rows = len(rows) > ENTITIES_A_PAGE, rows[:ENTITIES_A_PAGE][::-1]
        return Page(rows, rows[-1].uuid if rows else None, rows[0].uuid if more else None)
    if edge is not None:
        entities = entities.filter(folded__gte=edge.folded).filter(
            Q(folded__gt=edge.folded) | Q(pk__gt=edge.pk)
        )
    rows = list(entities.order_by("folded", "pk")[: ENTITIES_A_PAGE + 1])
    more, rows = len(rows) > ENTITIES_A_PAGE, rows[:ENTITIES_A_PAGE]
    began = edge is not None and bool(rows)
    return Page(rows, rows[-1].uuid if more else None, rows[0].uuid if began else None)
