from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0004_what_annotators_say_beside_spans"),
    ]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="restores",
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=Q(op="restore", restores__isnull=False, restores__gte=0)
                | ~Q(op="restore") & Q(restores__isnull=True),
                name="operation_restores",
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                fields=["assignment", "undoes"],
                condition=Q(undoes__isnull=False),
                name="operation_by_undone",
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                fields=["assignment", "seq"],
                condition=Q(restores__isnull=False),
                name="operation_restoring",
            ),
        ),
    ]
