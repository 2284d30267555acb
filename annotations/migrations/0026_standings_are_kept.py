"""How many articles stand where on their way to gold is kept, and what changes is written down."""

import django.db.models.deletion
from django.db import migrations, models

# What changes where an article stands leaves a row that nobody else waits for; who asks how many stand
# where looks at these articles anew. Saves change neither status nor hands: they do not come here. No
# foreign key: asking for its campaign would be the most of what such a row costs.
NOTICED = """
ALTER TABLE article_standing
  ADD CONSTRAINT article_standing_of FOREIGN KEY (campaign_id) REFERENCES campaign ON DELETE CASCADE;
CREATE FUNCTION campaign_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM standing_change WHERE campaign_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER campaign_went AFTER DELETE ON campaign FOR EACH ROW EXECUTE FUNCTION campaign_went();
CREATE FUNCTION layer_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_change (campaign_id, article_id) VALUES (OLD.campaign_id, OLD.article_id);
  RETURN NULL;
END $$;
CREATE TRIGGER layer_moved AFTER UPDATE OF status, annotator_id, withdrawn ON assignment FOR EACH ROW
  WHEN ((OLD.status, OLD.annotator_id, OLD.withdrawn)
        IS DISTINCT FROM (NEW.status, NEW.annotator_id, NEW.withdrawn))
  EXECUTE FUNCTION layer_moved();
CREATE TRIGGER layer_went AFTER DELETE ON assignment FOR EACH ROW EXECUTE FUNCTION layer_moved();
CREATE FUNCTION layers_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_change (campaign_id, article_id) SELECT DISTINCT campaign_id, article_id FROM made;
  RETURN NULL;
END $$;
CREATE TRIGGER layers_came AFTER INSERT ON assignment REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION layers_came();
CREATE FUNCTION annotator_came_or_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_change (campaign_id, article_id)
  SELECT DISTINCT campaign_id, article_id FROM assignment
   WHERE annotator_id = NEW.id AND status NOT IN ('submitted', 'skipped') AND NOT withdrawn;
  RETURN NULL;
END $$;
CREATE TRIGGER annotator_came_or_went AFTER UPDATE OF is_active ON account FOR EACH ROW
  WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION annotator_came_or_went();
INSERT INTO standing_change (campaign_id, article_id) SELECT DISTINCT campaign_id, article_id FROM assignment;
"""
UNNOTICED = """
DROP TRIGGER annotator_came_or_went ON account;
DROP FUNCTION annotator_came_or_went();
DROP TRIGGER layers_came ON assignment;
DROP FUNCTION layers_came();
DROP TRIGGER layer_went ON assignment;
DROP TRIGGER layer_moved ON assignment;
DROP FUNCTION layer_moved();
DROP TRIGGER campaign_went ON campaign;
DROP FUNCTION campaign_went();
ALTER TABLE article_standing DROP CONSTRAINT article_standing_of;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0025_decisions_are_counted"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleStanding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "article_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("article_id", models.BigIntegerField()),
                ("state", models.TextField()),
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
                "db_table": "article_standing",
                "indexes": [models.Index(fields=["campaign", "state"], name="article_standing_in")],
            },
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("article_id", models.BigIntegerField()),
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
                "db_table": "standing_change",
                "indexes": [models.Index(fields=["campaign"], name="standing_change_of")],
            },
        ),
        migrations.RunSQL(NOTICED, UNNOTICED),
    ]
