"""Registries: register and propose entities, give them aliases, look candidates up."""

from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.registry.models import Alias, AliasKind, Entity, EntityType, Registry
from annotations.text.gate import refuse_line
from annotations.text.names import fold

MAX_NAME = 500
"""The most code points in a name or an alias."""


class BadEntity(ValueError):
    """An entity or alias that cannot be; the message says why, for people."""


@transaction.atomic
def register(
    registry: Registry,
    *,
    name: str,
    type: str,
    by: User | None,
    uuid: UUID | None = None,
    proposed: bool = False,
) -> Entity:
    """An entity of this name is in the registry. `proposed`: it works at once, and waits for a
    manager to accept or merge it. Refuses (BadEntity) an empty or hostile name, an unknown type,
    and a UUID that names another entity."""
    name = clean_name(name)
    if type not in EntityType.values:
        raise BadEntity(_("“%(type)s” is no type of entity.") % {"type": type})
    entity = Entity(
        registry=registry,
        uuid=uuid or uuid4(),
        name=name,
        folded=fold(name),
        type=type,
        proposed=proposed,
        created_by=by,
    )
    try:
        with transaction.atomic():
            entity.save(force_insert=True)
    except IntegrityError:
        known = Entity.objects.get(registry=registry, uuid=entity.uuid)
        if (known.name, known.type) != (name, type):
            raise BadEntity(_("That id names another entity already.")) from None
        return known
    history.record("entity.proposed" if proposed else "entity.registered", entity, by=by)
    return entity


def add_alias(
    entity: Entity, *, text: str, kind: str, language: str = "", proposed_by: User | None = None
) -> Alias:
    """The entity answers to this text too; for `proposed_by` only, when it is their proposal. The
    same alias twice is one alias, and one that was removed stands again. Refuses (BadEntity) a
    hostile text and an unknown kind."""
    text = clean_name(text)
    if kind not in AliasKind.values:
        raise BadEntity(_("“%(kind)s” is no kind of alias.") % {"kind": kind})
    same = {"entity": entity, "text": text, "kind": kind, "language": language}
    known = Alias.objects.filter(**same, proposed_by=None, removed=False).first()
    return known or _make_alias({**same, "proposed_by": proposed_by}, fold(text))


@transaction.atomic
def _make_alias(fields: dict[str, Any], folded: str) -> Alias:
    alias, made = Alias.objects.get_or_create(**fields, defaults={"folded": folded})
    if alias.removed:
        alias.removed, alias.merged_from, made = False, None, True
        alias.save(update_fields=["removed", "merged_from"])
    if made and alias.proposed_by:
        history.record("alias.proposed", alias, by=alias.proposed_by, text=alias.text)
    return alias


def refuse_merged(entity: Entity) -> None:
    """Refuses (BadEntity) one that goes on as another: that one has its names, and changes."""
    if entity.merged_into_id:
        raise BadEntity(
            _("It was merged. Change the one that it went into, or split it back first.")
        )


def clean_name(name: str) -> str:
    """The name with single spaces. Refuses (BadEntity) what no name may be."""
    name = " ".join(name.split())
    if not name:
        raise BadEntity(_("A name is needed."))
    if len(name) > MAX_NAME:
        raise BadEntity(_("A name has at most %(most)s characters.") % {"most": MAX_NAME})
    if bad := refuse_line(name):
        raise BadEntity(
            _("The name holds a character no name may hold (%(character)s).")
            % {"character": bad.character}
        )
    return name
