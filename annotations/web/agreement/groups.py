"""Weeks, batches, sources, languages and campaigns as rows of a table, and as dots of a chart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from annotations.agreement.measures.groups import GroupF1, lies_outside, limits
from annotations.agreement.parting import Parting
from annotations.agreement.wanted import By, word_of
from annotations.web.agreement.asking import way
from annotations.web.agreement.batches import batch_words, short_words
from annotations.web.agreement.figures import FEW, Apart, Bar, apart_of, bar_of
from annotations.web.agreement.reasons import in_words

PartKey = str | date | None

STEP = 44
"""Units of SVG from one dot to the next."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A week, batch, source, language or campaign: `name` in an address; `short` is its word below the chart. `outside`: beyond the limits
    of the chart; `x` and the others are numbers of SVG, of a chart that is a hundred units high."""

    name: str
    word: str
    short: str
    url: str
    f1: GroupF1
    bar: Bar | None
    undefined: str | Promise
    few: bool
    limits: tuple[float, float] | None
    outside: bool
    rest: Apart | None
    x: str
    y: str
    interval: tuple[str, str] | None
    band: tuple[str, str] | None


def rows(found: Parting) -> Iterator[GroupRow]:
    """Yield the groups of a view, each with the way to its spans without a partner."""
    grouped = found.grouped
    keys = [group.key for group in grouped.groups]
    words, short = _words(found, keys), _short_words(found, keys)
    for at, (group, unlike) in enumerate(zip(grouped.groups, found.unlike, strict=True)):
        f1, low, high = group.f1, None, None
        if f1.interval:
            low, high = f1.interval.low, f1.interval.high
        between = limits(grouped.every, f1)
        value = f1.value
        yield GroupRow(
            name=word_of(group.key),
            word=words[group.key],
            short=short[group.key],
            url=_way(found, group.key),
            f1=f1,
            bar=bar_of(value, low, high),
            undefined=in_words(f1.undefined) if f1.undefined else "",
            few=f1.n < FEW,
            limits=(between.low, between.high) if between else None,
            outside=lies_outside(grouped.every, f1),
            rest=apart_of(unlike) if unlike else None,
            x=str(STEP * at + STEP // 2),
            y="" if value is None else height(value),
            interval=None if low is None or high is None else (height(low), height(high)),
            band=(height(between.high), height(between.low)) if between else None,
        )


def height(value: float) -> str:
    """Return where a figure stands in a chart that is a hundred units high."""
    return f"{100 - 100 * value:.1f}"


def _words(found: Parting, keys: Sequence[PartKey]) -> Mapping[PartKey, str]:
    """Return the words for the parts of a view."""
    if found.by == "batch":
        words = batch_words([str(key) for key in keys])
        return {key: words[str(key)] for key in keys}
    return {key: found.names.get(str(key)) or _word(found.by, key) for key in keys}


def _short_words(found: Parting, keys: Sequence[PartKey]) -> Mapping[PartKey, str]:
    """Return their words below the chart."""
    if found.by == "batch":
        words = short_words([str(key) for key in keys])
        return {key: words[str(key)] for key in keys}
    # the name of a campaign would not fit: versions are told apart by it in the table
    short = {key: found.names.get(str(key), "").partition(" ")[0] for key in keys}
    return {key: short[key] or _word(found.by, key) for key in keys}


def _word(by: By, key: PartKey) -> str:
    if isinstance(key, date):
        return date_format(key, "j M Y")
    return key or (_("no source") if by == "source" else _("unknown"))


def _way(found: Parting, key: PartKey) -> str:
    if key is None:
        return ""
    asked = {"what": "alone", **found.wanted.words}
    if found.by == "version":
        return way(str(key), **asked)
    return way(found.run.campaign.slug, **{**asked, found.by: word_of(key)})
