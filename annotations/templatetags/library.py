"""The rows of the long tables of the library, written without a template: fifty rows of a dozen
variables each took as long as all that is around them."""

from collections.abc import Iterator, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.corpora.searching.about import Heading
from annotations.templatetags.workbench import grouped, kwic_words, short_date
from annotations.web.library.concordance import ShownLine
from annotations.web.library.listing import Row

register = template.Library()


@register.simple_tag
def article_rows(rows: Sequence[Row], corpus: str, articles: str, chosen: bool) -> SafeString:
    """The rows of a list of articles. `corpus`, `articles`: addresses, of the list itself and that with
    which those of the articles begin; `chosen`: whether articles can be chosen."""
    return SafeString("".join(_article_rows(rows, escape(corpus), escape(articles), chosen)))


@register.simple_tag
def concordance_rows(lines: Sequence[ShownLine]) -> SafeString:
    """The rows of a concordance of words."""
    untitled = escape(_("Without a title"))
    return SafeString(
        "".join(
            f"<tr>{kwic_words(line.words, line.url)}{_where(line.where, untitled)}</tr>"
            for line in lines
        )
    )


def _article_rows(rows: Sequence[Row], corpus: str, articles: str, chosen: bool) -> Iterator[str]:
    source, published = escape(_("Source")), escape(_("Published"))
    language, characters = escape(_("Language")), escape(_("Characters"))
    untitled = escape(_("Without a title"))
    for row in rows:
        name = f"article-{row.key}"
        box = (
            f'<td class="library-chosen"><input type="checkbox" name="articles" value="{row.key}"'
            f' aria-labelledby="{name}"></td>'
        )
        yield (
            f"<tr>{box if chosen else ''}"
            f'<th scope="row"><a class="title" id="{name}" dir="auto" href="{articles}{row.key}/">'
            f"{escape(row.title) or untitled}</a>{_snippet(row)}{_marks(row, corpus)}</th>"
            f'<td data-label="{source}" class="muted"><bdi>{escape(row.source)}</bdi></td>'
            f'<td data-label="{published}" class="muted nowrap">'
            f"{short_date(row.published) or '—'}</td>"
            f'<td data-label="{language}" class="muted">{escape(row.language)}</td>'
            f'<td data-label="{characters}" class="number">{grouped(row.length)}</td></tr>'
        )


def _snippet(row: Row) -> str:
    if row.snippet is None:
        return ""
    before, hit, after = (
        escape(words) for words in (row.snippet.before, row.snippet.hit, row.snippet.after)
    )
    return f'<p class="library-snippet" dir="auto">{before}<mark>{hit}</mark>{after}</p>'


def _marks(row: Row, corpus: str) -> str:
    """The tags of an article, and how many others tell its story."""
    if not (row.tags or row.alike):
        return ""
    tags = "".join(
        f'<span class="chip chip-plain"><bdi>{escape(tag)}</bdi></span>' for tag in row.tags
    )
    told = ngettext(
        "%(alike)s article tells this story", "%(alike)s articles tell this story", row.alike
    )
    others = (
        f'<a class="library-alike" href="{corpus}?cluster={row.cluster}">'
        f"{escape(told % {'alike': row.alike})}</a>"
    )
    return f'<p class="row library-marks">{tags}{others if row.alike else ""}</p>'


def _where(where: Heading, untitled: str) -> str:
    day = f" · {short_date(where.published)}" if where.published else ""
    return (
        f'<td class="kwic-where"><span dir="auto">{escape(where.title) or untitled}</span>'
        f'<span class="muted"><bdi>{escape(where.source)}</bdi>{day}</span></td>'
    )
