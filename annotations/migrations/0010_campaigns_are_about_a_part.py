import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0009_articles_can_be_withdrawn"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="tag",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.tag",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="stories",
            field=models.TextField(
                choices=[
                    ("each", "Each is labelled like any other"),
                    ("together", "They are handed out one after the other"),
                    ("one", "Only the first is labelled"),
                ],
                db_default="each",
                default="each",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("stories__in", ["each", "together", "one"])),
                name="campaign_stories",
            ),
        ),
    ]
