"""A web page saved as HTML: its main text, by trafilatura, without menus, comments and notices.

Nothing is fetched. Title, author, outlet, day, address and language are taken from what the page says
of itself, and left out where they can be none.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from annotations.corpora.readers.blocks import Tags, text_of
from annotations.corpora.readers.charsets import declared
from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import ArticleDraft, Place, Reading, UnfitError
from annotations.corpora.readers.gleaned import fits, flat, gleaned
from annotations.corpora.readers.hypertext import parse_html
from annotations.corpora.readers.plain import title_of
from annotations.corpora.readers.sources import Source, whole
from annotations.limits import LIMITS

_SHORTEST = 25  # code points; what is shorter is a menu, not an article
_LONGEST = 8_388_608  # code points of markup; trafilatura takes about a second for a million
# pictures that stand in the page itself
_EMBEDDED = re.compile(r"data:[a-z0-9.+/-]{1,80};base64,[A-Za-z0-9+/=%\s]*+", re.IGNORECASE)

# the elements into which trafilatura turns those of a page
_BODY = Tags(
    paragraphs=frozenset(("p", "head", "quote", "list", "table", "code", "figure")),
    lines=frozenset(("item", "row")),
    cells=frozenset(("cell",)),
    breaks=frozenset(("lb",)),
    kept=frozenset(("code",)),
    dropped=frozenset(("graphic",)),
)
# a bound that never moves: with today's date the same page would not always give the same
_DAY = {"extensive_search": False, "original_date": True, "max_date": "2200-01-01"}
_MOMENTS = (
    ".//meta[@property='article:published_time']/@content",
    ".//meta[@property='og:article:published_time']/@content",
    ".//meta[@itemprop='datePublished']/@content",
    ".//meta[@name='publishdate' or @name='pubdate' or @name='content_PublishedDate']/@content",
    ".//time[@itemprop='datePublished']/@datetime",
)
_LINKED_MOMENT = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,60})"')


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of the page, or its refusal."""
    try:
        yield article(source, whole(source, LIMITS.line_bytes * 2))
    except UnfitError as unfit:
        yield source.refused(unfit.reason)


def article(
    source: Source, data: bytes, charset: str | None = None, address: str = ""
) -> ArticleDraft:
    """Return the article of the page in `data`; `charset` and `address` are what came with it.

    What the page says itself comes before both. Raises UnfitError.
    """
    decoded = decode(data, source.encoding or declared(data, charset))
    markup = _EMBEDDED.sub("", decoded.text)
    if len(markup) > _LONGEST:
        raise UnfitError("page_too_long", limit=_LONGEST)
    text, fields = _read(markup)
    fields["title"] = fields["title"] or title_of(source.stem)
    fields["url"] = fields["url"] or address
    return gleaned(text, fields, Place(source.name, 1, 0), str(decoded.encoding))


def _read(markup: str) -> tuple[str, dict[str, str | None]]:
    """Return the main text and the fields of an article. Raises UnfitError where there is none."""
    root = _root(markup)
    # before trafilatura, which prunes what it is given
    said = {
        "language": flat(root.get("lang") or root.get("xml:lang")),
        "url": _canonical(root),
        "published": _moment(root),
    }
    found = _main(root)
    title = flat(found.title)
    text = _text(found.body, title)
    if len(text) < _SHORTEST:
        raise UnfitError("page_no_text")
    return text, {
        "title": title if fits("title", title) else "",
        "author": flat(found.author),
        "source": flat(found.sitename or found.hostname),
        "language": said["language"],
        "published": said["published"] or flat(found.date),
        "url": said["url"] or flat(found.url),
    }


def _root(markup: str) -> Any:
    try:
        return parse_html(markup)
    except UnfitError as unfit:
        if unfit.reason.code == "text_empty":
            raise UnfitError("page_no_text") from unfit
        raise


def _main(root: Any) -> Any:
    """Return what trafilatura makes of the page."""
    # a tenth of a second to import, for which only those who read pages should wait
    import trafilatura

    # its messages name what it reads; texts have no place in a log
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(
            root,
            include_comments=False,
            favor_precision=True,
            with_metadata=True,
            date_extraction_params=_DAY,
        )
    except Exception as fault:  # strangers' pages meet strangers' code: whatever it trips over
        raise UnfitError("page_no_text") from fault
    if found is None:
        raise UnfitError("page_no_text")
    return found


def _text(body: etree._Element, title: str) -> str:
    """Return the main text; not `found.text`, which is without any joiner or direction mark.

    The title is a field of its own.
    """
    text = text_of(body, _BODY)
    first, _gap, rest = text.partition("\n\n")
    return rest if first == title else text


def _canonical(root: Any) -> str:
    links = root.xpath(".//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    return next((link for link in map(flat, links) if link.startswith(("http:", "https:"))), "")


def _moment(root: Any) -> str:
    """Return when the page says it appeared, to the minute where it does: the first such date."""
    written = [flat(found) for path in _MOMENTS for found in root.xpath(path)]
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        written += map(flat, _LINKED_MOMENT.findall(script.text or ""))
    return next((one for one in written if one and fits("published", one)), "")
