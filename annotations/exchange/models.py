"""Exports: frozen, checksummed snapshots of a campaign's layers."""

import uuid

from django.db import models
from django.db.models import F

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.jobs.models import Job


class Export(models.Model):
    """One snapshot. `sha256`, `bytes` and `manifest` are set when its file is complete."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="exports")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    format = models.TextField(default="jsonl")
    include_open = models.BooleanField(default=False)
    sha256 = models.BinaryField(null=True)
    bytes = models.BigIntegerField(null=True)
    lines = models.BigIntegerField(null=True)
    manifest = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"
        # read by: the list of a campaign's exports
        indexes = (models.Index("campaign", F("created_at").desc(), name="export_newest"),)

    def __str__(self) -> str:
        return f"export {self.pk}"
