"""What may be tagged. `Schema.spec` is the whole definition; labels and relation types have
rows of their own so that spans and relations can point at them."""

from django.db import models
from django.db.models import Q


class Schema(models.Model):
    """One version of a schema. Once a campaign uses it, it is frozen and never changes."""

    key = models.TextField()
    version = models.TextField()
    spec = models.JSONField()
    frozen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "schema"
        constraints = (
            models.UniqueConstraint(
                fields=("key", "version"),
                name="schema_version_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}@{self.version}"


class Label(models.Model):
    schema = models.ForeignKey(Schema, models.PROTECT, related_name="labels")
    key = models.TextField()
    position = models.SmallIntegerField()

    class Meta:
        db_table = "label"
        constraints = (
            models.UniqueConstraint(
                fields=("schema", "key"),
                name="label_once",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="label_named"),
        )

    def __str__(self) -> str:
        return self.key


class RelationType(models.Model):
    schema = models.ForeignKey(Schema, models.PROTECT, related_name="relation_types")
    key = models.TextField()
    position = models.SmallIntegerField()

    class Meta:
        db_table = "relation_type"
        constraints = (
            models.UniqueConstraint(
                fields=("schema", "key"),
                name="relation_type_once",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="relation_type_named"),
        )

    def __str__(self) -> str:
        return self.key
