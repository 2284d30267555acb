"""Drafts meet the corpus: which texts are new, which are there already, which name is taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from annotations.corpora.copying import Fresh
from annotations.corpora.models import Article, ArticleAppearance
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reason

Likeness = tuple[str, str, str, str, datetime | None]


@dataclass(slots=True)
class Met:
    """A chunk of drafts sorted out. `again` pairs a draft with the sha256 of the text it repeats."""

    new: list[Fresh] = field(default_factory=list)
    again: list[Fresh] = field(default_factory=list)
    refused: list[LineRefusal] = field(default_factory=list)


def meet(corpus_id: int, drafts: Sequence[Fresh]) -> Met:
    """Return `drafts` sorted by what the corpus holds. Two queries, whatever their number."""
    known = set(_known(corpus_id, [draft.sha256 for draft in drafts]))
    taken = set(_taken(corpus_id, [draft.draft.external_id for draft in drafts]))
    met = Met()
    for draft in drafts:
        name = draft.draft.external_id
        if draft.sha256 in known:
            met.again.append(draft)
        elif name in taken:
            met.refused.append(_name_taken(draft.draft))
        else:
            met.new.append(draft)
            known.add(draft.sha256)
            if name is not None:
                taken.add(name)
    return met


def remember(corpus_id: int, again: Sequence[Fresh]) -> Iterator[tuple[ArticleDraft, bool]]:
    """Every draft met again stands beside its article, once for each outlet, address and day.

    Yields each with whether that was news. Three queries for all.
    """
    articles = {
        bytes(article.sha256): article
        for article in Article.objects.filter(
            corpus=corpus_id, sha256__in=[draft.sha256 for draft in again]
        )
    }
    seen = {(article.pk, _likeness(article)) for article in articles.values()}
    seen |= {
        (appearance.article_id, _likeness(appearance))
        for appearance in ArticleAppearance.objects.filter(article__in=articles.values())
    }
    news = []
    for draft in again:
        article = articles[draft.sha256]
        likeness = _likeness(draft.draft)
        if (article.pk, likeness) not in seen:
            seen.add((article.pk, likeness))
            news.append(_appearance(article, likeness))
            yield draft.draft, True
        else:
            yield draft.draft, False
    ArticleAppearance.objects.bulk_create(news)


def _known(corpus_id: int, hashes: list[bytes]) -> Iterator[bytes]:
    # one array, where the ORM would spell out a thousand parameters
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sha256 FROM article WHERE corpus_id = %s AND sha256 = ANY(%s)",
            [corpus_id, hashes],
        )
        return (bytes(sha256) for (sha256,) in cursor.fetchall())


def _taken(corpus_id: int, names: Sequence[str | None]) -> Iterator[str | None]:
    wanted = [name for name in names if name is not None]
    if not wanted:
        return iter(())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id FROM article WHERE corpus_id = %s AND external_id = ANY(%s)"
            " AND NOT superseded AND withdrawn_at IS NULL",
            [corpus_id, wanted],
        )
        return (name for (name,) in cursor.fetchall())


def _name_taken(draft: ArticleDraft) -> LineRefusal:
    values = {"external_id": draft.external_id or ""}
    return LineRefusal(draft.place, Reason("external_id_taken", values))


def _likeness(where: Article | ArticleAppearance | ArticleDraft) -> Likeness:
    return (where.external_id or "", where.title, where.source, where.url, where.published)


def _appearance(article: Article, likeness: Likeness) -> ArticleAppearance:
    external_id, title, source, url, published = likeness
    return ArticleAppearance(
        article=article,
        external_id=external_id,
        title=title,
        source=source,
        url=url,
        published=published,
    )
