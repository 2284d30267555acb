"""A load of many layers waits half as long for the check that each span covers what it quotes."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0027_searches_read_narrow_rows"),
    ]

    operations = [
        # going back, the function stays as it is: it refuses what that of 0003 refuses
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
