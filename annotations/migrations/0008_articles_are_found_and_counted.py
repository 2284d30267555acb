import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# As the texts themselves: inline and as they are, up to a page. A search reads many of them.
STORAGE = """
ALTER TABLE article_search SET (toast_tuple_target = 8160);
ALTER TABLE article_search ALTER COLUMN words SET STORAGE EXTERNAL;
"""
COUNTED = """
INSERT INTO corpus_summary (corpus_id, articles, last_article, searchable, searched_to)
SELECT c.id, count(a.id) FILTER (WHERE a.withdrawn_at IS NULL AND NOT a.superseded),
       coalesce(max(a.id), 0), 0, 0
  FROM corpus c LEFT JOIN article a ON a.corpus_id = c.id GROUP BY c.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0007_names_of_every_script_are_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleCluster",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="cluster",
                        serialize=False,
                        to="annotations.article",
                    ),
                ),
                ("cluster", models.BigIntegerField()),
            ],
            options={
                "db_table": "article_cluster",
            },
        ),
        migrations.CreateModel(
            name="ArticleSearch",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="annotations.article",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("title", models.TextField()),
            ],
            options={
                "db_table": "article_search",
            },
        ),
        migrations.CreateModel(
            name="ArticleSignature",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="annotations.article",
                    ),
                ),
                ("minhash", models.BinaryField()),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "db_table": "article_signature",
            },
        ),
        migrations.CreateModel(
            name="ArticleTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "db_table": "article_tag",
            },
        ),
        migrations.CreateModel(
            name="CorpusFacet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.TextField()),
                ("value", models.TextField()),
                ("articles", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "corpus_facet",
            },
        ),
        migrations.CreateModel(
            name="CorpusSummary",
            fields=[
                (
                    "corpus",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="summary",
                        serialize=False,
                        to="annotations.corpus",
                    ),
                ),
                ("articles", models.BigIntegerField(default=0)),
                ("last_article", models.BigIntegerField(default=0)),
                ("searchable", models.BigIntegerField(default=0)),
                ("searched_to", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "corpus summaries",
                "db_table": "corpus_summary",
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "tag",
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("corpus"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("published"),
                    models.Value(datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                models.F("id"),
                name="article_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["corpus", "status", "article"], name="assignment_of_corpus"),
        ),
        migrations.AddField(
            model_name="articlecluster",
            name="corpus",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.corpus",
            ),
        ),
        migrations.AddField(
            model_name="articlesearch",
            name="corpus",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.corpus",
            ),
        ),
        migrations.AddField(
            model_name="articlesignature",
            name="corpus",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.corpus",
            ),
        ),
        migrations.AddField(
            model_name="articletag",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tag_uses",
                to="annotations.article",
            ),
        ),
        migrations.AddField(
            model_name="corpusfacet",
            name="corpus",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="facets",
                to="annotations.corpus",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="corpus",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tags",
                to="annotations.corpus",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="articletag",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="uses",
                to="annotations.tag",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlecluster",
            constraint=models.UniqueConstraint(
                fields=("corpus", "cluster", "article"), name="article_cluster_members"
            ),
        ),
        migrations.AddIndex(
            model_name="articlesearch",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("words"),
                django.contrib.postgres.indexes.OpClass("title", "gin_trgm_ops"),
                name="article_search_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlesearch",
            constraint=models.UniqueConstraint(
                fields=("corpus", "article"), name="article_search_order"
            ),
        ),
        migrations.AddIndex(
            model_name="articlesignature",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["bands"], name="article_signature_bands"
            ),
        ),
        migrations.AddIndex(
            model_name="corpusfacet",
            index=models.Index(
                fields=["corpus", "field", "-articles"], name="corpus_facet_largest"
            ),
        ),
        migrations.AddConstraint(
            model_name="corpusfacet",
            constraint=models.UniqueConstraint(
                fields=("corpus", "field", "value"), name="corpus_facet_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("corpus", "name"), name="tag_once"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="tag_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="articletag",
            constraint=models.UniqueConstraint(fields=("tag", "article"), name="article_tag_once"),
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
