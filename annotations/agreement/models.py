"""Runs of the agreement measures, and the additive tallies they are summed from."""

from django.db import models
from django.db.models import F, Q

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article
from annotations.jobs.models import Job


class AgreementRun(models.Model):
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="agreement_runs")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    include_open = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)
    results = models.JSONField(default=list)
    layers = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreement_run"
        # read by: the newest run of a campaign
        indexes = (models.Index("campaign", F("id").desc(), name="agreement_run_newest"),)

    def __str__(self) -> str:
        return f"agreement run {self.pk}"


class AgreementTally(models.Model):
    """What one pair of layers of one article adds to the sums, at these revisions."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_index=False)
    first = models.ForeignKey(Assignment, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Assignment, models.PROTECT, related_name="+", db_index=False)
    first_revision = models.IntegerField()
    second_revision = models.IntegerField()
    version = models.SmallIntegerField()
    counts = models.JSONField()

    class Meta:
        db_table = "agreement_tally"
        verbose_name_plural = "agreement tallies"
        constraints = (
            models.UniqueConstraint(
                fields=("first", "second"),
                name="agreement_tally_once",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="agreement_tally_ordered"
            ),
        )
        # read by: the removal of layers and of articles, for what still names them
        indexes = (
            models.Index(fields=("article",), name="agreement_tally_article"),
            models.Index(fields=("second",), name="agreement_tally_second"),
        )

    def __str__(self) -> str:
        return f"tally of {self.first_id} and {self.second_id}"
