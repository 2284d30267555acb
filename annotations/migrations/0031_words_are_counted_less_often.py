"""Nobody holds up the job that makes articles searchable to count their words again and again."""

from django.db import migrations

# PostgreSQL counts the words of 30,000 articles (three seconds of a processor) whenever there are a tenth
# more: some twenty times while a million are indexed, and what it estimates by that are shares,
# which hardly change. Before it counts it puts in what waits outside the index, at leisure: two of
# any three milliseconds it rested, and whoever came to put in more waited for that.
SELDOM = """ALTER TABLE article_search
  SET (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_cost_delay = 0)"""
USUAL = """ALTER TABLE article_search
  RESET (autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_delay)"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0030_spans_ask_for_their_layers_together"),
    ]

    operations = [
        migrations.RunSQL(SELDOM, USUAL),
    ]
