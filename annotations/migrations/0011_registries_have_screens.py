import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# what is linked or told apart is of one registry
OF_ONE_REGISTRY = """
ALTER TABLE entity_link
  ADD CONSTRAINT entity_link_source_in_registry FOREIGN KEY (registry_id, source_id)
      REFERENCES entity (registry_id, id),
  ADD CONSTRAINT entity_link_target_in_registry FOREIGN KEY (registry_id, target_id)
      REFERENCES entity (registry_id, id);
ALTER TABLE distinction
  ADD CONSTRAINT distinction_first_in_registry FOREIGN KEY (registry_id, first_id)
      REFERENCES entity (registry_id, id),
  ADD CONSTRAINT distinction_second_in_registry FOREIGN KEY (registry_id, second_id)
      REFERENCES entity (registry_id, id);
"""
EACH_FOR_ITSELF = """
ALTER TABLE distinction
  DROP CONSTRAINT distinction_first_in_registry, DROP CONSTRAINT distinction_second_in_registry;
ALTER TABLE entity_link
  DROP CONSTRAINT entity_link_source_in_registry, DROP CONSTRAINT entity_link_target_in_registry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0010_campaigns_are_about_a_part"),
    ]

    operations = [
        migrations.CreateModel(
            name="Distinction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "distinction",
            },
        ),
        migrations.CreateModel(
            name="EntityLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("speaks_for", "speaks for"), ("member_of", "is a member of")]
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("removed", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "entity_link",
            },
        ),
        migrations.AddField(
            model_name="alias",
            name="merged_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="alias",
            name="removed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="entity",
            name="attributes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                models.F("registry"), models.F("folded"), models.F("id"), name="entity_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                models.F("registry"),
                models.F("type"),
                models.F("folded"),
                models.F("id"),
                name="entity_by_type",
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="registry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.registry",
            ),
        ),
        migrations.AddField(
            model_name="distinction",
            name="second",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="entitylink",
            name="registry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.registry",
            ),
        ),
        migrations.AddField(
            model_name="entitylink",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="entitylink",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linked",
                to="annotations.entity",
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="distinction_once"),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="distinction_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="entitylink",
            constraint=models.UniqueConstraint(
                fields=("source", "kind", "target", "valid_from", "valid_to"),
                name="entity_link_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="entitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["speaks_for", "member_of"])),
                name="entity_link_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="entity_link_not_to_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_to__isnull", True),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="entity_link_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(
                condition=models.Q(("to_entity__isnull", False)),
                fields=["to_entity"],
                name="relation_by_entity",
            ),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("proposed", True)),
                fields=["registry", "folded", "id"],
                name="entity_proposed",
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(
                condition=models.Q(("proposed_by__isnull", False), ("removed", False)),
                fields=["entity"],
                name="alias_proposed",
            ),
        ),
        migrations.RunSQL(OF_ONE_REGISTRY, EACH_FOR_ITSELF),
    ]
