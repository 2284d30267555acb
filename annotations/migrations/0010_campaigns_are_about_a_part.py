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
            name="thinned",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
