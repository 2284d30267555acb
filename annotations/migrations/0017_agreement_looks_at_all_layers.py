"""What all layers of an article give together is kept, and a run has figures of it."""

import django.db.models.deletion
from django.db import migrations, models

GOES_ALONG = """
ALTER TABLE agreement_article
  ADD CONSTRAINT agreement_article_of_campaign FOREIGN KEY (campaign_id)
      REFERENCES campaign ON DELETE CASCADE,
  ADD CONSTRAINT agreement_article_of_article FOREIGN KEY (article_id)
      REFERENCES article ON DELETE CASCADE
"""
STAYS = """
ALTER TABLE agreement_article
  DROP CONSTRAINT agreement_article_of_campaign, DROP CONSTRAINT agreement_article_of_article
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0016_registries_are_compared_and_counted"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreementrun",
            name="depth",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="AgreementArticle",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "article_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("layers", models.BinaryField()),
                ("version", models.SmallIntegerField()),
                ("found", models.BinaryField()),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.article",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.campaign",
                    ),
                ),
            ],
            options={
                "db_table": "agreement_article",
            },
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
    ]
