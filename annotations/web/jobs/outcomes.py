"""What came of a job, in a few words, where its result has counts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotations.corpora.pieces import so_far
from annotations.jobs.models import Job

Words = Callable[[int], "str | Promise"]
Count = tuple[str, Words]
"""Where in the result a number stands, its words joined by dots; and the words for it."""


def _always(words: Promise) -> Words:
    return lambda count: words


def _articles(count: int) -> str:
    return ngettext("%(n)s article", "%(n)s articles", count)


def _corpora(count: int) -> str:
    return ngettext("%(n)s corpus", "%(n)s corpora", count)


def _campaigns(count: int) -> str:
    return ngettext("%(n)s campaign", "%(n)s campaigns", count)


def _exports(count: int) -> str:
    return ngettext("%(n)s export", "%(n)s exports", count)


def _entities(count: int) -> str:
    return ngettext("%(n)s entity", "%(n)s entities", count)


def _layers(count: int) -> str:
    return ngettext("%(n)s layer", "%(n)s layers", count)


def _spans(count: int) -> str:
    return ngettext("%(n)s span", "%(n)s spans", count)


_LOADED, _ALREADY = _always(_("%(n)s loaded")), _always(_("%(n)s there already"))
_NEW, _CHANGED = _always(_("%(n)s new")), _always(_("%(n)s changed"))
_REFUSED, _SKIPPED = _always(_("%(n)s refused")), _always(_("%(n)s skipped"))

COUNTS: Mapping[str, Sequence[Count]] = {
    "adjudicate": (
        ("settled", _always(_("%(n)s settled"))),
        ("open", _always(_("%(n)s left open"))),
    ),
    "load_articles": (("loaded", _LOADED), ("already", _ALREADY), ("refused", _REFUSED)),
    "index_articles": (("searchable", _always(_("%(n)s made searchable"))),),
    "tag_articles": (("changed", _CHANGED),),
    "export": (("lines", _articles),),
    "import_layers": (
        ("layers", _layers),
        ("spans", _spans),
        ("skipped_count", _SKIPPED),
    ),
    "load_annotations": (
        ("articles.loaded", _articles),
        ("layers.layers", _layers),
        ("layers.spans", _spans),
    ),
    "compare_names": (("compared", _always(_("%(n)s compared"))),),
    "count_uses": (("used", _entities),),
    "empty_trash": (("corpora", _corpora), ("campaigns", _campaigns)),
    "expire_exports": (("expired", _exports),),
    "revise_article": (("layers", _layers), ("placed", _spans)),
    "import_registry": (("new", _NEW), ("changed", _CHANGED), ("refused", _REFUSED)),
}


def outcome(job: Job) -> str:
    """Return the counts of a job that is done, or of what it has kept of a load that ended early:
    the first, and every other that is not 0."""
    kept = so_far(job.checkpoint)
    result = kept.report.as_json() if kept else job.result
    counts = [(_found(result, where), words) for where, words in COUNTS.get(job.kind, ())]
    told = [
        str(words(count)) % {"n": number_format(count, force_grouping=True)}
        for place, (count, words) in enumerate(counts)
        if count is not None and (count or place == 0)
    ]
    return ", ".join(told)


def _found(result: Any, where: str) -> int | None:
    for word in where.split("."):
        result = result.get(word) if isinstance(result, dict) else None
    return result if isinstance(result, int) else None
