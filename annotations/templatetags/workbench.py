"""The few words templates need beyond Django's own: an icon, a day, the words for scripts."""

from datetime import UTC, datetime, time, tzinfo
from functools import lru_cache
from html import escape

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from annotations.web.icons import ICONS
from annotations.web.kwic import Words
from annotations.web.words import catalog_url as url_of_catalog

register = template.Library()


@register.simple_tag
@lru_cache
def icon(name: str) -> SafeString:
    """A line drawing from `annotations.web.icons`, hidden from readers: words stand beside it."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        "{}</svg>",
        name,
        mark_safe(ICONS[name]),  # noqa: S308 - our own constant
    )


@register.simple_tag
def kwic_words(words: Words, url: str) -> SafeString:
    """The cells of a line of a concordance; the words found lead to the address, "" for none. Fifty
    on a page: as a template they take a tenth of its time."""
    left, hit, right = escape(words.left), escape(words.hit), escape(words.right)
    led = f'<a href="{escape(url)}"><mark>{hit}</mark></a>' if url else f"<mark>{hit}</mark>"
    return SafeString(
        f'<td class="kwic-before"><span dir="auto">{left}</span></td>'
        f'<th scope="row" class="kwic-hit">{led}</th><td><span dir="auto">{right}</span></td>'
    )


@register.filter
def short_date(moment: datetime | None) -> SafeString | str:
    """A day as people write it, with the exact time (UTC) for machines; "" for none."""
    if moment is None:
        return ""
    return _day(moment.isoformat(), get_language(), timezone.get_current_timezone())


@lru_cache(maxsize=8_192)
def _day(moment: str, _language: str, zone: tzinfo) -> SafeString:
    # lists say the same days again and again, and every one takes as long as the row around it
    there = datetime.fromisoformat(moment).astimezone(zone)
    return format_html('<time datetime="{}">{}</time>', moment, date_format(there, "j M Y"))


@register.filter
def exact_date(moment: datetime | None) -> SafeString | str:
    """As `short_date`, with the time in UTC where it is not midnight: as a file is read."""
    if moment is None:
        return ""
    there = moment.astimezone(UTC)
    form = "j M Y" if there.time() == time() else "j M Y, H:i"
    zone = "" if there.time() == time() else " UTC"
    return format_html(
        '<time datetime="{}">{}{}</time>', moment.isoformat(), date_format(there, form), zone
    )


@register.filter
def to_the_second(moment: datetime) -> SafeString:
    """A moment as a log tells it, in UTC."""
    there = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}">{} UTC</time>', moment.isoformat(), date_format(there, "j M Y, H:i:s")
    )


@register.filter
def grouped(number: int | None) -> str:
    """A whole number with its thousands apart, in the language of the page; "" for none."""
    return "" if number is None else _grouped(number, get_language())


@lru_cache(maxsize=8_192, typed=True)
def _grouped(number: int, _language: str) -> str:
    return number_format(number, force_grouping=True)


@register.simple_tag
def catalog_url() -> str:
    """Where scripts find their words in the language of this page."""
    return url_of_catalog()
