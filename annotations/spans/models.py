"""What was tagged: spans, relations, and the append-only list of operations behind them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.registry.models import Entity, Registry
from annotations.schema.models import Label, RelationType


class Span(models.Model):
    """One tagged thing. `fragments` is flat: {start1, end1, start2, end2, …}, half-open code
    points, strictly increasing; `text` holds what each fragment covers.

    That text, label and entity fit the assignment is refused by trigger (span_fits), as is a span
    without its assignment (span_layer).
    """

    pk = models.CompositePrimaryKey("assignment_id", "id")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, db_constraint=False, db_index=False, related_name="spans"
    )
    id = models.UUIDField()
    label = models.ForeignKey(
        Label, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    fragments = ArrayField(models.IntegerField())
    text = ArrayField(models.TextField())
    attributes = models.JSONField(default=dict)
    entity = models.ForeignKey(
        Entity,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="spans",
    )
    changed_seq = models.IntegerField()
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "span"
        # read by: the registry's pages and merges
        indexes = (
            models.Index(
                fields=("entity",), condition=Q(entity__isnull=False), name="span_by_entity"
            ),
        )

    def __str__(self) -> str:
        return " … ".join(self.text)


class Relation(models.Model):
    """A typed link from a span (or the article) to a span (or an entity) of one layer."""

    pk = models.CompositePrimaryKey("assignment_id", "id")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="relations", db_index=False
    )
    id = models.UUIDField()
    type = models.ForeignKey(
        RelationType, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    from_article = models.BooleanField(default=False)
    from_id = models.UUIDField(null=True)
    to_id = models.UUIDField(null=True)
    to_entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    attributes = models.JSONField(default=dict)
    changed_seq = models.IntegerField()
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "relation"
        constraints = (
            models.CheckConstraint(
                condition=Q(from_article=True, from_id__isnull=True)
                | Q(from_article=False, from_id__isnull=False),
                name="relation_from_one",
            ),
            models.CheckConstraint(
                condition=Q(to_id__isnull=False, to_entity__isnull=True)
                | Q(to_id__isnull=True, to_entity__isnull=False),
                name="relation_to_one",
            ),
            models.CheckConstraint(
                condition=Q(from_id__isnull=True) | Q(to_id__isnull=True) | ~Q(from_id=F("to_id")),
                name="relation_not_to_itself",
            ),
            models.UniqueConstraint(
                fields=("assignment", "from_id", "type", "to_id", "to_entity"),
                condition=Q(removed=False),
                nulls_distinct=False,
                name="relation_once",
            ),
        )
        indexes = (
            # read by: the registry's pages
            models.Index(
                fields=("to_entity",),
                condition=Q(to_entity__isnull=False),
                name="relation_by_entity",
            ),
            # read by: the removal of a span, for the relations that end at it
            models.Index(
                fields=("assignment", "to_id"),
                condition=Q(to_id__isnull=False),
                name="relation_by_end",
            ),
        )

    def __str__(self) -> str:
        return f"relation {self.id}"


class RemarkKind(models.TextChoices):
    NOTE = "note", _("Note")
    FLAG = "flag", _("Flag")
    WAIVER = "waiver", _("Waiver")
    SETTLEMENT = "settlement", _("Settlement")


class Remark(models.Model):
    """What is said beside the spans: a note, the flags and confidence of a span or of the article,
    a waiver (these words are no such span), or in a gold layer a settlement (what came of spans or
    relations of annotators' layers). Never compared for agreement.

    A note, a waiver and a settlement have an id of their own; the flags of a span have the span's,
    those of the article the nil UUID. `span` is what it is about, none: the article; of a
    settlement what came of it, if that is a span.
    """

    pk = models.CompositePrimaryKey("assignment_id", "kind", "id")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="remarks", db_index=False
    )
    kind = models.TextField(choices=RemarkKind)
    id = models.UUIDField()
    span_id = models.UUIDField(null=True)
    body = models.JSONField()
    account = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    changed_seq = models.IntegerField()
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "remark"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=RemarkKind.values), name="remark_kind"),
        )
        # read by: the removal of a span, for what was said about it
        indexes = (
            models.Index(
                fields=("assignment", "span_id"),
                condition=Q(span_id__isnull=False),
                name="remark_by_span",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Operation(models.Model):
    """One change of a layer, as it was applied: the list of these is the layer's history."""

    pk = models.CompositePrimaryKey("assignment_id", "seq")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="operations", db_index=False
    )
    seq = models.IntegerField()
    id = models.UUIDField()
    group = models.UUIDField()
    op = models.TextField()
    undoes = models.UUIDField(null=True)
    restores = models.IntegerField(null=True)
    account = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    client = models.UUIDField(null=True)
    request_sha256 = models.BinaryField()
    changes = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "operation"
        constraints = (
            models.UniqueConstraint(
                fields=("assignment", "id"),
                name="operation_once",
            ),
            models.CheckConstraint(condition=Q(seq__gt=0), name="operation_seq"),
            models.CheckConstraint(
                condition=Q(op="restore", restores__isnull=False, restores__gte=0)
                | ~Q(op="restore") & Q(restores__isnull=True),
                name="operation_restores",
            ),
        )
        indexes = (
            # read by: an undo, for the group it takes back; a save, for a group used twice
            models.Index(fields=("assignment", "group"), name="operation_by_group"),
            # read by: the history's pages, for what was undone, and what a restore left behind
            models.Index(
                fields=("assignment", "undoes"),
                condition=Q(undoes__isnull=False),
                name="operation_by_undone",
            ),
            models.Index(
                fields=("assignment", "seq"),
                condition=Q(restores__isnull=False),
                name="operation_restoring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.op} {self.seq} of {self.assignment_id}"


class EntityUse(models.Model):
    """How often an entity was mentioned at the last count, by one annotator in one campaign; without
    a campaign by everyone in all of them. Withdrawn layers are not counted.

    It goes along with its registry, its entity, its campaign (migration 0016).
    """

    registry = models.ForeignKey(
        Registry, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    entity = models.ForeignKey(
        Entity, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    type = models.TextField()
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    annotator = models.ForeignKey(
        User, models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    mentions = models.BigIntegerField()

    class Meta:
        db_table = "entity_use"
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "campaign", "annotator"),
                nulls_distinct=False,
                name="entity_use_once",
            ),
        )
        indexes = (
            # read by: the entities of a registry by their use, all of them or of one type
            models.Index(
                "registry",
                F("mentions").desc(),
                "entity",
                condition=Q(campaign__isnull=True),
                name="entity_use_most",
            ),
            models.Index(
                "registry",
                "type",
                F("mentions").desc(),
                "entity",
                condition=Q(campaign__isnull=True),
                name="entity_use_most_of_type",
            ),
            # read by: the same for who may not see every campaign; the next count
            models.Index(fields=("registry", "campaign"), name="entity_use_of_registry"),
        )

    def __str__(self) -> str:
        return f"{self.entity_id}: {self.mentions}"


class UseCount(models.Model):
    """When the mentions of a registry's entities were counted last."""

    registry = models.OneToOneField(
        Registry, models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "use_count"

    def __str__(self) -> str:
        return f"{self.registry_id} at {self.counted_at}"
