"""Counts are kept as numbered cells, and what waits to be counted is a row without them. Runs name
layers and articles by their keys; those that stand are rewritten so. Counts are made again."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

REWRITE = """
UPDATE agreement_run r SET
  layers = (
    SELECT jsonb_build_object(
             'assignments', coalesce(jsonb_agg(layer->'assignment' ORDER BY (layer->>'assignment')::bigint), '[]'),
             'revisions', coalesce(jsonb_agg(layer->'revision' ORDER BY (layer->>'assignment')::bigint), '[]'),
             'status', '{}'::jsonb,
             'articles', count(DISTINCT layer->>'article'),
             'annotators', count(DISTINCT layer->>'annotator'))
      FROM jsonb_array_elements(r.layers) layer),
  excluded = jsonb_build_object(
    'articles', coalesce((SELECT jsonb_object_agg(reason, articles) FROM (
        SELECT out->>'reason' AS reason, jsonb_agg(out->'article') AS articles
          FROM jsonb_array_elements(r.excluded) out WHERE out->>'annotator' IS NULL GROUP BY 1) a), '{}'),
    'layers', coalesce((SELECT jsonb_object_agg(reason, layers) FROM (
        SELECT out->>'reason' AS reason, jsonb_agg(g.id) AS layers
          FROM jsonb_array_elements(r.excluded) out
          JOIN account u ON u.username = out->>'annotator'
          JOIN assignment g ON g.campaign_id = r.campaign_id AND g.annotator_id = u.id
           AND g.article_id = (out->>'article')::bigint AND g.kind = 'annotator'
         GROUP BY 1) l), '{}'))
 WHERE jsonb_typeof(r.layers) = 'array'"""


# What differs between two layers is kept with some of the words: they go when their text does. With
# the owner's rights, as `take_down` has them.
GOES_ALONG = """
CREATE FUNCTION article_was_taken_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM agreement_pair WHERE article_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER article_was_taken_down AFTER UPDATE OF taken_down ON article
  FOR EACH ROW WHEN (NEW.taken_down AND NOT OLD.taken_down)
  EXECUTE FUNCTION article_was_taken_down();
"""
STAYS = """
DROP TRIGGER article_was_taken_down ON article;
DROP FUNCTION article_was_taken_down();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0013_articles_stand_in_bookcases"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, unique=True
                    ),
                ),
            ],
            options={
                "db_table": "agreement_key",
            },
        ),
        migrations.CreateModel(
            name="AgreementState",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="agreement_state",
                        serialize=False,
                        to="annotations.campaign",
                    ),
                ),
                ("merged", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "agreement_state",
            },
        ),
        migrations.AddField(
            model_name="agreementrun",
            name="fingerprint",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="agreementrun",
            name="excluded",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="agreementrun",
            name="layers",
            field=models.JSONField(default=dict),
        ),
        migrations.RunSQL(REWRITE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AgreementPair",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "first_id",
                        "second_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("first_revision", models.IntegerField()),
                ("second_revision", models.IntegerField()),
                ("version", models.SmallIntegerField()),
                ("counts", models.BinaryField(null=True)),
                ("opened", models.BinaryField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.article",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.campaign",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.assignment",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.assignment",
                    ),
                ),
            ],
            options={
                "db_table": "agreement_pair",
            },
        ),
        migrations.DeleteModel(
            name="AgreementTally",
        ),
        migrations.AddIndex(
            model_name="agreementpair",
            index=models.Index(fields=["campaign", "article"], name="agreement_pair_of_campaign"),
        ),
        migrations.AddIndex(
            model_name="agreementpair",
            index=models.Index(
                condition=models.Q(("counts__isnull", True)),
                fields=["campaign", "article"],
                name="agreement_pair_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="agreementpair",
            index=models.Index(fields=["second"], name="agreement_pair_of_second"),
        ),
        migrations.AddIndex(
            model_name="agreementpair",
            index=models.Index(fields=["article"], name="agreement_pair_of_article"),
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
        migrations.AddConstraint(
            model_name="agreementpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="agreement_pair_ordered"
            ),
        ),
    ]
