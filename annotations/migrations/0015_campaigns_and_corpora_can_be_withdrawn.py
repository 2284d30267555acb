from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
NAME = "0015_campaigns_and_corpora_can_be_withdrawn"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0014_agreement_is_counted_in_pairs"),
    ]

    operations = [
        migrations.AddField(
            model_name="corpus",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="hidden",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("hidden", True), _connector="OR"
                ),
                name="campaign_in_trash_is_hidden",
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(
                condition=models.Q(("merged_from__isnull", False)),
                fields=["merged_from"],
                name="alias_by_origin",
            ),
        ),
        migrations.AddIndex(
            model_name="distinction",
            index=models.Index(fields=["second"], name="distinction_second"),
        ),
        migrations.RunSQL(
            (HERE / f"{NAME}.sql").read_text(encoding="utf-8"),
            (HERE / f"{NAME}_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
