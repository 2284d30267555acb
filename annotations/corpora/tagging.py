"""Tags: words that managers put on articles, one by one or on all that a search finds."""

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.corpora.models import Article, ArticleTag, Corpus, Tag
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.search import Search
from annotations.corpora.searching.walking import Span
from annotations.history.services import record
from annotations.limits import LIMITS

_AT_ONCE = 500

Progress = Callable[[int], None]
"""Told how many articles have been looked at. May raise, to stop."""


class BadTag(ValueError):
    """A tag that cannot be one; the message is for its maker."""


def named(corpus: Corpus, name: str, by: User | None) -> Tag:
    """Return the tag of this name, made where there was none. Raises BadTag."""
    known = unicodedata.normalize("NFC", " ".join(name.split()))
    if not known or not known.isprintable():
        raise BadTag(_("A tag is a word or a few words."))
    if len(known) > LIMITS.tag_code_points:
        raise BadTag(_("A tag has at most %(most)s characters.") % {"most": LIMITS.tag_code_points})
    tag, made = Tag.objects.get_or_create(corpus=corpus, name=known, defaults={"created_by": by})
    if made and Tag.objects.filter(corpus=corpus).count() > LIMITS.tags:
        raise BadTag(_("A corpus has at most %(most)s tags.") % {"most": LIMITS.tags})
    return tag


@transaction.atomic
def tag(corpus: Corpus, name: str, articles: Sequence[int], *, by: User | None) -> int:
    """Those articles of the corpus have the tag. Returns how many had it not. Raises BadTag."""
    put = named(corpus, name, by)
    count = _put(put, articles)
    record("articles.tagged", corpus, by=by, tag=put.name, articles=count)
    return count


@transaction.atomic
def untag(corpus: Corpus, tag: Tag, articles: Sequence[int], *, by: User | None) -> int:
    """Those articles have the tag no more. Returns how many had it. A tag that no article has any
    more, and no campaign is about, is gone."""
    count = _taken(tag, articles)
    record("articles.untagged", corpus, by=by, tag=tag.name, articles=count)
    if not tag.uses.exists():
        with suppress(ProtectedError):
            tag.delete()
    return count


def tag_found(
    corpus: Corpus,
    put: Tag,
    criteria: Criteria,
    *,
    is_added: bool,
    after: int,
    progress: Progress,
    keep: Callable[[int, int], None],
) -> int:
    """Every article that meets the criteria has the tag, or has it no more. Goes through the corpus
    behind a key, some hundred articles in a transaction, in which `keep` is told the last of them and
    how many changed so far. Returns how many changed."""
    search, changed, seen = Search(corpus, criteria), 0, 0
    while True:
        with transaction.atomic():
            some = search.keys(Span(after, search.last), _AT_ONCE)
            changed += (_put if is_added else _taken)(put, some.keys)
            after = some.keys[-1] if len(some.keys) == _AT_ONCE else some.stopped
            keep(after, changed)
        seen += len(some.keys)
        progress(seen)
        if not after:
            return changed


def _put(put: Tag, articles: Sequence[int]) -> int:
    live = Article.objects.filter(
        pk__in=list(articles), corpus=put.corpus_id, withdrawn_at=None, superseded=False
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO article_tag (tag_id, article_id)
               SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING""",
            [put.pk, list(live.values_list("pk", flat=True))],
        )
        return int(cursor.rowcount)


def _taken(tag: Tag, articles: Sequence[int]) -> int:
    return ArticleTag.objects.filter(tag=tag, article__in=list(articles)).delete()[0]
