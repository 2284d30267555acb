"""What pairs of layers add up to is kept, part by part, and goes with the campaign."""

import django.db.models.deletion
from django.db import migrations, models

# Most of it is numbers that hardly become smaller: to try takes longer than to read.
GOES_ALONG = """
ALTER TABLE agreement_sum
  ADD CONSTRAINT agreement_sum_of_campaign FOREIGN KEY (campaign_id) REFERENCES campaign ON DELETE CASCADE;
ALTER TABLE agreement_sum ALTER COLUMN sums SET STORAGE EXTERNAL;
"""
STAYS = """
ALTER TABLE agreement_sum ALTER COLUMN sums SET STORAGE EXTENDED;
ALTER TABLE agreement_sum DROP CONSTRAINT agreement_sum_of_campaign;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0018_exports_keep_their_choice"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementSum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.UUIDField()),
                ("include_open", models.BooleanField()),
                ("sums", models.BinaryField()),
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
                "db_table": "agreement_sum",
            },
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
    ]
