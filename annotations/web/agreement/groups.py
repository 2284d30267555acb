"""Weeks, batches, sources, languages and campaigns as rows of a table, and as dots of a chart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from annotations.agreement import parts
from annotations.agreement.measures.groups import GroupF1, limits
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Grouped
from annotations.web.agreement.asking import NO_SOURCE, way
from annotations.web.agreement.figures import FEW, Bar, bar_of
from annotations.web.agreement.reasons import in_words

STEP = 44
"""Units of SVG from one dot to the next."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A week, batch, source, language or campaign; `short` is its word below the chart. `outside`: beyond the limits
    of the chart; `x` and the others are numbers of SVG, of a chart that is a hundred units high."""

    key: str | None
    word: str
    short: str
    url: str
    f1: GroupF1
    bar: Bar | None
    undefined: str | Promise
    few: bool
    limits: tuple[float, float] | None
    outside: bool
    x: str
    y: str
    interval: tuple[str, str] | None
    band: tuple[str, str] | None


def rows(
    run: AgreementRun,
    view: str,
    grouped: Grouped,
    asked: Mapping[str, object],
    words: Mapping[str, str],
) -> Iterator[GroupRow]:
    """Yield the groups of a view, each with the way to its spans without a partner; `words` are those of
    campaigns by their short names."""
    for at, group in enumerate(grouped.groups):
        f1, low, high = group.f1, None, None
        if f1.interval:
            low, high = f1.interval.low, f1.interval.high
        between = limits(grouped.every, f1)
        value = f1.value
        yield GroupRow(
            key=group.key.isoformat() if isinstance(group.key, date) else group.key,
            word=words.get(str(group.key)) or _word(view, group.key),
            short=_short(view, group.key, words),
            url=_way(run, view, group.key, asked),
            f1=f1,
            bar=bar_of(value, low, high),
            undefined=in_words(f1.undefined) if f1.undefined else "",
            few=f1.n < FEW,
            limits=(between.low, between.high) if between else None,
            outside=bool(
                between and value is not None and not between.low <= value <= between.high
            ),
            x=str(STEP * at + STEP // 2),
            y="" if value is None else height(value),
            interval=None if low is None or high is None else (height(low), height(high)),
            band=(height(between.high), height(between.low)) if between else None,
        )


def height(value: float) -> str:
    """Return where a figure stands in a chart that is a hundred units high."""
    return f"{100 - 100 * value:.1f}"


def _word(view: str, key: str | date | None) -> str:
    if isinstance(key, date):
        return date_format(key, "SHORT_DATE_FORMAT")
    if view == "week":
        return _("unknown")
    if view == "batch" and key:
        return batch_word(key)
    return key or (_("no source") if view == "source" else _("unknown"))


def _short(view: str, key: str | date | None, words: Mapping[str, str]) -> str:
    if view == "batch" and isinstance(key, str):
        return date_format(timezone.localtime(parts.moment_of(key)), "SHORT_DATE_FORMAT")
    # the name of a campaign would not fit: versions are told apart by it in the table
    return words.get(str(key), "").partition(" ")[0] or _word(view, key)


def batch_word(batch: str) -> str:
    """Return the name of a batch: the minute in which its articles were loaded."""
    return date_format(timezone.localtime(parts.moment_of(batch)), "SHORT_DATETIME_FORMAT")


def _way(run: AgreementRun, view: str, key: str | date | None, asked: Mapping[str, object]) -> str:
    if key is None:
        return ""
    if view == "version":
        return way(str(key), **asked)
    value = key.isoformat() if isinstance(key, date) else key or NO_SOURCE
    return way(run.campaign.slug, **{**asked, view: value})
