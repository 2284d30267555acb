"""What is derived from a corpus's articles, so that a million of them are searched and counted in
no time. All of it can be made again; a job makes it (`handlers.index_articles`)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from annotations.corpora.models import Article, Corpus


class CorpusSummary(models.Model):
    """The counts of a corpus: its articles that are neither withdrawn nor superseded, and how many
    of them can be searched. Two keys of articles: of the last one, and of the last one that the job
    has come to."""

    corpus = models.OneToOneField(Corpus, models.CASCADE, primary_key=True, related_name="summary")
    articles = models.BigIntegerField(default=0)
    last_article = models.BigIntegerField(default=0)
    searchable = models.BigIntegerField(default=0)
    searched_to = models.BigIntegerField(default=0)

    class Meta:
        db_table = "corpus_summary"
        verbose_name_plural = "corpus summaries"

    def __str__(self) -> str:
        return f"{self.articles} articles of {self.corpus_id}"


class CorpusFacet(models.Model):
    """How many searchable articles of a corpus have this value. `field`: source or language."""

    corpus = models.ForeignKey(Corpus, models.CASCADE, db_index=False, related_name="facets")
    field = models.TextField()
    value = models.TextField()
    articles = models.BigIntegerField(default=0)

    class Meta:
        db_table = "corpus_facet"
        constraints = (
            models.UniqueConstraint(fields=("corpus", "field", "value"), name="corpus_facet_once"),
        )
        # read by: the choice of outlets and languages beside the list of articles
        indexes = (
            models.Index(fields=("corpus", "field", "-articles"), name="corpus_facet_largest"),
        )

    def __str__(self) -> str:
        return f"{self.field} {self.value}: {self.articles}"


class ArticleSearch(models.Model):
    """The lexemes of one article (see `searching.lexemes`) and its folded title."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, db_constraint=False, related_name="search"
    )
    corpus = models.ForeignKey(Corpus, models.CASCADE, db_index=False, related_name="+")
    words = SearchVectorField()
    title = models.TextField()

    class Meta:
        db_table = "article_search"
        constraints = (
            models.UniqueConstraint(fields=("corpus", "article"), name="article_search_order"),
        )
        # read by: every search; one index, so that it meets the shelf, the words and the title.
        # What waits outside it (kilobytes) is for the job to put in, and not for whoever writes
        indexes = (
            GinIndex(
                "words",
                OpClass("title", "gin_trgm_ops"),
                name="article_search_words",
                gin_pending_list_limit=131_072,
            ),
        )

    def __str__(self) -> str:
        return f"words of {self.article_id}"


class ArticleSignature(models.Model):
    """The MinHash of an article that is like none before it (see `searching.likeness`), and the
    keys of its bands. Articles that are like it have none: they are found by this one."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, db_constraint=False, related_name="signature"
    )
    corpus = models.ForeignKey(Corpus, models.CASCADE, db_index=False, related_name="+")
    minhash = models.BinaryField()
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "article_signature"
        # read by: the search for articles that share a band. The list of what is not yet in the
        # index would be read from end to end by every look-up, so there is none
        indexes = (GinIndex(fields=("bands",), name="article_signature_bands", fastupdate=False),)

    def __str__(self) -> str:
        return f"signature of {self.article_id}"


class ArticleCluster(models.Model):
    """An article that tells much the same as another: all of one `cluster`, which is the key of
    the first of them. An article that is like no other has no row."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, db_constraint=False, related_name="cluster"
    )
    corpus = models.ForeignKey(Corpus, models.CASCADE, db_index=False, related_name="+")
    cluster = models.BigIntegerField()

    class Meta:
        db_table = "article_cluster"
        constraints = (
            # read by: the articles of a cluster, in order
            models.UniqueConstraint(
                fields=("corpus", "cluster", "article"), name="article_cluster_members"
            ),
        )

    def __str__(self) -> str:
        return f"{self.article_id} in {self.cluster}"
