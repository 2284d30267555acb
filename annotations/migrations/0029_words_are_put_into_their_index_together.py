"""Words wait outside their index until the job that wrote them puts them in, thousands of articles at once."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

PATIENT = "ALTER INDEX article_search_words SET (gin_pending_list_limit = 131072)"
AT_ONCE = "ALTER INDEX article_search_words RESET (gin_pending_list_limit)"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0028_spans_are_checked_in_the_order_of_their_text"),
    ]

    # a setting of the index changes: it need not be made anew
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(PATIENT, AT_ONCE)],
            [
                migrations.RemoveIndex("articlesearch", "article_search_words"),
                migrations.AddIndex(
                    "articlesearch",
                    GinIndex(
                        "words",
                        OpClass("title", "gin_trgm_ops"),
                        name="article_search_words",
                        gin_pending_list_limit=131_072,
                    ),
                ),
            ],
        ),
    ]
