from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0011_registries_have_screens"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="since_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="since_done",
            field=models.BigIntegerField(default=0, db_default=0),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                models.F("created_at").desc(), models.F("id").desc(), name="job_newest"
            ),
        ),
    ]
