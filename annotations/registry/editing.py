"""What managers do with one entity: describe it, name it, link it, accept a proposal.

Each change is in the history of the entity, with what it was before. Nothing is deleted: an alias
or a link that was taken away stands marked as removed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.limits import LIMITS
from annotations.registry.models import Alias, Entity, EntityLink, EntityType, LinkKind, Registry
from annotations.registry.services import (
    BadEntity,
    add_alias,
    clean_name,
    refuse_merged,
    register,
)
from annotations.text.gate import refusal
from annotations.text.names import fold

MOST_ATTRIBUTES = 50

_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,11}")
_LONGEST = 35
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Description:
    """What an entity is, without its aliases and links."""

    name: str
    type: str
    description: str = ""
    wikidata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Valid:
    """From when and until when something holds; None for always."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuses (BadEntity) an end before the start."""
        if self.start and self.end and self.end < self.start:
            raise BadEntity(_("It cannot end before it begins."))


ALWAYS = Valid()


def clean(told: Description) -> Description:
    """The description as it may stand. Refuses (BadEntity) what no entity can be: a hostile or
    empty name, an unknown type, words that are too long, what is no Q-number of Wikidata."""
    if told.type not in EntityType.values:
        raise BadEntity(_("“%(type)s” is no type of entity.") % {"type": told.type[:40]})
    wikidata = told.wikidata.strip()
    if wikidata and not _WIKIDATA.fullmatch(wikidata):
        raise BadEntity(_("An id of Wikidata is a Q and a number, such as Q252."))
    attributes = {clean_name(key): _words(value) for key, value in told.attributes.items()}
    if len(attributes) < len(told.attributes):
        raise BadEntity(_("An attribute stands there twice."))
    if len(attributes) > MOST_ATTRIBUTES:
        raise BadEntity(_("An entity has at most %(most)s attributes.") % {"most": MOST_ATTRIBUTES})
    if any(":" in key for key in attributes):
        raise BadEntity(_("The name of an attribute holds no colon."))
    return Description(
        clean_name(told.name), told.type, _words(told.description), wikidata, attributes
    )


def _words(words: str) -> str:
    """Words that may be said of an entity. Refuses (BadEntity)."""
    words = words.strip()
    if len(words) > LIMITS.field_code_points:
        most = LIMITS.field_code_points
        raise BadEntity(_("That is longer than %(most)s characters.") % {"most": most})
    if bad := refusal(words):
        raise BadEntity(
            _("The words hold a character that no text may hold (%(character)s).")
            % {"character": bad.character}
        )
    return words


@transaction.atomic
def create(registry: Registry, told: Description, *, by: User | None) -> Entity:
    """A new entity is in the registry. Refuses as `clean` does."""
    told = clean(told)
    entity = register(registry, name=told.name, type=told.type, by=by)
    _write(entity, told)
    return entity


@transaction.atomic
def describe(entity: Entity, told: Description, *, by: User | None) -> None:
    """The entity is as told. Refuses as `clean` does, and one that was merged; nothing new leaves no
    trace."""
    told = clean(told)
    entity = _held(entity)
    before, after = _description(entity), asdict(told)
    changed = [key for key, value in after.items() if before[key] != value]
    if changed:
        _write(entity, told)
        kept = {"before": {k: before[k] for k in changed}, "after": {k: after[k] for k in changed}}
        history.record("entity.changed", entity, by=by, **kept)


def _description(entity: Entity) -> dict[str, Any]:
    told = Description(
        entity.name, entity.type, entity.description, entity.wikidata, entity.attributes
    )
    return asdict(told)


def _write(entity: Entity, told: Description) -> None:
    entity.name, entity.folded, entity.type = told.name, fold(told.name), told.type
    entity.description, entity.wikidata = told.description, told.wikidata
    entity.attributes = dict(told.attributes)
    fields = ["name", "folded", "type", "description", "wikidata", "attributes"]
    entity.save(update_fields=fields)


