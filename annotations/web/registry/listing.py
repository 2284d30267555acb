"""Registries, entities and mentions as lists show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Corpus
from annotations.registry.listing import ENTITIES_A_PAGE, by_name
from annotations.registry.models import Alias, Entity, EntityType, Registry
from annotations.registry.queries import Reader, aliases_known_to, candidates
from annotations.spans.mentions import Mention, Place, counts
from annotations.spans.mentions import mentions as mentions_of
from annotations.spans.uses import Sight, Used, most_used

MENTIONS_A_PAGE = 100
ALIASES_SHOWN = 4
_LOOKED_AT = 400
"""Of those that a search finds, so many are asked whether they are of the type."""
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a registry is asked for. `after` is a UUID, or by use ``count.key``."""

    query: str = ""
    type: str = ""
    by_use: bool = False
    after: str = ""
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    entity: Entity
    type: str | Promise
    aliases: Sequence[str]
    more: bool
    uses: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of entities; `cut` tells that a search found more than are shown."""

    rows: Sequence[Row]
    after: str = ""
    before: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    rows: Sequence[Mention]
    after: str


def registries(user: User) -> QuerySet[Registry]:
    """The registries that the user may read, each with how many entities stand in it. One query."""
    standing = Count("entities", filter=Q(entities__merged_into=None, entities__proposed=False))
    return policy.registries_read_by(user).annotate(held=standing).order_by("name", "pk")


def corpora_of(registry: Registry, user: User) -> Sequence[Corpus]:
    """The corpora that use a registry, as far as the user may read them."""
    return list(policy.corpora_read_by(user).filter(registry=registry).order_by("name", "pk"))


def entities(registry: Registry, user: User, asked: Asked) -> Listing:
    """A page of a registry. Merged entities are not there; their ids lead to them all the same."""
    seen = policy.entities_seen_by(user, registry).filter(merged_into=None)
    if asked.query:
        return _found(registry, seen, user, asked)
    if asked.by_use:
        return _by_use(registry, seen, user, asked)
    if asked.type:
        seen = seen.filter(type=asked.type)
    page = by_name(seen, after=_uuid(asked.after), before=asked.before)
    return Listing(_rows(page.rows, user, None), str(page.after or ""), str(page.before or ""))


def _found(registry: Registry, seen: QuerySet[Entity], user: User, asked: Asked) -> Listing:
    """The best of what the desk would find, too: one page and no more."""
    most = _LOOKED_AT if asked.type else ENTITIES_A_PAGE + 1
    found = candidates(registry.pk, asked.query, Reader(user.pk), limit=most)
    kept = [one.uuid for one in found if asked.type in ("", one.type)]
    known = {one.uuid: one for one in seen.filter(uuid__in=kept[:ENTITIES_A_PAGE])}
    rows = [known[uuid] for uuid in kept if uuid in known]
    return Listing(_rows(rows, user, None), cut=len(kept) > ENTITIES_A_PAGE)


def _by_use(registry: Registry, seen: QuerySet[Entity], user: User, asked: Asked) -> Listing:
    own = Campaign.objects.filter(corpus__in=policy.corpora_read_by(user))
    found = most_used(
        registry,
        Sight(policy.campaigns_measured_by(user), own, user),
        type=asked.type,
        after=_used(asked.after),
        limit=ENTITIES_A_PAGE + 1,
    )
    some = found[:ENTITIES_A_PAGE]
    known = {one.pk: one for one in seen.filter(pk__in=[used.entity for used in some])}
    rows = [known[used.entity] for used in some if used.entity in known]
    more = len(found) > ENTITIES_A_PAGE
    after = f"{some[-1].count}.{some[-1].entity}" if more else ""
    return Listing(_rows(rows, user, {used.entity: used.count for used in some}), after)


def _rows(entities: Sequence[Entity], user: User, uses: Mapping[int, int] | None) -> Sequence[Row]:
    """With their first aliases and how often they are used: two queries."""
    if uses is None:
        uses = counts([one.pk for one in entities], policy.layers_seen_by(user))
    aliases: dict[int, list[str]] = {one.pk: [] for one in entities}
    for alias in first_aliases(list(aliases), user):
        aliases[alias.entity_id].append(alias.text)
    return [
        Row(
            entity=one,
            type=EntityType(one.type).label,
            aliases=aliases[one.pk][:ALIASES_SHOWN],
            more=len(aliases[one.pk]) > ALIASES_SHOWN,
            uses=uses.get(one.pk, 0),
        )
        for one in entities
    ]


def first_aliases(entities: Sequence[int], user: User) -> QuerySet[Alias]:
    """A few aliases of each, one more than are shown. One query."""
    place = Window(RowNumber(), partition_by="entity", order_by="pk")
    known = aliases_known_to(user.pk).filter(entity__in=entities)
    return known.annotate(place=place).filter(place__lte=ALIASES_SHOWN + 1).order_by("pk")


def mentions(entity: Entity, user: User, after: Place | None) -> Mentions:
    """A page of the words that are linked to an entity. One query."""
    layers = policy.layers_seen_by(user)
    found = mentions_of(entity.pk, layers, after=after, limit=MENTIONS_A_PAGE + 1)
    rows = found[:MENTIONS_A_PAGE]
    last = rows[-1].place if len(found) > MENTIONS_A_PAGE else None
    return Mentions(rows, f"{last.assignment}.{last.id}" if last else "")


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _used(given: str) -> Used | None:
    count, _, key = given.partition(".")
    numbers = all(one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in (count, key))
    return Used(int(key), int(count)) if numbers else None
