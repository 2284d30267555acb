"""What the pages of agreement read is kept in columns, and a run says in numbers what it is of."""

import django.db.models.deletion
from django.db import migrations, models

SUMMARISED = """
UPDATE agreement_run r SET summary = jsonb_build_object(
  'articles', r.layers->'articles', 'annotators', r.layers->'annotators',
  'layers', jsonb_array_length(r.layers->'assignments'), 'print', NULL,
  'left_out', (SELECT jsonb_object_agg(what, (
      SELECT coalesce(jsonb_object_agg(reason, jsonb_array_length(keys)), '{}')
        FROM jsonb_each(r.excluded->what) e (reason, keys)))
    FROM unnest(ARRAY['articles', 'layers']) what))
 WHERE r.finished_at IS NOT NULL
"""

# Columns hold some of the words that differ at boundaries: they go when a text does. Whoever keeps some
# holds the lock from before the counts are read until they are kept, so none are kept afterwards.
GOES_ALONG = """
ALTER TABLE agreement_columns
  ADD CONSTRAINT agreement_columns_of_campaign FOREIGN KEY (campaign_id)
      REFERENCES campaign ON DELETE CASCADE;
ALTER TABLE agreement_columns ALTER COLUMN columns SET STORAGE EXTERNAL;
CREATE OR REPLACE FUNCTION article_was_taken_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE those bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock(19319);
  SELECT array_agg(DISTINCT campaign_id) INTO those FROM agreement_pair WHERE article_id = NEW.id;
  DELETE FROM agreement_pair WHERE article_id = NEW.id;
  DELETE FROM agreement_columns WHERE campaign_id = ANY(those);
  RETURN NULL;
END $$;
"""
STAYS = """
CREATE OR REPLACE FUNCTION article_was_taken_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM agreement_pair WHERE article_id = NEW.id;
  RETURN NULL;
END $$;
ALTER TABLE agreement_columns DROP CONSTRAINT agreement_columns_of_campaign;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0022_articles_stand_on_their_way_to_gold"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreementrun",
            name="pieces",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="agreementrun",
            name="summary",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="AgreementColumns",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "key",
                        "head",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.UUIDField()),
                ("head", models.TextField()),
                ("include_open", models.BooleanField()),
                ("columns", models.BinaryField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.campaign",
                    ),
                ),
            ],
            options={
                "db_table": "agreement_columns",
            },
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
        migrations.RunSQL(SUMMARISED, migrations.RunSQL.noop),
    ]
