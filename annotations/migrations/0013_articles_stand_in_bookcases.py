"""What articles are found by is made again: each stands in a bookcase, too."""

from django.db import migrations

FORGET = """
TRUNCATE article_search, article_signature, article_cluster, corpus_facet;
UPDATE corpus_summary SET searchable = 0, searched_to = 0;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0012_jobs_tell_their_pace")]

    # the sweeper starts the job that makes them; backwards nothing of it is in the way
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
