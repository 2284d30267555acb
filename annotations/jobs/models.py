"""The outbox of background work. This table is the truth; Celery only rings a bell."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = (State.QUEUED, State.RUNNING)
ENDED_EARLY = (State.FAILED, State.CANCELLED)


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField()
    args = models.JSONField(default=dict)
    dedupe_key = models.TextField(null=True)
    state = models.TextField(choices=State, default=State.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    max_attempts = models.SmallIntegerField(default=3)
    run_after = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(null=True)
    worker = models.TextField(default="", blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.TextField(default="", blank=True)
    # where this attempt, in what it does now, began to count, and when: its pace is from there
    since_done = models.BigIntegerField(default=0, db_default=0)
    since_at = models.DateTimeField(null=True)
    checkpoint = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(default="", blank=True)
    result = models.JSONField(null=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="jobs")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")), name="job_attempts"
            ),
            models.UniqueConstraint(
                fields=("dedupe_key",), condition=Q(state__in=LIVE), name="job_once_while_live"
            ),
        )
        indexes = (
            # read by: the sweeper, for what to ring again
            models.Index(fields=("run_after",), condition=Q(state="queued"), name="job_ready"),
            # read by: the sweeper, for workers that died
            models.Index(fields=("lease_until",), condition=Q(state="running"), name="job_leased"),
            # read by: the list of one's own jobs
            models.Index("requested_by", F("created_at").desc(), name="job_mine"),
            # read by: the list of all jobs, in pages
            models.Index(F("created_at").desc(), F("id").desc(), name="job_newest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
