from pathlib import Path

from django.db import migrations

HERE = Path(__file__).with_suffix("")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_what_the_database_refuses")]
    operations = [
        migrations.RunSQL(
            HERE.with_suffix(".sql").read_text(encoding="utf-8"),
            HERE.with_name(HERE.name + "_reverse.sql").read_text(encoding="utf-8"),
        )
    ]