def _held(entity: Entity) -> Entity:
    """The row as it is, which nobody else changes or merges until the end of the transaction.
    Refuses (BadEntity) one that was merged."""
    entity = Entity.objects.select_for_update().get(pk=entity.pk)
    refuse_merged(entity)
    return entity


# --- names ------------------------------------------------------------------------------------


@transaction.atomic
def name(
    entity: Entity,
    *,
    text: str,
    kind: str,
    language: str = "",
    valid: Valid = ALWAYS,
    by: User | None,
) -> Alias:
    """The entity has this alias, valid then. Refuses (BadEntity) as `add_alias`, what is no code of
    a language, and an entity that was merged."""
    _held(entity)
    alias = add_alias(entity, text=text, kind=kind, language=clean_language(language))
    alias.valid_from, alias.valid_to, alias.merged_from = valid.start, valid.end, None
    alias.save(update_fields=["valid_from", "valid_to", "merged_from"])
    history.record("entity.named", entity, by=by, what=alias.text, kind=kind)
    return alias


def clean_language(language: str) -> str:
    """The code of a language, or "" for none. Refuses (BadEntity) what is no code."""
    if language and (len(language) > _LONGEST or not _LANGUAGE.fullmatch(language)):
        raise BadEntity(_("A language is a code such as id, en or ms."))
    return language


@transaction.atomic
def unname(alias: Alias, *, by: User | None) -> None:
    """Nobody finds the entity by this alias any more. Refuses (BadEntity) one that was merged."""
    _held(alias.entity)
    if Alias.objects.filter(pk=alias.pk, removed=False).update(removed=True):
        history.record("entity.unnamed", alias.entity, by=by, what=alias.text, kind=alias.kind)


@transaction.atomic
def accept_alias(alias: Alias, *, by: User | None) -> None:
    """The alias that somebody proposed is everybody's. Refuses (BadEntity) an entity that was
    merged."""
    valid = Valid(alias.valid_from, alias.valid_to)
    same = {"text": alias.text, "kind": alias.kind, "language": alias.language}
    Alias.objects.filter(pk=alias.pk).update(removed=True)
    name(alias.entity, **same, valid=valid, by=by)


@transaction.atomic
def accept(entity: Entity, *, by: User | None) -> None:
    """What an annotator proposed is an entity for everybody."""
    if Entity.objects.filter(pk=entity.pk, proposed=True).update(proposed=False):
        history.record("entity.accepted", entity, by=by)


# --- links ------------------------------------------------------------------------------------


@transaction.atomic
def link(
    source: Entity, kind: str, target: Entity, *, valid: Valid = ALWAYS, by: User | None
) -> EntityLink:
    """One entity is linked to another, then; the same link twice is one. Refuses (BadEntity) a
    link to itself, to another registry, and an unknown kind."""
    if kind not in LinkKind.values:
        raise BadEntity(_("“%(kind)s” is no kind of link.") % {"kind": kind[:40]})
    if source.pk == target.pk:
        raise BadEntity(_("An entity is not linked to itself."))
    if source.registry_id != target.registry_id:
        raise BadEntity(_("The other entity is of another registry."))
    found, made = EntityLink.objects.get_or_create(
        registry_id=source.registry_id,
        source=source,
        target=target,
        kind=kind,
        valid_from=valid.start,
        valid_to=valid.end,
    )
    if found.removed:
        EntityLink.objects.filter(pk=found.pk).update(removed=False)
    if made or found.removed:
        found.removed = False
        history.record("entity.linked", source, by=by, what=target.name, kind=kind)
    return found


@transaction.atomic
def unlink(found: EntityLink, *, by: User | None) -> None:
    """The link holds no more, and is in the history."""
    if EntityLink.objects.filter(pk=found.pk, removed=False).update(removed=True):
        what = found.target.name
        history.record("entity.unlinked", found.source, by=by, what=what, kind=found.kind)
