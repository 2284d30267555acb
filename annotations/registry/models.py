"""Registries of entities: the actors and concepts that spans link to."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    ROLE = "role", pgettext_lazy("alias", "Role")
    MISSPELLING = "misspelling", _("Misspelling")
    HISTORIC = "historic", _("Historic name")


class LinkKind(models.TextChoices):
    SPEAKS_FOR = "speaks_for", _("speaks for")
    MEMBER_OF = "member_of", _("is a member of")


def _search_key() -> models.GeneratedField:
    """`folded` in letters that trigrams are made of, whatever the database's locale: the SQL
    function of migration 0007, which the database calls by itself."""
    return models.GeneratedField(
        expression=Func(F("folded"), function="search_key"),
        output_field=models.TextField(),
        db_persist=True,
    )


class Registry(models.Model):
    name = models.TextField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "registry"

    def __str__(self) -> str:
        return self.name


class Entity(models.Model):
    """One actor or concept. `uuid` is its public name, unique in its registry.

    One that was merged into another stays, and so does what is linked to it: its id answers for
    ever, and splitting it back is undoing one pointer. `attributes` are words by their names.
    `compared` is taken away by the database whenever a name changes: then duplicates are looked
    for anew.
    """

    registry = models.ForeignKey(Registry, models.PROTECT, db_index=False, related_name="entities")
    uuid = models.UUIDField(default=uuid.uuid4)
    name = models.TextField()
    folded = models.TextField()
    search_key = _search_key()
    type = models.TextField(choices=EntityType)
    description = models.TextField(blank=True, default="")
    wikidata = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=dict)
    proposed = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="merged"
    )
    compared = models.BooleanField(default=False, db_default=False)
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
        indexes = (
            # read by: the desk's combobox
            GinIndex(OpClass(F("search_key"), "gin_trgm_ops"), name="entity_trigrams"),
            # read by: the list of a registry, all of it or of one type
            models.Index("registry", "folded", "id", name="entity_by_name"),
            models.Index("registry", "type", "folded", "id", name="entity_by_type"),
            # read by: the page of proposals
            models.Index(
                fields=("registry", "folded", "id"),
                condition=Q(proposed=True),
                name="entity_proposed",
            ),
            # read by: the job that looks for duplicates, and the sweeper that starts it
            models.Index(
                fields=("registry", "id"), condition=Q(compared=False), name="entity_to_compare"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name of an entity. The same text may name several entities.

    `proposed_by`: an annotator's proposal, which works for its maker only; null is everybody's.
    `merged_from`: the entity with which it came, and with which it goes when that is split back.
    One that was removed is found by nobody, and stands for the history.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="aliases")
    text = models.TextField()
    folded = models.TextField()
    search_key = _search_key()
    language = models.TextField(blank=True, default="")
    kind = models.TextField(choices=AliasKind)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    merged_from = models.ForeignKey(
        Entity, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "alias"
        verbose_name_plural = "aliases"
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "kind", "language", "text", "proposed_by"),
                nulls_distinct=False,
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
            GinIndex(OpClass(F("search_key"), "gin_trgm_ops"), name="alias_trigrams"),
            # read by: the page of proposals
            models.Index(
                fields=("entity",),
                condition=Q(proposed_by__isnull=False, removed=False),
                name="alias_proposed",
            ),
            # read by: the search for entities that share a name
            models.Index(fields=("folded", "entity"), name="alias_by_name"),
            # read by: the removal of entities, for what still names them
            models.Index(
                fields=("merged_from",),
                condition=Q(merged_from__isnull=False),
                name="alias_by_origin",
            ),
        )

    def __str__(self) -> str:
        return self.text


class EntityLink(models.Model):
    """One entity speaks for another, or is a member of it, for a while or always. Both are of this
    registry by a foreign key of migration 0011."""

    registry = models.ForeignKey(Registry, models.PROTECT, db_index=False, related_name="+")
    source = models.ForeignKey(Entity, models.PROTECT, related_name="links")
    target = models.ForeignKey(Entity, models.PROTECT, related_name="linked")
    kind = models.TextField(choices=LinkKind)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "entity_link"
        constraints = (
            models.UniqueConstraint(
                fields=("source", "kind", "target", "valid_from", "valid_to"),
                nulls_distinct=False,
                name="entity_link_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="entity_link_kind"),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="entity_link_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="entity_link_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Distinction(models.Model):
    """Somebody said that these two are not the same; they are not proposed as duplicates again."""

    registry = models.ForeignKey(Registry, models.PROTECT, db_index=False, related_name="+")
    first = models.ForeignKey(Entity, models.PROTECT, db_index=False, related_name="+")
    second = models.ForeignKey(Entity, models.PROTECT, db_index=False, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "distinction"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="distinction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinction_in_order"),
        )
        # read by: the removal of entities, for what still names them
        indexes = (models.Index(fields=("second",), name="distinction_second"),)

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Duplicate(models.Model):
    """Two entities that may be the same, as a job found (`duplicates.compare`): they share `name`,
    or are spelt alike where that is "". `word` is where the pair stands in its part of the list.
    `proposed`: an annotator's proposal is needed to see it. All of it can be found again.

    A registry, or an entity, takes its pairs along when it goes (migration 0016).
    """

    registry = models.ForeignKey(
        Registry, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    first = models.ForeignKey(
        Entity, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    second = models.ForeignKey(
        Entity, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.TextField()
    alike = models.BooleanField()
    word = models.TextField()
    proposed = models.BooleanField()

    class Meta:
        db_table = "duplicate"
        constraints = (
            models.UniqueConstraint(fields=("first", "second", "alike"), name="duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_in_order"),
        )
        indexes = (
            # read by: the page of duplicates
            models.Index(
                fields=("registry", "alike", "word", "first", "second"), name="duplicate_in_turn"
            ),
            # read by: the job, for what it found before; the removal of an entity
            models.Index(fields=("second",), name="duplicate_second"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} may be {self.second_id}"


class NameKeys(models.Model):
    """By which an entity's name is found by those that are spelt alike (`text.likeness`)."""

    entity = models.OneToOneField(Entity, models.CASCADE, primary_key=True, db_constraint=False)
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "name_keys"
        verbose_name_plural = "name keys"
        # read by: the job that compares names. The list of what is not yet in the index would be
        # read from end to end by every look-up, so there is none
        indexes = (GinIndex(fields=("keys",), name="name_keys_shared", fastupdate=False),)

    def __str__(self) -> str:
        return f"keys of {self.entity_id}"
