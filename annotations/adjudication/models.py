"""What is counted of decisions, so that nobody goes through all of them to say how many there are."""

from django.db import models

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign


class DecisionCount(models.Model):
    """How often a submitted gold layer settled something in one way: about spans of a label or relations
    of a type, as they were when it was submitted, or ("") about anything; `took`: whose version
    was taken, if one was.

    The database keeps it, whatever changes the gold layer (migration 0026).
    """

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, db_constraint=False, related_name="+"
    )
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    about = models.TextField(blank=True, default="")
    decision = models.TextField()
    took = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    number = models.IntegerField()

    class Meta:
        db_table = "decision_count"
        indexes = (
            # read by: the shares of the page of decisions, from this alone
            models.Index(
                fields=("campaign", "about"),
                include=("decision", "took", "number"),
                name="decision_count_of",
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision} {self.about}: {self.number}"


class ArticleStanding(models.Model):
    """Where an article of a campaign stands on its way to gold, as it was when somebody asked last."""

    pk = models.CompositePrimaryKey("campaign_id", "article_id")
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    article_id = models.BigIntegerField()
    state = models.TextField()

    class Meta:
        db_table = "article_standing"
        # read by: how many articles stand where
        indexes = (models.Index(fields=("campaign", "state"), name="article_standing_in"),)

    def __str__(self) -> str:
        return f"{self.article_id}: {self.state}"


class StandingChange(models.Model):
    """An article may stand elsewhere since: a layer of it came, went, or changed hands or status.

    The database writes these down (migration 0026), and whoever asks next clears them away.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    article_id = models.BigIntegerField()

    class Meta:
        db_table = "standing_change"
        # read by: whoever asks where the articles of a campaign stand
        indexes = (models.Index(fields=("campaign",), name="standing_change_of"),)

    def __str__(self) -> str:
        return f"{self.article_id} in {self.campaign_id}"
