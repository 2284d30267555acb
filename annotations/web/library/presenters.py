"""Corpora, articles and loads as the templates show them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.corpora.models import Article, ArticleAppearance, Corpus
from annotations.text.blocks import Block, cut

ARTICLES_A_PAGE = 50
APPEARANCES_SHOWN = 50

_HERE = Q(withdrawn_at=None, superseded=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of articles. `after` and `before` are the keys of the pages around it, or None."""

    rows: Sequence[Article]
    after: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    direction: str


@dataclass(frozen=True, slots=True)
class ShownArticle:
    article: Article
    paragraphs: Sequence[Paragraph]
    language: str
    encoding: str
    link: str
    metadata: Mapping[str, str]
    appearances: Sequence[ArticleAppearance]
    sha256: str


_NOTES = {"bom": _("with a byte order mark"), "guessed": _("guessed")}


def encoding_words(recorded: str) -> str:
    """Return an encoding as people read it: ``windows-1252 (guessed)``."""
    codec, *notes = recorded.split()
    told = ", ".join(str(_NOTES.get(note, note)) for note in notes)
    return f"{codec} ({told})" if told else codec


def corpora(user: User) -> QuerySet[Any]:
    """Return the corpora `user` may read, each with `held`, the number of its articles."""
    held = Count("articles", filter=Q(articles__withdrawn_at=None, articles__superseded=False))
    return policy.corpora_read_by(user).annotate(held=held).order_by("name", "pk")


def size(corpus: Corpus) -> int:
    """Return the number of articles. One query."""
    return Article.objects.filter(_HERE, corpus=corpus).count()


def listing(corpus: Corpus, *, query: str, after: int | None, before: int | None) -> Listing:
    """Return the page of articles that follows `after`, or comes before `before`. One query,
    whose cost does not grow with the page's place."""
    found = Article.objects.filter(_HERE, corpus=corpus).defer("metadata", "sha256")
    if query:
        found = found.filter(title__icontains=query)
    if before is not None:
        rows = list(found.filter(pk__lt=before).order_by("-pk")[: ARTICLES_A_PAGE + 1])
        more = len(rows) > ARTICLES_A_PAGE
        rows = rows[:ARTICLES_A_PAGE][::-1]
        return Listing(rows, rows[-1].pk if rows else None, rows[0].pk if more else None)
    rows = list(found.filter(pk__gt=after or 0).order_by("pk")[: ARTICLES_A_PAGE + 1])
    more = len(rows) > ARTICLES_A_PAGE
    rows = rows[:ARTICLES_A_PAGE]
    began = after is not None and bool(rows)
    return Listing(rows, rows[-1].pk if more else None, rows[0].pk if began else None)


def shown(article: Article) -> ShownArticle:
    """Return all that is known of one article. Two queries."""
    text = article.body.text
    language = article.language or article.corpus.language
    return ShownArticle(
        article=article,
        paragraphs=[_paragraph(text, block) for block in cut(text, language)],
        language=language,
        encoding=encoding_words(article.encoding),
        link=article.url if article.url.startswith(("http://", "https://")) else "",
        metadata={key: _value(value) for key, value in article.metadata.items()},
        appearances=list(article.appearances.order_by("pk")[:APPEARANCES_SHOWN]),
        sha256=bytes(article.sha256).hex(),
    )


def _paragraph(text: str, block: Block) -> Paragraph:
    return Paragraph(text[block.start : block.end].rstrip("\r\n"), block.direction)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
