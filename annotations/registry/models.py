"""Registries of entities: the actors and concepts that spans link to."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User


class EntityType(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    GOVERNMENT = "government", _("Government")
    COUNTRY = "country", _("Country")
    ARMED_FORCE = "armed_force", _("Armed force")
    MEDIA = "media", _("Media")
    GROUP = "group", _("Group")
    UNNAMED = "unnamed", _("Unnamed")
    CONCEPT = "concept", _("Concept")
    OTHER = "other", _("Other")


class AliasKind(models.TextChoices):
    FULL = "full", _("Full name")
    ABBREVIATION = "abbreviation", _("Abbreviation")
    SHORT = "short", _("Short name")
    METONYM = "metonym", _("Metonym")
    ROLE = "role", _("Role")
    MISSPELLING = "misspelling", _("Misspelling")
    HISTORIC = "historic", _("Historic name")


class Registry(models.Model):
    name = models.TextField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "registry"

    def __str__(self) -> str:
        return self.name


class Entity(models.Model):
    """One actor or concept. `uuid` is its public name, unique in its registry."""

    registry = models.ForeignKey(Registry, models.PROTECT, db_index=False, related_name="entities")
    uuid = models.UUIDField(default=uuid.uuid4)
    name = models.TextField()
    folded = models.TextField()
    type = models.TextField(choices=EntityType)
    description = models.TextField(blank=True, default="")
    wikidata = models.TextField(blank=True, default="")
    proposed = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "entity"
        verbose_name_plural = "entities"
        constraints = (
            models.UniqueConstraint(
                fields=("registry", "uuid"),
                name="entity_uuid_once",
            ),
            models.UniqueConstraint(
                fields=("registry", "id"),
                name="entity_in_registry",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="entity_named"),
            models.CheckConstraint(condition=Q(type__in=EntityType.values), name="entity_type"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="entity_not_merged_into_itself",
            ),
        )
        # read by: the desk's combobox
        indexes = (GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="entity_folded_trigrams"),)

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name of an entity. The same text may name several entities."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="aliases")
    text = models.TextField()
    folded = models.TextField()
    language = models.TextField(blank=True, default="")
    kind = models.TextField(choices=AliasKind)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "alias"
        verbose_name_plural = "aliases"
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "kind", "language", "text"),
                name="alias_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="alias_named"),
            models.CheckConstraint(condition=Q(kind__in=AliasKind.values), name="alias_kind"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="alias_dates",
            ),
        )
        indexes = (
            # read by: the desk's combobox
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="alias_folded_trigrams"),
        )

    def __str__(self) -> str:
        return self.text
