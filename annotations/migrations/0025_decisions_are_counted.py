"""How articles were settled is counted when their gold layers are submitted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# While a gold layer is submitted and not withdrawn, its settlements cannot change: what is counted then
# is true until it leaves that state, by whatever door. Each layer has its own rows, so that nobody waits
# for anybody. With the owner's rights, as whoever takes a text down may not count.
COUNTED = """
ALTER TABLE decision_count
  ADD CONSTRAINT decision_count_of_layer FOREIGN KEY (assignment_id) REFERENCES assignment ON DELETE CASCADE;
CREATE FUNCTION count_decisions(gold bigint) RETURNS void LANGUAGE sql
  SET search_path = public, pg_temp AS $$
  INSERT INTO decision_count (assignment_id, campaign_id, about, decision, took_id, number)
  SELECT g.id, g.campaign_id, x.about, x.decision, t.annotator_id, count(*)
    FROM (SELECT m.assignment_id, m.body->>'decision' AS decision, (m.body->>'took')::bigint AS took,
                 k.about
            FROM remark m CROSS JOIN LATERAL (
                 SELECT '' AS about
                  UNION
                 SELECT l.key FROM jsonb_to_recordset(m.body->'of') AS o (layer bigint, span uuid)
                   JOIN span s ON s.assignment_id = o.layer AND s.id = o.span
                   JOIN label l ON l.id = s.label_id
                  UNION
                 SELECT y.key FROM jsonb_to_recordset(m.body->'of') AS o (layer bigint, relation uuid)
                   JOIN relation r ON r.assignment_id = o.layer AND r.id = o.relation
                   JOIN relation_type y ON y.id = r.type_id) k
           WHERE m.assignment_id = gold AND m.kind = 'settlement' AND NOT m.removed) x
    JOIN assignment g ON g.id = x.assignment_id LEFT JOIN assignment t ON t.id = x.took
   GROUP BY g.id, x.about, x.decision, t.annotator_id
$$;
CREATE FUNCTION gold_was_settled() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM decision_count WHERE assignment_id = NEW.id;
  IF NEW.status = 'submitted' AND NOT NEW.withdrawn THEN PERFORM count_decisions(NEW.id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER gold_was_settled AFTER UPDATE OF status, withdrawn ON assignment FOR EACH ROW
  WHEN (NEW.kind = 'gold' AND (NEW.status = 'submitted' AND NOT NEW.withdrawn)
        <> (OLD.status = 'submitted' AND NOT OLD.withdrawn))
  EXECUTE FUNCTION gold_was_settled();
"""
UNCOUNTED = """
DROP TRIGGER gold_was_settled ON assignment;
DROP FUNCTION gold_was_settled();
DROP FUNCTION count_decisions(bigint);
ALTER TABLE decision_count DROP CONSTRAINT decision_count_of_layer;
"""
COUNT_ALL = """
SELECT count_decisions(id) FROM assignment
 WHERE kind = 'gold' AND status = 'submitted' AND NOT withdrawn
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0024_annotators_are_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.TextField(blank=True, default="")),
                ("decision", models.TextField()),
                ("number", models.IntegerField()),
                (
                    "assignment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.assignment",
                    ),
                ),
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
                (
                    "took",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "decision_count",
                "indexes": [
                    models.Index(
                        fields=["campaign", "about"],
                        include=("decision", "took", "number"),
                        name="decision_count_of",
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTED, UNCOUNTED),
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
    ]
