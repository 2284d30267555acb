"""Exports: frozen, checksummed snapshots of a campaign's layers."""

import uuid

from django.db import models
from django.db.models import F, Q

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.jobs.models import Job


class Export(models.Model):
    """One snapshot. `sha256`, `bytes` and `manifest` are set when its file is complete. `choice` is
    the document of what goes in (see `choices.record`). From `expired_at` on the file is gone: the
    row still says what it was, and it can be made again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="exports")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    format = models.TextField(default="jsonl")
    choice = models.JSONField(default=dict)
    sha256 = models.BinaryField(null=True)
    bytes = models.BigIntegerField(null=True)
    lines = models.BigIntegerField(null=True)
    manifest = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"
        indexes = (
            # read by: the list of a campaign's exports
            models.Index("campaign", F("created_at").desc(), name="export_newest"),
            # read by: whoever removes a file, for the other exports that have it
            models.Index(
                fields=("sha256",),
                condition=Q(sha256__isnull=False, expired_at__isnull=True),
                name="export_of_file",
            ),
        )

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def has_file(self) -> bool:
        """Whether it can be had: it is finished, and its file was not removed."""
        return self.finished_at is not None and self.expired_at is None
