"""Who labels what. The assignment is the hinge: one person's pass over one article."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User
from annotations.corpora.models import Article, Corpus, Tag
from annotations.schema.models import Schema


class Stories(models.TextChoices):
    """What becomes of articles that tell the same story."""

    EACH = "each", _("Each is labelled like any other")
    TOGETHER = "together", _("They are handed out one after the other")
    ONE = "one", _("Only the first is labelled")


class Campaign(models.Model):
    """A corpus or a part of it, a schema version and a design: `overlap` people label each article.

    A withdrawn campaign is in the trash. It is `hidden` then, and while its corpus is: nobody sees
    it, nobody labels in it, and all of it waits unchanged.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Running")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.TextField()
    corpus = models.ForeignKey(Corpus, models.PROTECT, related_name="campaigns")
    schema = models.ForeignKey(Schema, models.PROTECT, related_name="campaigns")
    overlap = models.SmallIntegerField(default=2)
    status = models.TextField(choices=Status, default=Status.DRAFT)
    instructions = models.TextField(blank=True, default="")
    # what a machine proposes may bias what people see: a campaign can do without
    suggestions = models.BooleanField(default=True)
    # every quoted stretch of an article must be a quote, or waived, before a layer is submitted
    quote_coverage = models.BooleanField(default=False)
    # annotators may see how far their own submitted layers agree with the gold ones
    gold_shown = models.BooleanField(default=False, db_default=False)
    stories = models.TextField(choices=Stories, default=Stories.EACH, db_default=Stories.EACH.value)
    # only articles with this tag are labelled
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, blank=True, related_name="+")
    annotators: "models.ManyToManyField[User, CampaignAnnotator]" = models.ManyToManyField(
        User, through="CampaignAnnotator", related_name="campaigns"
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "campaign"
        constraints = (
            models.UniqueConstraint(
                fields=("id", "corpus", "schema"),
                name="campaign_design",
            ),
            models.CheckConstraint(
                condition=Q(overlap__gte=1, overlap__lte=50), name="campaign_overlap"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="campaign_named"),
            models.CheckConstraint(
                condition=Q(stories__in=Stories.values), name="campaign_stories"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "running", "closed")), name="campaign_status"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(hidden=True),
                name="campaign_in_trash_is_hidden",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CampaignAnnotator(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="places")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "campaign_annotator"
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "user"),
                name="campaign_annotator_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.campaign_id}"


class Kind(models.TextChoices):
    ANNOTATOR = "annotator", _("Annotator")
    GOLD = "gold", _("Gold")


class Status(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")
    SKIPPED = "skipped", _("Skipped")
    LOADING = "loading", _("Loading")


EDITABLE = (Status.OPEN, Status.REOPENED)


class Assignment(models.Model):
    """One person's pass over one article. `revision` = number of operations of its layer.

    While its article is withdrawn an assignment is `withdrawn`, too: nobody is given it, nobody
    counts it, and its layer waits unchanged.

    Corpus and schema repeat the campaign's so that the database can refuse an article of
    another corpus (composite foreign keys, in the migrations).
    """

    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        related_name="assignments",
        db_constraint=False,
        db_index=False,
    )
    corpus = models.ForeignKey(
        Corpus, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    schema = models.ForeignKey(
        Schema, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="assignments", db_constraint=False
    )
    annotator = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="assignments"
    )
    kind = models.TextField(choices=Kind, default=Kind.ANNOTATOR)
    status = models.TextField(choices=Status, default=Status.WAITING)
    slot = models.SmallIntegerField(default=1)
    revision = models.IntegerField(default=0)
    span_count = models.IntegerField(default=0)
    relation_count = models.IntegerField(default=0)
    active_seconds = models.IntegerField(default=0)
    skip_reason = models.TextField(blank=True, default="")
    withdrawn = models.BooleanField(default=False, db_default=False)
    load_job = models.UUIDField(null=True)
    touched_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assignment"
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "article", "kind", "slot"),
                name="assignment_slot_once",
            ),
            models.UniqueConstraint(
                fields=("campaign", "annotator", "article"),
                condition=Q(annotator__isnull=False, kind="annotator"),
                name="assignment_person_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="assignment_kind"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="assignment_status"),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(annotator__isnull=False),
                name="assignment_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(
                    revision__gte=0, span_count__gte=0, relation_count__gte=0, active_seconds__gte=0
                ),
                name="assignment_counts",
            ),
        )
        indexes = (
            # read by: the claim of the next article
            models.Index(
                fields=("campaign", "article"),
                condition=Q(status="waiting"),
                name="assignment_next",
            ),
            # read by: one's own queue
            models.Index(
                fields=("annotator", "campaign", "status", "article"),
                name="assignment_mine",
            ),
            # read by: the list of a corpus's articles by how far they are labelled
            models.Index(fields=("corpus", "status", "article"), name="assignment_of_corpus"),
            # read by: where the articles of a campaign stand on their way to gold
            models.Index(
                fields=("campaign", "article", "slot"),
                include=("kind", "status", "annotator", "submitted_at", "id"),
                condition=Q(withdrawn=False),
                name="assignment_to_gold",
            ),
            # read by: the publishing of a load, and the sweeping of a dead one
            models.Index(
                fields=("load_job",),
                condition=Q(load_job__isnull=False),
                name="assignment_load_job",
            ),
        )

    def __str__(self) -> str:
        return f"assignment {self.pk}"
