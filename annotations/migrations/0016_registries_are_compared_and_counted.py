import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What is derived goes along with what it is derived from.
GOES_ALONG = """
ALTER TABLE duplicate
  ADD CONSTRAINT duplicate_of_registry FOREIGN KEY (registry_id) REFERENCES registry ON DELETE CASCADE,
  ADD CONSTRAINT duplicate_first FOREIGN KEY (first_id) REFERENCES entity ON DELETE CASCADE,
  ADD CONSTRAINT duplicate_second FOREIGN KEY (second_id) REFERENCES entity ON DELETE CASCADE;
ALTER TABLE name_keys
  ADD CONSTRAINT name_keys_of_entity FOREIGN KEY (entity_id) REFERENCES entity ON DELETE CASCADE;
ALTER TABLE entity_use
  ADD CONSTRAINT use_of_registry FOREIGN KEY (registry_id) REFERENCES registry ON DELETE CASCADE,
  ADD CONSTRAINT use_of_entity FOREIGN KEY (entity_id) REFERENCES entity ON DELETE CASCADE,
  ADD CONSTRAINT use_in_campaign FOREIGN KEY (campaign_id) REFERENCES campaign ON DELETE CASCADE;
ALTER TABLE use_count
  ADD CONSTRAINT use_count_of_registry FOREIGN KEY (registry_id) REFERENCES registry ON DELETE CASCADE;
"""
STAYS = """
ALTER TABLE use_count DROP CONSTRAINT use_count_of_registry;
ALTER TABLE entity_use DROP CONSTRAINT use_of_registry, DROP CONSTRAINT use_of_entity,
  DROP CONSTRAINT use_in_campaign;
ALTER TABLE name_keys DROP CONSTRAINT name_keys_of_entity;
ALTER TABLE duplicate DROP CONSTRAINT duplicate_of_registry, DROP CONSTRAINT duplicate_first,
  DROP CONSTRAINT duplicate_second;
"""
# Whoever changes what an entity is called, by whatever door, has it compared anew.
NOTICED = """
CREATE FUNCTION entity_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.compared := false;
  RETURN NEW;
END $$;
CREATE TRIGGER entity_renamed BEFORE UPDATE OF folded, type, merged_into_id, proposed ON entity
  FOR EACH ROW WHEN (OLD.folded <> NEW.folded OR OLD.type <> NEW.type OR OLD.proposed <> NEW.proposed
                  OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
  EXECUTE FUNCTION entity_renamed();
CREATE FUNCTION alias_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE entity SET compared = false
   WHERE compared AND id IN (SELECT entity_id FROM fresh);
  RETURN NULL;
END $$;
CREATE TRIGGER alias_added AFTER INSERT ON alias
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION alias_added();
CREATE FUNCTION alias_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE entity SET compared = false WHERE compared AND id = NEW.entity_id;
  RETURN NULL;
END $$;
CREATE TRIGGER alias_changed AFTER UPDATE OF folded, kind, removed, proposed_by_id ON alias
  FOR EACH ROW EXECUTE FUNCTION alias_changed();
"""
UNNOTICED = """
DROP TRIGGER alias_changed ON alias;
DROP FUNCTION alias_changed();
DROP TRIGGER alias_added ON alias;
DROP FUNCTION alias_added();
DROP TRIGGER entity_renamed ON entity;
DROP FUNCTION entity_renamed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0015_campaigns_and_corpora_can_be_withdrawn"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("alike", models.BooleanField()),
                ("word", models.TextField()),
                ("proposed", models.BooleanField()),
            ],
            options={
                "db_table": "duplicate",
            },
        ),
        migrations.CreateModel(
            name="EntityUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.TextField()),
                ("mentions", models.BigIntegerField()),
            ],
            options={
                "db_table": "entity_use",
            },
        ),
        migrations.CreateModel(
            name="UseCount",
            fields=[
                (
                    "registry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="annotations.registry",
                    ),
                ),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "use_count",
            },
        ),
        migrations.AddField(
            model_name="entity",
            name="compared",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["folded", "entity"], name="alias_by_name"),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("compared", False)),
                fields=["registry", "id"],
                name="entity_to_compare",
            ),
        ),
        migrations.AddField(
            model_name="duplicate",
            name="first",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="duplicate",
            name="registry",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.registry",
            ),
        ),
        migrations.AddField(
            model_name="duplicate",
            name="second",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="entityuse",
            name="annotator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="entityuse",
            name="campaign",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.campaign",
            ),
        ),
        migrations.AddField(
            model_name="entityuse",
            name="entity",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="entityuse",
            name="registry",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.registry",
            ),
        ),
        migrations.AddIndex(
            model_name="duplicate",
            index=models.Index(
                fields=["registry", "alike", "word", "first", "second"], name="duplicate_in_turn"
            ),
        ),
        migrations.AddIndex(
            model_name="duplicate",
            index=models.Index(fields=["second"], name="duplicate_second"),
        ),
        migrations.AddConstraint(
            model_name="duplicate",
            constraint=models.UniqueConstraint(
                fields=("first", "second", "alike"), name="duplicate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="duplicate_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="entityuse",
            index=models.Index(
                models.F("registry"),
                models.OrderBy(models.F("mentions"), descending=True),
                models.F("entity"),
                condition=models.Q(("campaign__isnull", True)),
                name="entity_use_most",
            ),
        ),
        migrations.AddIndex(
            model_name="entityuse",
            index=models.Index(
                models.F("registry"),
                models.F("type"),
                models.OrderBy(models.F("mentions"), descending=True),
                models.F("entity"),
                condition=models.Q(("campaign__isnull", True)),
                name="entity_use_most_of_type",
            ),
        ),
        migrations.AddIndex(
            model_name="entityuse",
            index=models.Index(fields=["registry", "campaign"], name="entity_use_of_registry"),
        ),
        migrations.AddConstraint(
            model_name="entityuse",
            constraint=models.UniqueConstraint(
                fields=("entity", "campaign", "annotator"),
                name="entity_use_once",
                nulls_distinct=False,
            ),
        ),
        migrations.CreateModel(
            name="NameKeys",
            fields=[
                (
                    "entity",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="annotations.entity",
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "name keys",
                "db_table": "name_keys",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="name_keys_shared"
                    )
                ],
            },
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
        migrations.RunSQL(NOTICED, UNNOTICED),
    ]
