"""A load of many spans asks for each layer once, not for each span."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql")
REVERSE = SQL.with_stem(SQL.stem + "_reverse")


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0029_words_are_put_into_their_index_together"),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), REVERSE.read_text(encoding="utf-8")),
        migrations.AlterField(
            model_name="span",
            name="assignment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="spans",
                to="annotations.assignment",
            ),
        ),
    ]
