"""Messages about annotators' layers. Append-only: only whether one still waits ever changes."""

from django.db import models

from annotations.accounts.models import User
from annotations.assignments.models import Assignment


class Message(models.Model):
    """What somebody who adjudicates asks about a span of a layer, or about its article (`span_id`
    none), or what its annotator says there. It is beside the layer: no operation, no revision.

    `to` is whom it waits for while it `waits`: the layer's annotator, or who asked last; none:
    whoever adjudicates. It goes along with its layer, and with its text (migration 0026).
    """

    pk = models.CompositePrimaryKey("assignment_id", "id")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, db_constraint=False, db_index=False, related_name="messages"
    )
    id = models.UUIDField()
    span_id = models.UUIDField(null=True)
    asks = models.BooleanField()
    text = models.TextField()
    account = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    waits = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "message"
        constraints = (
            models.CheckConstraint(condition=~models.Q(text=""), name="message_says_something"),
        )
        indexes = (
            # read by: home, for what waits for somebody
            models.Index(
                fields=("to", "asks"), condition=models.Q(waits=True), name="message_waiting"
            ),
            # read by: the page of questions, for what one wrote
            models.Index(fields=("account", "at"), name="message_by_account"),
        )

    def __str__(self) -> str:
        return f"message {self.id}"
