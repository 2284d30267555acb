"""Versions of an article: a corrected text is an article of its own that follows another one."""

import hashlib
from collections.abc import Callable, Sequence

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.corpora.loading import take_turn
from annotations.corpora.models import Article, ArticleTag, ArticleText
from annotations.corpora.searching import indexing
from annotations.corpora.searching.models import CorpusSummary
from annotations.history.services import record
from annotations.limits import LIMITS
from annotations.text.gate import refusal

REVISED = "article.revised"

_VERSIONS = """
WITH RECURSIVE version(id, previous_id) AS (
     SELECT id, previous_id FROM article WHERE id = %s
      UNION SELECT a.id, a.previous_id FROM article a JOIN version v
         ON (a.id = v.previous_id OR a.previous_id = v.id) AND a.corpus_id = %s)
SELECT id FROM version ORDER BY id"""


class BadVersion(ValueError):
    """A text that cannot be the next version of an article; the message is for people."""


def versions(article: Article) -> Sequence[int]:
    """Return the keys of all versions of an article, the first one first."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [article.pk, article.corpus_id])
        return [key for (key,) in cursor.fetchall()]


def check(article: Article, text: str) -> None:
    """Refuse (BadVersion) an empty or too long text, one with code points that no text may hold,
    one that some article of the corpus has already, and a version of what is not the newest one."""
    if not text.strip():
        raise BadVersion(_("The corrected text is empty."))
    if len(text) > LIMITS.article_code_points:
        message = _("A text has at most %(most)s characters.")
        raise BadVersion(message % {"most": LIMITS.article_code_points})
    if refused := refusal(text):
        message = _("The text holds %(character)s, a character that no text may hold.")
        raise BadVersion(message % {"character": refused.character})
    if article.superseded or article.withdrawn_at is not None:
        raise BadVersion(_("There is a newer version of this article, or it was deleted."))
    there = Article.objects.filter(corpus=article.corpus_id, sha256=_sha256(text)).first()
    if there is not None and there.pk == article.pk:
        raise BadVersion(_("This is the text as it stands: nothing was corrected."))
    if there is not None and there.pk in versions(article):
        raise BadVersion(
            _(
                "This is the text of an older version of this article, and a corpus has each text"
                " once. Change something in it, a space at its end will do."
            )
        )
    if there is not None:
        message = _("This is the text of another article of the corpus: “%(title)s”.")
        raise BadVersion(message % {"title": there})


@transaction.atomic
def succeed(
    article: Article, text: str, *, by: User | None, wait: Callable[[], None] = lambda: None
) -> Article:
    """The newest version of the article has this text; what is known of it, its tags and its
    external id go on with it. Raises BadVersion.

    A load that is at work has its turn first, and `wait` is called meanwhile: whoever makes articles
    searchable passes by keys, and would pass over those that it has taken and not yet committed.
    """
    take_turn(article.corpus, wait)
    summary = CorpusSummary.objects.select_for_update().get(corpus=article.corpus_id)
    old = Article.objects.select_for_update().select_related("corpus").get(pk=article.pk)
    check(old, text)
    Article.objects.filter(pk=old.pk).update(superseded=True)
    new = Article.objects.create(
        corpus=old.corpus,
        external_id=old.external_id,
        title=old.title,
        author=old.author,
        source=old.source,
        url=old.url,
        language=old.language,
        published=old.published,
        metadata=old.metadata,
        sha256=_sha256(text),
        length=len(text),
        previous=old,
    )
    ArticleText.objects.create(article=new, text=text, sha256=new.sha256, length=new.length)
    tags = ArticleTag.objects.filter(article=old).values_list("tag", flat=True)
    ArticleTag.objects.bulk_create(ArticleTag(article=new, tag_id=tag) for tag in tags)
    forgotten = indexing.forget(old.corpus_id, old.corpus.language, [old.pk])
    CorpusSummary.objects.filter(pk=summary.pk).update(
        searchable=F("searchable") - forgotten, last_article=new.pk
    )
    record(REVISED, new, by=by, previous=old.pk)
    return new


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
