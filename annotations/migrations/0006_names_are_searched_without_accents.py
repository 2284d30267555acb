from typing import Any

from django.db import migrations

from annotations.text.names import fold

AT_ONCE = 2_000


def fold_again(apps: Any, schema_editor: Any) -> None:
    """Every name and alias is folded as `fold` does it now; only rows that differ are written."""
    for model, name in (("Entity", "name"), ("Alias", "text")):
        rows = apps.get_model("annotations", model).objects.using(schema_editor.connection.alias)
        last = 0
        while some := list(rows.filter(pk__gt=last).order_by("pk").only(name, "folded")[:AT_ONCE]):
            rows.bulk_update([row for row in some if _outdated(row, name)], ["folded"])
            last = some[-1].pk


def _outdated(row: Any, name: str) -> bool:
    before, row.folded = row.folded, fold(getattr(row, name))
    return bool(before != row.folded)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0005_where_a_restore_went")]
    # backwards there is nothing to do: the older search reads these rows as they are
    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
