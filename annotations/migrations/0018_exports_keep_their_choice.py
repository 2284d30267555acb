from typing import Any

from django.db import migrations, models


def keep(apps: Any, schema_editor: Any) -> None:
    exports = apps.get_model("annotations", "Export").objects.using(schema_editor.connection.alias)
    exports.filter(include_open=True).update(choice={"include_open": True})


def give_back(apps: Any, schema_editor: Any) -> None:
    exports = apps.get_model("annotations", "Export").objects.using(schema_editor.connection.alias)
    exports.filter(choice__include_open=True).update(include_open=True)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0017_agreement_looks_at_all_layers")]

    operations = [
        migrations.AddField("export", "choice", models.JSONField(default=dict)),
        migrations.AddField("export", "expired_at", models.DateTimeField(null=True)),
        migrations.RunPython(keep, give_back, elidable=True),
        migrations.RemoveField("export", "include_open"),
        migrations.AddIndex(
            "export",
            models.Index(
                fields=("sha256",),
                condition=models.Q(("expired_at__isnull", True), ("sha256__isnull", False)),
                name="export_of_file",
            ),
        ),
    ]
