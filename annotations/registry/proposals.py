"""What annotators proposed, and waits for who manages the registry."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.registry.models import Alias, Entity, Registry

PROPOSALS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Proposals:
    """Entities in the order of their names, and names for entities that are none themselves; `more`
    tells that others wait behind these."""

    entities: Sequence[Entity]
    names: Sequence[Alias]
    more: bool

    @property
    def count(self) -> int:
        return len(self.entities) + len(self.names)


def waiting(registry: Registry) -> Proposals:
    """The first that wait. Two queries, each by an index of what waits alone."""
    standing = registry.entities.filter(proposed=True, merged_into=None)
    entities = standing.select_related("created_by").order_by("folded", "pk")
    proposed = Alias.objects.filter(
        proposed_by__isnull=False,
        removed=False,
        entity__registry=registry,
        entity__proposed=False,
        entity__merged_into=None,
    )
    names = proposed.select_related("entity", "proposed_by").order_by("entity__folded", "pk")
    some = list(entities[: PROPOSALS_SHOWN + 1]), list(names[: PROPOSALS_SHOWN + 1])
    more = any(len(found) > PROPOSALS_SHOWN for found in some)
    return Proposals(some[0][:PROPOSALS_SHOWN], some[1][:PROPOSALS_SHOWN], more)
