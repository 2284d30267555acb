"""A gold layer keeps what it made of the spans and relations of annotators' layers: a settlement."""

from django.db import migrations, models

KINDS = ("note", "flag", "waiver", "settlement")


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0020_annotators_may_see_their_gold"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="remark", name="remark_kind"),
        migrations.AlterField(
            model_name="remark",
            name="kind",
            field=models.TextField(choices=[(kind, kind.title()) for kind in KINDS]),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [*KINDS])), name="remark_kind"
            ),
        ),
    ]
