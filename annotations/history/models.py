"""Who did what when, outside the layers (those have their operations). Append-only."""

from django.db import models
from django.db.models import F

from annotations.accounts.models import User


class Event(models.Model):
    verb = models.TextField()
    thing = models.TextField(blank=True, default="")
    thing_id = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "event"
        # read by: the history of one thing, newest first
        indexes = (models.Index("thing", "thing_id", F("id").desc(), name="event_of_thing"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.thing} {self.thing_id}"
