"""Runs of the agreement measures, and the additive counts they are summed from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article
from annotations.jobs.models import Job


class AgreementRun(models.Model):
    """One measuring of a campaign, with all that is needed to do it again. `layers` holds the
    assignments that were compared and their revisions, `fingerprint` the SHA-256 of both (see
    `material.fingerprint`), `excluded` what was left out, by reason; `depth` what needs all layers of
    an article at once, once somebody asked for it (`depth.deepen`); `pieces` under what its counts are
    kept for its pages (`pieces.keep`), `summary` what of it they show (`results.summary`): the lists of
    layers are as long as the campaign."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="agreement_runs")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    include_open = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)
    results = models.JSONField(default=list)
    layers = models.JSONField(default=dict)
    excluded = models.JSONField(default=dict)
    fingerprint = models.BinaryField(null=True)
    depth = models.JSONField(null=True)
    pieces = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreement_run"
        # read by: the newest run of a campaign
        indexes = (models.Index("campaign", F("id").desc(), name="agreement_run_newest"),)

    def __str__(self) -> str:
        return f"agreement run {self.pk}"


class AgreementKey(models.Model):
    """What is counted, numbered: the counts of a pair name it by its number."""

    key = ArrayField(models.TextField(), unique=True)

    class Meta:
        db_table = "agreement_key"

    def __str__(self) -> str:
        return " ".join(self.key)


class AgreementPair(models.Model):
    """What two layers of one article add to the sums, at these revisions. `counts` and `opened`
    are None until somebody counted them: the pairs that wait are the queue of the work."""

    pk = models.CompositePrimaryKey("first_id", "second_id")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    first = models.ForeignKey(Assignment, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Assignment, models.CASCADE, related_name="+", db_index=False)
    first_revision = models.IntegerField()
    second_revision = models.IntegerField()
    version = models.SmallIntegerField()
    counts = models.BinaryField(null=True)
    opened = models.BinaryField(null=True)

    class Meta:
        db_table = "agreement_pair"
        constraints = (
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="agreement_pair_ordered"
            ),
        )
        indexes = (
            # read by: the sums of a campaign, article by article
            models.Index(fields=("campaign", "article"), name="agreement_pair_of_campaign"),
            # read by: whoever looks for work
            models.Index(
                fields=("campaign", "article"),
                condition=Q(counts__isnull=True),
                name="agreement_pair_waiting",
            ),
            # read by: the removal of layers and of articles, for what still names them
            models.Index(fields=("article",), name="agreement_pair_of_article"),
            models.Index(fields=("second",), name="agreement_pair_of_second"),
        )

    def __str__(self) -> str:
        return f"pair of {self.first_id} and {self.second_id}"


class AgreementArticle(models.Model):
    """What all layers of one article give together (`together`), those with this fingerprint. It goes
    with its campaign and its article: the real foreign keys are in the migration."""

    pk = models.CompositePrimaryKey("campaign_id", "article_id")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    # read by: the removal of articles, for what still names them
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_constraint=False)
    layers = models.BinaryField()
    version = models.SmallIntegerField()
    found = models.BinaryField()

    class Meta:
        db_table = "agreement_article"

    def __str__(self) -> str:
        return f"layers of {self.article_id} together"


class AgreementState(models.Model):
    """Under which identities the entities of a campaign's pairs were counted: merged ones, by the
    one they stand under."""

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, primary_key=True, related_name="agreement_state"
    )
    merged = models.JSONField(default=dict)

    class Meta:
        db_table = "agreement_state"

    def __str__(self) -> str:
        return f"identities of {self.campaign_id}"


class AgreementSum(models.Model):
    """What some of a campaign's pairs add up to in every draw (`kept`). The key follows from all that
    the sums depend on, so that they are right for whoever finds them. They go with the campaign: the
    real foreign key is in the migration."""

    pk = models.CompositePrimaryKey("campaign_id", "key")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.UUIDField()
    include_open = models.BooleanField()
    sums = models.BinaryField()

    class Meta:
        db_table = "agreement_sum"

    def __str__(self) -> str:
        return f"sums {self.key} of {self.campaign_id}"


class AgreementColumns(models.Model):
    """Some counts of some of a campaign's pairs, as the pages of a run read them (`pieces`). The key
    follows from all that they depend on. They go with the campaign, and with a text that is taken
    down: the real foreign key is in the migration."""

    pk = models.CompositePrimaryKey("campaign_id", "key", "head")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.UUIDField()
    head = models.TextField()
    include_open = models.BooleanField()
    columns = models.BinaryField()

    class Meta:
        db_table = "agreement_columns"

    def __str__(self) -> str:
        return f"{self.head} {self.key} of {self.campaign_id}"
