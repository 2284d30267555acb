"""The lines of a registry's file that can be: each checked alone, then by what it leads to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from annotations.corpora.readers.drafts import shown
from annotations.exchange.reasons import sentence
from annotations.exchange.registry_records import AliasLine, EntityLine, Read
from annotations.limits import LIMITS
from annotations.registry import editing
from annotations.registry.editing import Description, Valid
from annotations.registry.models import AliasKind, Entity, LinkKind, Registry
from annotations.registry.services import BadEntity, clean_name

AT_ONCE = 2_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TooManyLines(ValueError):
    """The file is too long to be looked into; the message says so, for people."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is left out, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    kind: str
    language: str
    valid: Valid
    merged_from: UUID | None


@dataclass(frozen=True, slots=True)
class Link:
    kind: str
    to: UUID
    valid: Valid


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entity as a line wants it, checked."""

    line: int
    uuid: UUID
    told: Description
    names: Sequence[Name]
    links: Sequence[Link]
    merged_into: UUID | None

    def leads_to(self) -> Iterator[UUID]:
        """The entities that must be there, too."""
        yield from (link.to for link in self.links)
        yield from (name.merged_from for name in self.names if name.merged_from)
        if self.merged_into:
            yield self.merged_into


def wanted_of(registry: Registry, found: Iterable[Read], refused: list[Refused]) -> list[Wanted]:
    """What each line wants, where that is an entity at all; `refused` gets the others. Raises
    TooManyLines."""
    wanted: dict[UUID, Wanted] = {}
    for number, read in enumerate(found):
        if number >= LIMITS.registry_lines:
            raise TooManyLines(
                _("A file of a registry has at most %(most)s entities. Import it in parts.")
                % {"most": LIMITS.registry_lines}
            )
        try:
            one = _checked(registry, read)
        except BadEntity as bad:
            refused.append(Refused(read.line, shown(str(bad))))
            continue
        if one.uuid in wanted:
            why = _("Line %(line)s describes the same entity.") % {"line": wanted[one.uuid].line}
            refused.append(Refused(read.line, why))
        else:
            wanted[one.uuid] = one
    return list(wanted.values())


def _checked(registry: Registry, read: Read) -> Wanted:
    """Raises BadEntity, whose message says why the line cannot be."""
    given = read.entity
    if given is None:
        reason = read.fault.reason if read.fault else None
        raise BadEntity(sentence(reason.code, reason.values) if reason else "")
    told = editing.clean(
        Description(given.name, given.type, given.description, given.wikidata, given.attributes)
    )
    _refuse_many(given)
    return Wanted(
        read.line,
        _uuid(given.id) if given.id else _made_id(registry, told),
        told,
        _each_once([_name(alias) for alias in given.aliases]),
        list(
            dict.fromkeys(
                Link(_one_of(one.kind, LinkKind.values), _uuid(one.to), _valid(one))
                for one in given.links
            )
        ),
        _uuid(given.merged_into) if given.merged_into else None,
    )


def _refuse_many(given: EntityLine) -> None:
    """Raises BadEntity where nobody has so many names or links."""
    if (count := len(given.aliases)) > LIMITS.entity_aliases:
        told = {"count": count, "most": LIMITS.entity_aliases}
        raise BadEntity(_("It has %(count)s aliases; a file may give one at most %(most)s.") % told)
    if (count := len(given.links)) > LIMITS.entity_links:
        told = {"count": count, "most": LIMITS.entity_links}
        raise BadEntity(_("It has %(count)s links; a file may give one at most %(most)s.") % told)


def _each_once(names: Sequence[Name]) -> list[Name]:
    return list({(one.kind, one.language, one.text): one for one in names}.values())


def _name(alias: AliasLine) -> Name:
    kind = _one_of(alias.kind, AliasKind.values)
    language = editing.clean_language(alias.language)
    merged_from = _uuid(alias.merged_from) if alias.merged_from else None
    return Name(clean_name(alias.text), kind, language, _valid(alias), merged_from)


def _one_of(kind: str, kinds: Sequence[str]) -> str:
    if kind not in kinds:
        told = {"given": kind[:40], "kinds": ", ".join(kinds)}
        raise BadEntity(_("“%(given)s” is none of %(kinds)s.") % told)
    return kind


def _valid(given: Any) -> Valid:
    return Valid(_day(given.valid_from), _day(given.valid_to))


def _day(given: str | None) -> date | None:
    if not given:
        return None
    try:
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadEntity(_("“%(given)s” is no day such as 2024-10-31.") % {"given": given[:40]})


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise BadEntity(
            _("“%(given)s” is no UUID; entities are known by UUIDs.") % {"given": given[:40]}
        ) from None


def _made_id(registry: Registry, told: Description) -> UUID:
    """The same at every import of this name and type into this registry."""
    return uuid5(NAMESPACE_URL, f"kutip:registry:{registry.pk}:{told.type}:{told.name}")


def known_to(registry: Registry, wanted: Sequence[Wanted]) -> dict[UUID, Entity]:
    """The entities of the registry that the lines describe or lead to."""
    named = {one.uuid for one in wanted} | {uuid for one in wanted for uuid in one.leads_to()}
    return rows_of(registry, named)


def rows_of(registry: Registry, uuids: Iterable[UUID]) -> dict[UUID, Entity]:
    """The entities of these ids that the registry has."""
    some, found = list(uuids), {}
    for start in range(0, len(some), AT_ONCE):
        for row in registry.entities.filter(uuid__in=some[start : start + AT_ONCE]):
            found[row.uuid] = row
    return found


def possible(
    wanted: list[Wanted], known: Mapping[UUID, Entity], refused: list[Refused]
) -> list[Wanted]:
    """The lines that lead nowhere else than to what is there, or comes with them; `refused` gets
    the others."""
    while True:
        coming = {one.uuid: one for one in wanted}
        faults = {one.uuid: why for one in wanted if (why := _impossible(one, coming, known))}
        if not faults:
            return wanted
        refused += [Refused(coming[uuid].line, why) for uuid, why in faults.items()]
        wanted = [one for one in wanted if one.uuid not in faults]


def _impossible(
    one: Wanted, coming: Mapping[UUID, Wanted], known: Mapping[UUID, Entity]
) -> str | None:
    """Why the line cannot be, if it cannot."""
    here = known.get(one.uuid)
    if here is not None and here.proposed:
        return _("“%(name)s” is a proposal: accept it first.") % {"name": here.name}
    for uuid in one.leads_to():
        there = known.get(uuid)
        if (uuid not in coming and there is None) or (there is not None and there.proposed):
            return _("It leads to %(id)s, which is not there.") % {"id": uuid}
        if uuid == one.uuid:
            return _("It leads to itself.")
    into = one.merged_into
    if here is not None and into and (into not in known or here.merged_into_id != known[into].pk):
        return _("It is merged in the file, but not here. Merge it by hand.")
    if here is None and _turns_in_a_circle(one, coming, known):
        return _("What it is merged into is merged into it.")
    return None


def _turns_in_a_circle(
    one: Wanted, coming: Mapping[UUID, Wanted], known: Mapping[UUID, Entity]
) -> bool:
    """Among what is new; what is here already leads to nothing new."""
    seen, at = {one.uuid}, one.merged_into
    while at is not None and at not in known and at in coming:
        if at in seen:
            return True
        seen.add(at)
        at = coming[at].merged_into
    return False
