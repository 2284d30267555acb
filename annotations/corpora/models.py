"""Corpora and their articles. A text never changes: offsets are code points into it."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import Role, User
from annotations.registry.models import Registry

UNDATED = datetime(1, 1, 1, tzinfo=UTC)
"""Where an article without a day of publication stands among the others."""


class Corpus(models.Model):
    """A set of articles with a language and a registry. The slug is its name for outsiders.

    A withdrawn corpus is in the trash: nobody sees it or anything of it until it is restored.
    """

    slug = models.SlugField(max_length=100, unique=True)
    name = models.TextField()
    language = models.TextField(default="id")
    registry = models.ForeignKey(Registry, models.PROTECT, related_name="corpora")
    title_in_text = models.BooleanField(
        _("the title is the first block of the text"), default=False
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "corpus"
        verbose_name_plural = "corpora"
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="corpus_named"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may do in one corpus."""

    corpus = models.ForeignKey(Corpus, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.TextField(choices=Role)

    class Meta:
        db_table = "membership"
        constraints = (
            models.UniqueConstraint(
                fields=("corpus", "user", "role"),
                name="membership_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.corpus_id}"


class Article(models.Model):
    """What is known of one text. `sha256` is of its UTF-8 bytes, `length` in code points.

    A withdrawn article can be restored; of one that was taken down the text is gone for good.
    """

    corpus = models.ForeignKey(Corpus, models.PROTECT, db_index=False, related_name="articles")
    external_id = models.TextField(null=True)
    title = models.TextField(blank=True, default="")
    author = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    language = models.TextField(blank=True, default="")
    published = models.DateTimeField(null=True)
    metadata = models.JSONField(default=dict)
    sha256 = models.BinaryField()
    length = models.IntegerField()
    encoding = models.TextField(default="utf-8")
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="newer",
    )
    superseded = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    taken_down = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "article"
        constraints = (
            models.UniqueConstraint(
                fields=("corpus", "sha256"),
                name="article_text_once",
            ),
            models.UniqueConstraint(
                fields=("corpus", "id"),
                name="article_in_corpus",
            ),
            models.UniqueConstraint(
                fields=("id", "sha256", "length"),
                name="article_text_key",
            ),
            models.UniqueConstraint(
                fields=("corpus", "external_id"),
                condition=Q(superseded=False, withdrawn_at__isnull=True),
                name="article_external_id_once",
            ),
            models.CheckConstraint(condition=Q(length__gt=0), name="article_not_empty"),
        )
        # read by: the list of a corpus's articles by their day; those without one come last
        indexes = (
            models.Index(
                F("corpus"),
                Coalesce(F("published"), Value(UNDATED)),
                F("id"),
                name="article_by_day",
            ),
            # read by: the versions of an article
            models.Index(
                fields=("previous",),
                condition=Q(previous__isnull=False),
                name="article_versions",
            ),
            # read by: the trash of a corpus
            models.Index(
                fields=("corpus", "-withdrawn_at"),
                condition=Q(withdrawn_at__isnull=False),
                name="article_in_trash",
            ),
        )

    def __str__(self) -> str:
        return self.title or f"article {self.pk}"


class ArticleText(models.Model):
    """The text itself, apart from what is known of it: written once, never changed."""

    article = models.OneToOneField(
        Article, models.PROTECT, primary_key=True, db_constraint=False, related_name="body"
    )
    text = models.TextField()
    sha256 = models.BinaryField()
    length = models.IntegerField()

    class Meta:
        db_table = "article_text"

    def __str__(self) -> str:
        return f"text of {self.article_id}"


class ArticleAppearance(models.Model):
    """The same text met again: another outlet, address or day."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="appearances")
    external_id = models.TextField(blank=True, default="")
    title = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    published = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "article_appearance"
        constraints = (
            models.UniqueConstraint(
                fields=("article", "external_id", "title", "source", "url", "published"),
                nulls_distinct=False,
                name="appearance_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.url}"


class Tag(models.Model):
    """A word that managers put on articles of one corpus, to find them again."""

    corpus = models.ForeignKey(Corpus, models.CASCADE, db_index=False, related_name="tags")
    name = models.TextField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "tag"
        constraints = (
            models.UniqueConstraint(fields=("corpus", "name"), name="tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_named"),
        )

    def __str__(self) -> str:
        return self.name


class ArticleTag(models.Model):
    """An article has a tag of its corpus."""

    tag = models.ForeignKey(Tag, models.CASCADE, db_index=False, related_name="uses")
    article = models.ForeignKey(Article, models.CASCADE, related_name="tag_uses")

    class Meta:
        db_table = "article_tag"
        constraints = (models.UniqueConstraint(fields=("tag", "article"), name="article_tag_once"),)

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.article_id}"
