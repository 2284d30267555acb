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
from annotations.corpora.searching.search import Search, Some
from annotations.corpora.searching.walking import Span
from annotations.history.services import record
from annotations.limits import LIMITS

_AT_ONCE = 500

Progress = Callable[[int], None]
"""Told how many articles have been looked at. May raise, to stop."""


class BadTag(ValueError):
    """A tag that cannot be one; the message is for its maker."""


def plain(name: str) -> str:
    """Return the name as tags are called: composed, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def named(corpus: Corpus, name: str, by: User | None) -> Tag:
    """Return the tag of this name, made where there was none. Raises BadTag."""
    known = plain(name)
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
    _note(put, count, is_added=True, by=by)
    return count


@transaction.atomic
def untag(tag: Tag, articles: Sequence[int], *, by: User | None) -> int:
    """Those articles have the tag no more. Returns how many had it. A tag that no article has any
    more, and no campaign is about, is gone."""
    count = _taken(tag, articles)
    _note(tag, count, is_added=False, by=by)
    return count


def tag_found(
    put: Tag,
    criteria: Criteria,
    *,
    by: User | None,
    is_added: bool,
    after: int,
    before: int,
    progress: Progress,
    keep: Callable[[int, int], None],
) -> int:
    """Every article that meets the criteria has the tag, or has it no more: as `tag` and `untag`.

    Goes through the corpus behind a key, some hundred articles in a transaction, in which `keep` is
    told the last of them and how many changed: `before` that key, and up to it. Told of 0 as the
    last one, all is done. Returns how many changed.
    """
    following, changed, seen = _following(put.corpus, criteria), before, 0
    while True:
        with transaction.atomic():
            some = following(after)
            changed += (_put if is_added else _taken)(put, some.keys)
            after = some.keys[-1] if len(some.keys) == _AT_ONCE else some.stopped
            if not after:
                _note(put, changed, is_added=is_added, by=by)
            keep(after, changed)
        seen += len(some.keys)
        progress(seen)
        if not after:
            return changed


def _following(corpus: Corpus, criteria: Criteria) -> Callable[[int], Some]:
    """What gives the next articles behind a key. Where nothing is asked, those that cannot be
    searched yet are among them, as in the list."""
    if not criteria.ask_for_something():
        live = Article.objects.filter(corpus=corpus, withdrawn_at=None, superseded=False)
        keys = live.order_by("pk").values_list("pk", flat=True)
        return lambda after: Some(list(keys.filter(pk__gt=after)[:_AT_ONCE]))
    search = Search(corpus, criteria)
    return lambda after: search.keys(Span(after, search.last), _AT_ONCE)


def _note(tag: Tag, count: int, *, is_added: bool, by: User | None) -> None:
    """The history says what was done. A tag that no article has any more, and no campaign is about,
    is gone."""
    verb = "articles.tagged" if is_added else "articles.untagged"
    record(verb, tag.corpus, by=by, tag=tag.name, articles=count)
    if not is_added and not tag.uses.exists():
        with suppress(ProtectedError), transaction.atomic():
            tag.delete()


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
