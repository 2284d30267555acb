"""HTML that strangers wrote, parsed: nothing is fetched, no entity is expanded, and it ends soon."""

import re

from lxml import etree, html

from annotations.corpora.readers.blocks import UNFIT
from annotations.corpora.readers.drafts import UnfitError

# the same, in figures: the parser lets them through, and then no tree may hold them
_UNFIT_IN_FIGURES = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])(?![0-9a-f])"
    r"|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9]));?",
    re.IGNORECASE,
)
# the work grows with the square of what one element has of these: the parser's with its attributes,
# that of whoever looks for the main text with its children
_MOST_ATTRIBUTES = 1_000
_MOST_CHILDREN = 5_000
_MOST_ELEMENTS = 50_000
_ATTRIBUTE = (
    r"(?:[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)?)"
)
_TAG = re.compile(
    rf"<[a-z][^\s/<>]*+(?:(?P<crowd>{_ATTRIBUTE}{{{_MOST_ATTRIBUTES}}})|{_ATTRIBUTE}*+)"
)
# in these a tag is no tag
_RAW = (
    *(("<script", "</script"), ("<style", "</style"), ("<!--", "-->")),
    *(("<title", "</title"), ("<textarea", "</textarea")),
)


def parse_html(text: str) -> html.HtmlElement:
    """Return the page's root. Raises UnfitError: ``html_too_deep`` (256 levels), ``html_too_large``
    and ``html_crowded`` (more elements, or more in one place, than people write), ``text_empty``."""
    # a parser stops at some of these; browsers pass over them
    fit = _UNFIT_IN_FIGURES.sub("", UNFIT.sub("", text))
    if is_crowded(fit):
        raise UnfitError("html_crowded", limit=_MOST_ATTRIBUTES)
    # the text is decoded already: bytes, as lxml refuses a text that says what encoding it is in
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = html.document_fromstring(fit.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise UnfitError("text_empty") from fault
    finally:
        # where it is too deep the parser stops, and keeps what it has without a word
        too_deep = any(
            entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log
        )
    if too_deep:
        raise UnfitError("html_too_deep")
    _count(root)
    return root


def _count(root: html.HtmlElement) -> None:
    for number, element in enumerate(root.iter()):
        if number >= _MOST_ELEMENTS:
            raise UnfitError("html_too_large", limit=_MOST_ELEMENTS)
        if len(element) > _MOST_CHILDREN:
            raise UnfitError("html_crowded", limit=_MOST_CHILDREN)


def is_crowded(text: str) -> bool:
    """Whether an element has more attributes than anybody writes. Linear in the text."""
    bare = text.lower()
    for begin, end in _RAW:
        bare = _without(bare, begin, end)
    return any(found["crowd"] for found in _TAG.finditer(bare))


def _without(text: str, begin: str, end: str) -> str:
    kept, at = [], 0
    while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start)) >= 0:
        kept.append(text[at:start])
        at = stop + len(end)
    return "".join([*kept, text[at:]])
