"""PDF: the text of each page in order, what the page broke into lines made into paragraphs again.

A page without a text, as a scan has, is named in the metadata (``pages_without_text``).
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any

from annotations.corpora.readers.drafts import ArticleDraft, Place, Reading, UnfitError
from annotations.corpora.readers.gleaned import flat, gleaned, in_own_words, made_on
from annotations.corpora.readers.plain import title_of
from annotations.corpora.readers.reflow import joined, reflowed
from annotations.corpora.readers.sources import Source, whole
from annotations.limits import LIMITS

_MOST_PAGES = 500
_MOST_CONTENT = 16_777_216  # bytes of all pages unpacked; pypdf reads about one million a second
_MOST_OPERATIONS = 2_000_000  # forms within pages included
_MOST_FONTS = 200  # of a page
_MOST_LETTERS = 4_194_304  # bytes that say, for all fonts of a page, which letter is which
_MOST_SECONDS = 60  # for what no other bound foresees
# what one stream may take; and no other program is ever started
_BOUNDS = {
    **dict.fromkeys(
        (
            "array_based_stream_maximum_output_length",
            "lzw_maximum_output_length",
            "run_length_maximum_output_length",
            "zlib_maximum_output_length",
            "brotli_maximum_output_length",
            "jbig2_maximum_output_length",
        ),
        _MOST_CONTENT,
    ),
    "stream_decoding_work_maximum_length": 4 * _MOST_CONTENT,
    "stream_parsing_work_maximum_count": 1_000_000,
    "page_tree_maximum_entries": 4 * _MOST_PAGES,
    "xform_maximum_invocations_per_extraction": 500,
    "jbig2dec_binary": None,
    "disable_legacy_handling": True,
}


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of the document, or its refusal."""
    try:
        yield _article(source, whole(source, LIMITS.layer_line_bytes))
    except UnfitError as unfit:
        yield source.refused(unfit.reason)


def _article(source: Source, data: bytes) -> ArticleDraft:
    # half a tenth of a second to import, for which only those who read PDFs should wait
    import pypdf

    # its messages name what it reads; texts have no place in a log
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with pypdf.apply_configuration(None, **_BOUNDS):
        reader = _opened(data)
        pages = _pages(reader)
        fields = {name: in_own_words(_told(reader, name)) for name in ("title", "author")}
        created = _told(reader, "creation_date")
    fields["title"] = fields["title"] or title_of(source.stem)
    empty = [number for number, words in enumerate(pages, 1) if not words]
    if len(empty) == len(pages):
        raise UnfitError("pdf_scan")
    note = made_on(created) | ({"pages_without_text": empty} if empty else {})
    return gleaned(joined(pages), fields, Place(source.name, 1, 0), "utf-8", note)


def _opened(data: bytes) -> Any:
    """Return the document. Raises UnfitError: it is damaged, has a password, or is too long."""
    from pypdf import PasswordType, PdfReader

    try:
        reader = PdfReader(BytesIO(data), root_object_recovery_limit=1_000)
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        count = 0 if locked else len(reader.pages)
    except Exception as fault:  # strangers' files meet strangers' code: whatever it trips over
        raise _unfit(fault, UnfitError("pdf_broken")) from fault
    if locked:
        raise UnfitError("pdf_protected")
    if not count:
        raise UnfitError("pdf_broken")
    if count > _MOST_PAGES:
        raise UnfitError("pdf_pages", count=count, limit=_MOST_PAGES)
    return reader


def _unfit(fault: Exception, otherwise: UnfitError) -> UnfitError:
    """Return what to say of a fault of pypdf."""
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    if isinstance(fault, UnfitError):
        return fault
    if isinstance(fault, LimitReachedError):
        return UnfitError("pdf_too_large")
    if isinstance(fault, DependencyError | FileNotDecryptedError):
        return UnfitError("pdf_protected")
    return otherwise


class _Budget:
    """What all pages may take together. Raises UnfitError when it is spent."""

    def __init__(self) -> None:
        self._content = 0
        self._operations = 0
        self._length = 0
        self._until = time.monotonic() + _MOST_SECONDS

    def open(self, page: Any) -> None:
        """Called before a page is read."""
        content = page.get_contents()
        self._content += len(content.get_data()) if content is not None else 0
        fonts = _held(_held(page, "/Resources"), "/Font")
        self._bound(self._content > _MOST_CONTENT or len(fonts) > _MOST_FONTS)
        maps = [_held(_held(fonts, name), "/ToUnicode") for name in fonts]
        sizes = (len(one.get_data()) for one in maps if hasattr(one, "get_data"))
        self._bound(sum(sizes) > _MOST_LETTERS)

    def operate(self, *_operation: object) -> None:
        """Called before each operation of a page, and of the forms within it."""
        self._operations += 1
        self._bound(self._operations > _MOST_OPERATIONS)

    def _bound(self, spent: bool) -> None:
        if spent or time.monotonic() > self._until:
            raise UnfitError("pdf_too_large")

    def take(self, words: str) -> str:
        self._length += len(words)
        if self._length > LIMITS.article_code_points * 2:
            limit = LIMITS.article_code_points
            raise UnfitError("text_too_long", length=self._length, limit=limit)
        return words


def _held(thing: Any, name: str) -> Any:
    """Return what a dictionary of the document holds under this name; of anything else, nothing."""
    found = thing.get(name) if isinstance(thing, Mapping) else None
    found = found.get_object() if found is not None else None
    return found if isinstance(found, Mapping) else {}


def _pages(reader: Any) -> list[str]:
    """Return the text of each page. Raises UnfitError where one cannot be read."""
    budget, texts = _Budget(), []
    for number, page in enumerate(reader.pages, 1):
        try:
            budget.open(page)
            words = budget.take(page.extract_text(visitor_operand_before=budget.operate))
        except Exception as fault:  # as above
            raise _unfit(fault, UnfitError("pdf_page", page=number)) from fault
        texts.append(reflowed(words))
    return texts


def _told(reader: Any, name: str) -> str:
    """What the document says of itself, as far as that can be read."""
    with suppress(Exception):  # as above
        value = getattr(reader.metadata, name, None)
        return flat(value.isoformat() if name == "creation_date" and value else str(value or ""))
    return ""
