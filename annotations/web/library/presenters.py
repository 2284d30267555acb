"""Corpora and articles as the templates show them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.corpora.models import Article, ArticleAppearance
from annotations.text.blocks import Block, cut

APPEARANCES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block. `hit` is the part of it that was pointed at, between `before` and `after`;
    `leads`: the hit begins here."""

    before: str
    hit: str
    after: str
    direction: str
    leads: bool


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
    held = F("summary__articles")
    return policy.corpora_read_by(user).annotate(held=held).order_by("name", "pk")


def shown(article: Article, pointed: tuple[int, int] = (0, 0)) -> ShownArticle:
    """Return all that is known of one article; `pointed` are code points that somebody was led to.
    Two queries."""
    text = article.body.text
    language = article.language or article.corpus.language
    return ShownArticle(
        article=article,
        paragraphs=[_paragraph(text, block, *pointed) for block in cut(text, language)],
        language=language,
        encoding=encoding_words(article.encoding),
        link=article.url if article.url.startswith(("http://", "https://")) else "",
        metadata={key: _value(value) for key, value in article.metadata.items()},
        appearances=list(article.appearances.order_by("pk")[:APPEARANCES_SHOWN]),
        sha256=bytes(article.sha256).hex(),
    )


def _paragraph(text: str, block: Block, start: int, end: int) -> Paragraph:
    shown = text[block.start : block.end].rstrip("\r\n")
    first = min(max(start - block.start, 0), len(shown))
    last = min(max(end - block.start, first), len(shown))
    leads = block.start <= start < block.end
    return Paragraph(shown[:first], shown[first:last], shown[last:], block.direction, leads)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
