"""A search finds the rows of articles without their words, and no words wait outside its index."""

from django.db import migrations

# A search visits the row of every hit. Beside their words two rows fill a page, and a rare word's
# thousand hits were a thousand pages to read; without them eighty do, and the rows of a million articles
# are a hundred megabytes. For rows that are written from now on: `VACUUM FULL article_search` moves those
# that are there.
NARROW = "ALTER TABLE article_search RESET (toast_tuple_target)"
WIDE = "ALTER TABLE article_search SET (toast_tuple_target = 8160)"

# New words go to a list that every search reads from end to end, until it is long enough or a
# vacuum comes. Only the owner may put them where they belong.
SETTLE = """
CREATE FUNCTION settle_article_search() RETURNS bigint LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = 0
  AS $$ SELECT gin_clean_pending_list('article_search_words') $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0026_standings_are_kept"),
    ]

    operations = [
        migrations.RunSQL(NARROW, WIDE),
        migrations.RunSQL(SETTLE, "DROP FUNCTION settle_article_search()"),
    ]
