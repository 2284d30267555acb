"""Drafts meet the corpus: which texts are new, which are there already, which name is taken."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class There:
    """What a corpus has of some drafts, and maybe of others: the sha256 of their texts, the external
    ids, and why nobody sees the articles with those texts that nobody sees."""

    texts: set[bytes]
    names: set[str]
    hidden: Mapping[bytes, str]


def meet(corpus_id: int, drafts: Sequence[Fresh]) -> Met:
    """Return `drafts` sorted by what the corpus holds. Two queries, whatever their number, and one
    more where a text is there already."""
    return sorted_out(drafts, there(corpus_id, drafts))


def there(corpus_id: int, drafts: Sequence[Fresh]) -> There:
    """Return what the corpus has of these drafts."""
    hashes = [draft.sha256 for draft in drafts]
    names = [draft.draft.external_id for draft in drafts if draft.draft.external_id is not None]
    texts = set(_known(corpus_id, hashes))
    return There(texts, _taken(corpus_id, names), _hidden(corpus_id, texts.intersection(hashes)))


def sorted_out(drafts: Sequence[Fresh], known: There) -> Met:
    """Return `drafts` sorted by what is there; the drafts before them count as well, and are added
    to its texts and names."""
    met = Met()
    for draft in drafts:
        name = draft.draft.external_id
        if draft.sha256 in known.hidden:
            met.refused.append(_refused(draft.draft, known.hidden[draft.sha256]))
        elif draft.sha256 in known.texts:
            met.again.append(draft)
        elif name in known.names:
            met.refused.append(_refused(draft.draft, "external_id_taken", external_id=name or ""))
        else:
            met.new.append(draft)
            known.texts.add(draft.sha256)
            if name is not None:
                known.names.add(name)
    return met


def remember(corpus_id: int, again: Sequence[Fresh]) -> Iterator[tuple[ArticleDraft, bool]]:
    """Every draft met again stands beside its article, once for each outlet, address and day.

    Yields each with whether that was news. Four queries for all, none for none.
    """
    if not again:
        return
    ids = _known(corpus_id, [draft.sha256 for draft in again])
    articles = Article.objects.in_bulk([ids[draft.sha256] for draft in again])
    appearances = ArticleAppearance.objects.filter(article__in=articles)
    seen = {(article.pk, _likeness(article)) for article in articles.values()}
    seen |= {(appearance.article_id, _likeness(appearance)) for appearance in appearances}
    news = []
    for draft in again:
        article = articles[ids[draft.sha256]]
        likeness = _likeness(draft.draft)
        if (article.pk, likeness) not in seen:
            seen.add((article.pk, likeness))
            news.append(_appearance(article, likeness))
            yield draft.draft, True
        else:
            yield draft.draft, False
    ArticleAppearance.objects.bulk_create(news)


# What the planner believes of a corpus that is being filled is wrong: once it has counted the others
# it takes this one for empty, and would read all of it for every text. "The first that is not less"
# is answered in one step by the index of both columns, if the planner is not told which corpus it is.
_TEXTS = """SELECT found.id, found.sha256
  FROM generate_series(1, %s, 32) at CROSS JOIN LATERAL (
       SELECT a.id, a.sha256 FROM article a
        WHERE a.corpus_id = (SELECT %s) AND a.sha256 >= substring(%s::bytea FROM at FOR 32)
        ORDER BY a.sha256 LIMIT 1) found"""
_NAMES = """SELECT found.external_id
  FROM jsonb_array_elements_text(%s::jsonb) name CROSS JOIN LATERAL (
       SELECT a.external_id FROM article a
        WHERE a.corpus_id = (SELECT %s) AND a.external_id >= name
          AND NOT a.superseded AND a.withdrawn_at IS NULL
        ORDER BY a.external_id LIMIT 1) found"""


def _known(corpus_id: int, hashes: Sequence[bytes]) -> dict[bytes, int]:
    """Return the articles that have one of these texts, and maybe others, by its sha256."""
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [32 * len(hashes), corpus_id, b"".join(hashes)])
        return {bytes(sha256): article_id for article_id, sha256 in cursor.fetchall()}


def _taken(corpus_id: int, names: Sequence[str]) -> set[str]:
    """Return those of these external ids that articles have, and maybe others."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [json.dumps(names), corpus_id])
        return {name for (name,) in cursor.fetchall()}


def _hidden(corpus_id: int, hashes: Collection[bytes]) -> Mapping[bytes, str]:
    """Return why nobody sees the articles with these texts that nobody sees."""
    if not hashes:
        return {}
    gone = Article.objects.filter(
        corpus=corpus_id, sha256__in=list(hashes), withdrawn_at__isnull=False
    )
    rows = gone.values_list("sha256", "taken_down")
    return {bytes(sha256): "taken_down" if down else "in_trash" for sha256, down in rows}


def _refused(draft: ArticleDraft, code: str, **values: str) -> LineRefusal:
    return LineRefusal(draft.place, Reason(code, values))


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
