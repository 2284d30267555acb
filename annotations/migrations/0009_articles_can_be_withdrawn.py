from django.db import migrations, models

MARKED = """
UPDATE assignment s SET withdrawn = true FROM article a
 WHERE a.id = s.article_id AND a.withdrawn_at IS NOT NULL
"""
# It runs with the owner's rights because the app's role may delete none of this. The hash of the
# text stays, so that the text is known if somebody loads it again.
TAKE_DOWN = """
CREATE FUNCTION take_down(wanted bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE article SET title = '', author = '', source = '', url = '', external_id = NULL,
         published = NULL, metadata = '{}', taken_down = true,
         withdrawn_at = coalesce(withdrawn_at, clock_timestamp())
   WHERE id = wanted AND NOT taken_down;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM set_config('kutip.purge', 'on', true);
  DELETE FROM relation WHERE assignment_id IN (SELECT id FROM assignment WHERE article_id = wanted);
  DELETE FROM remark WHERE assignment_id IN (SELECT id FROM assignment WHERE article_id = wanted);
  DELETE FROM span WHERE assignment_id IN (SELECT id FROM assignment WHERE article_id = wanted);
  DELETE FROM operation WHERE assignment_id IN (SELECT id FROM assignment WHERE article_id = wanted);
  UPDATE assignment SET withdrawn = true, revision = 0, span_count = 0, relation_count = 0
   WHERE article_id = wanted;
  DELETE FROM article_search WHERE article_id = wanted;
  DELETE FROM article_signature WHERE article_id = wanted;
  DELETE FROM article_cluster WHERE article_id = wanted;
  DELETE FROM article_tag WHERE article_id = wanted;
  DELETE FROM article_appearance WHERE article_id = wanted;
  DELETE FROM article_text WHERE article_id = wanted;
  PERFORM set_config('kutip.purge', '', true);
  RETURN true;
END $$;
"""
NO_TAKE_DOWN = "DROP FUNCTION take_down(bigint)"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0008_articles_are_found_and_counted"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="taken_down",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="assignment",
            name="withdrawn",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)),
                fields=["corpus", "-withdrawn_at"],
                name="article_in_trash",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("previous__isnull", False)),
                fields=["previous"],
                name="article_versions",
            ),
        ),
        migrations.RunSQL(MARKED, migrations.RunSQL.noop),
        migrations.RunSQL(TAKE_DOWN, NO_TAKE_DOWN),
    ]
