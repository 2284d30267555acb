"""Under which identity an entity is compared: its own, or that of the one it was merged into."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotations.registry.models import Entity


@dataclass(frozen=True, slots=True)
class Identities:
    """By the key of each merged entity, the key of the one it stands under."""

    merged: Mapping[int, int]

    @classmethod
    def of_registry(cls, registry_id: int) -> "Identities":
        """Return the identities of a registry as they are now. One query."""
        rows = Entity.objects.filter(registry=registry_id, merged_into__isnull=False)
        into = {key: to for key, to in rows.values_list("pk", "merged_into") if to is not None}
        return cls({key: _last(key, into) for key in into})

    @classmethod
    def from_json(cls, told: Mapping[str, int]) -> "Identities":
        return cls({int(key): into for key, into in told.items()})

    def as_json(self) -> dict[str, int]:
        return {str(key): into for key, into in sorted(self.merged.items())}

    def of(self, entity: int | None) -> str | None:
        """Return what two spans of one entity have in common."""
        return None if entity is None else str(self.merged.get(entity, entity))

    def unlike(self, other: "Identities") -> list[int]:
        """Return the entities that stand under another identity there than here."""
        keys = self.merged.keys() | other.merged.keys()
        return sorted(key for key in keys if self.of(key) != other.of(key))


def _last(key: int, into: Mapping[int, int]) -> int:
    while key in into:
        key = into[key]
    return key
