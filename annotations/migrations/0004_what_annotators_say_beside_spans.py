import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
ALTER TABLE remark
  ADD CONSTRAINT remark_of_span FOREIGN KEY (assignment_id, span_id) REFERENCES span (assignment_id, id),
  ADD CONSTRAINT remark_body CHECK (jsonb_typeof(body) = 'object');

-- As in 0002; what a load that died left now has remarks, too.
CREATE OR REPLACE FUNCTION discard_load(load uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  PERFORM set_config('kutip.purge', 'on', true);
  DELETE FROM remark WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM relation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM span WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM operation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM assignment WHERE load_job = load AND status = 'loading';
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('kutip.purge', '', true);
  RETURN gone;
END $$;
"""
BACKWARD = """
ALTER TABLE remark DROP CONSTRAINT remark_of_span, DROP CONSTRAINT remark_body;
CREATE OR REPLACE FUNCTION discard_load(load uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  PERFORM set_config('kutip.purge', 'on', true);
  DELETE FROM relation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM span WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM operation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM assignment WHERE load_job = load AND status = 'loading';
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('kutip.purge', '', true);
  RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0003_what_loads_wait_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="quote_coverage",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="campaign",
            name="suggestions",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="user",
            name="preferences",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "assignment_id",
                        "kind",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("note", "Note"), ("flag", "Flag"), ("waiver", "Waiver")]
                    ),
                ),
                ("id", models.UUIDField()),
                ("span_id", models.UUIDField(null=True)),
                ("body", models.JSONField()),
                ("at", models.DateTimeField()),
                ("changed_seq", models.IntegerField()),
                ("removed", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="annotations.assignment",
                    ),
                ),
            ],
            options={
                "db_table": "remark",
                "indexes": [
                    models.Index(
                        condition=models.Q(("span_id__isnull", False)),
                        fields=["assignment", "span_id"],
                        name="remark_by_span",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "flag", "waiver"])),
                        name="remark_kind",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
