"""Where the articles of a campaign stand is read from an index of its own, not from its assignments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0021_gold_layers_say_what_they_settled"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("withdrawn", False)),
                fields=["campaign", "article", "slot"],
                include=("kind", "status", "annotator", "submitted_at", "id"),
                name="assignment_to_gold",
            ),
        ),
    ]
