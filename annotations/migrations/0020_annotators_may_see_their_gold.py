"""A campaign can let its annotators see how far their own layers agree with the gold ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0019_sums_of_agreement_are_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="gold_shown",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
