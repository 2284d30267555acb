import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Func

# pg_trgm makes trigrams of what the database's locale calls a letter; in the locales that sort by
# code point that is ASCII alone. So every other character is written as a digit and a letter, which
# no word of the Latin script holds side by side. Many characters share a pair: what is found by the
# key is compared again by its folded form.
FUNCTION = """
CREATE FUNCTION search_key(folded text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT coalesce(string_agg(
           CASE WHEN ascii(one) < 128 THEN one
                ELSE chr(48 + ascii(one) % 10) || chr(97 + ascii(one) / 10 % 26) END,
           '' ORDER BY place), '')
    FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY AS characters(one, place)
$$;
"""


def _search_key() -> models.GeneratedField:
    return models.GeneratedField(
        expression=Func(F("folded"), function="search_key"),
        output_field=models.TextField(),
        db_persist=True,
    )


def _trigrams(name: str) -> GinIndex:
    return GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name=name)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0006_names_are_searched_without_accents")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_key(text)"),
        migrations.RemoveIndex(model_name="entity", name="entity_folded_trigrams"),
        migrations.RemoveIndex(model_name="alias", name="alias_folded_trigrams"),
        migrations.AddField(model_name="entity", name="search_key", field=_search_key()),
        migrations.AddField(model_name="alias", name="search_key", field=_search_key()),
        migrations.AddIndex(model_name="entity", index=_trigrams("entity_trigrams")),
        migrations.AddIndex(model_name="alias", index=_trigrams("alias_trigrams")),
        migrations.RemoveConstraint(model_name="alias", name="alias_once"),
        migrations.AddField(
            model_name="alias",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("entity", "kind", "language", "text", "proposed_by"),
                nulls_distinct=False,
                name="alias_once",
            ),
        ),
    ]
