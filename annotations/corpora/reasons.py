"""The sentence for each reason a reader or a load gives, in the language of whoever reads it."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from annotations.corpora.readers.drafts import Reason, Values

_SENTENCES: Mapping[str, object] = {
    # the file
    "unknown_kind": _("This kind of file is not read. Kutip reads %(kinds)s."),
    "sheet_kind": _("Spreadsheets are not read. Save the sheet as CSV, and load that."),
    "document_kind": _(
        "Documents of this kind are not read. Save it as Word (.docx), PDF or text, and load that."
    ),
    "annotated_kind": _(
        "This is a project of annotations with their articles. Load it with “Load annotations”."
    ),
    "other_kind": _("The file is called %(ending)s, but it holds %(kind)s."),
    "file_too_long": _(
        "The file is too large for one article, which may hold %(limit)s characters."
    ),
    "file_too_large": _(
        "The file is larger than %(limit)s bytes, more than is read of one file of its kind."
    ),
    # the encoding
    "undecodable": _("The bytes %(bytes)s are no text in %(encoding)s."),
    "cut_character": _("The file ends in the middle of a character (%(encoding)s)."),
    "line_too_long": _("The line is longer than %(limit)s bytes."),
    # characters
    "character_nul": _("%(field)s holds a NUL (U+0000) at character %(at)s."),
    "character_surrogate": _(
        "%(field)s holds half a surrogate pair (%(character)s) at character %(at)s."
    ),
    "character_noncharacter": _(
        "%(field)s holds %(character)s, which no text may hold, at character %(at)s."
    ),
    "character_control": _(
        "%(field)s holds the control character %(character)s at character %(at)s."
    ),
    "character_newline": _("%(field)s must be one line; it breaks at character %(at)s."),
    "character_bidi": _(
        "%(field)s holds the invisible direction mark %(character)s at character %(at)s."
    ),
    # fields
    "text_empty": _("The text is empty."),
    "text_too_long": _(
        "The text has %(length)s characters; an article may hold %(limit)s characters."
    ),
    "field_missing": _("%(field)s is missing."),
    "field_type": _("%(field)s must hold text, not %(kind)s."),
    "metadata_type": _("%(field)s must hold an object, not %(kind)s."),
    "field_too_long": _("%(field)s has %(length)s characters; it may have %(limit)s."),
    "language": _("“%(value)s” is no language code, such as id or en."),
    "published": _("“%(value)s” is no date. Write 2024-10-31 or 2024-10-31T08:30:00+07:00."),
    "published_unclear": _(
        "“%(value)s” does not tell the day from the month. Write the year first: 2024-10-31."
    ),
    "published_day_first": _("“%(value)s” is no date with the day first."),
    "published_month_first": _("“%(value)s” is no date with the month first."),
    "metadata_twice": _("“%(key)s” is given both in “metadata” and beside it."),
    "metadata_too_long": _(
        "What becomes metadata takes %(length)s bytes; it may take %(limit)s. Leave out a column or"
        " a key."
    ),
    "metadata_too_deep": _("%(field)s is nested deeper than %(limit)s levels."),
    # JSON
    "json_not_object": _("This is JSON, but no object in braces."),
    "json_no_text": _(
        "No key of this object holds the text: none is called “text”, “isi” or the like. Its keys"
        " are: %(names)s."
    ),
    "json_wrapped": _(
        "The articles stand in a list inside this object, under “%(name)s”. Save that list alone,"
        " and load it."
    ),
    "json_too_deep": _("The JSON is nested too deeply."),
    "json_key_twice": _("The key “%(key)s” is given twice."),
    "json_constant": _("%(constant)s is not JSON."),
    "json_number": _("The number %(number)s… cannot be kept exactly. Write it as text, in quotes."),
    "json_mark": _(
        "A byte order mark stands in the middle of the file, as where files were joined."
    ),
    "json_extra": _("More follows after the object. Each line holds one object."),
    "json_carriage_return": _(
        "Lines must end in LF or CRLF; in this file they end in CR, as on old Macs."
    ),
    "json_unterminated": _("Not JSON: a text in quotes is not closed before the line ends."),
    "json_control": _("Not JSON: a control character inside quotes must be written as an escape."),
    "json_escape": _("Not JSON: this escape after a backslash does not exist."),
    "json_comma": _("Not JSON: a comma or a closing bracket is missing here."),
    "json_colon": _("Not JSON: a colon is missing here."),
    "json_key": _("Not JSON: a key in double quotes is missing here."),
    "json_value": _("Not JSON: a value is missing here."),
    "json_syntax": _("Not JSON."),
    # CSV
    "csv_no_header": _("The file is empty: the first row must name the columns."),
    "csv_no_text": _(
        "No column holds the text: none is called “text”, “isi” or the like. The first row names"
        " the columns: %(names)s."
    ),
    "csv_columns": _("The file has %(count)s columns; it may have %(limit)s."),
    "csv_cells": _(
        "Cells in this row: %(count)s. Columns that the first row names: %(expected)s. They must be equal."
    ),
    "csv_quote": _(
        "A quotation mark stands inside a cell alone. Inside a quoted cell it is written twice."
    ),
    "csv_unclosed": _(
        "A quotation mark opened in this row is never closed. What follows was not read."
    ),
    "csv_lost": _(
        "The quotation marks of this row do not pair up, so nothing says where the next row"
        " begins. What follows was not read."
    ),
    "csv_carriage_return": _(
        "A cell breaks its line with CR alone. Put the cell in quotes, or save with LF or CRLF."
    ),
    # web pages
    "page_too_long": _(
        "The page has more than %(limit)s characters, its pictures left aside. Save the text itself,"
        " and load that."
    ),
    "page_none": _("The web archive holds no page. Save the page as HTML, and load that."),
    "html_too_deep": _("The HTML is nested too deeply. Save the text itself, and load that."),
    "html_too_large": _(
        "The HTML has more than %(limit)s elements. Save the text itself, and load that."
    ),
    "html_crowded": _(
        "More than %(limit)s elements or attributes stand in one place of the HTML. Save the text"
        " itself, and load that."
    ),
    "page_no_text": _("No main text was found in the page. Save the text itself, and load that."),
    # Word
    "word_broken": _("The file is no Word document, or a damaged one."),
    "word_none": _("A part of a Word document is missing in the file."),
    "word_protected": _(
        "The document has a password, or is as old as Word 97. Save it without one, as .docx."
    ),
    # PDF
    "pdf_broken": _("The file is no PDF, or a damaged one."),
    "pdf_protected": _("The PDF has a password. Save it without one, and load that."),
    "pdf_pages": _("The PDF has %(count)s pages; it may have %(limit)s."),
    "pdf_page": _("Page %(page)s of the PDF cannot be read."),
    "pdf_scan": _("No page of the PDF holds text: it is a scan. Make a text of it first (OCR)."),
    "pdf_too_large": _("The pages of the PDF are too large or too intricate to be read."),
    # feeds
    "feed_other": _("The XML begins with “%(name)s”; it is no feed (RSS or Atom)."),
    "feed_empty": _("The feed holds no entry."),
    "feed_no_text": _("The entry holds no text."),
    # XML
    "xml_broken": _("The XML of the file is damaged."),
    "xml_doctype": _("The XML declares a document type (DOCTYPE). That is not read."),
    "xml_tag": _("A tag of the XML is longer than %(limit)s bytes."),
    "xml_too_large": _("The XML has more than %(limit)s elements."),
    # ZIP
    "zip_broken": _("The file is no ZIP archive, or a damaged one."),
    "zip_overlap": _("The files of the archive claim more room than it has."),
    "zip_damaged": _("This file is damaged inside the archive, or is not as long as it says."),
    "zip_members": _("The archive holds %(count)s files; it may hold %(limit)s."),
    "zip_too_long": _("Unpacked, the archive would take more than %(limit)s bytes."),
    "zip_name": _("The name of this file leads out of the archive."),
    "zip_link": _("This is a link, not a file."),
    "zip_encrypted": _("The file is encrypted. Unpack it first."),
    "zip_method": _(
        "The file is compressed in a way that is not read; use ordinary ZIP (deflate)."
    ),
    "zip_twice": _("Two files of the archive have this name."),
    "zip_nested": _("An archive inside an archive is not read. Unpack it first."),
    "zip_ratio": _("Unpacked, the file would be more than %(limit)s times larger."),
    # what is told of a file beside its articles
    "file_nothing": _("The file holds no article."),
    "future_dates": _("Some dates of the file are still to come; the first is %(value)s."),
    "columns_shared": _(
        "%(field)s is read from the column “%(name)s”; “%(other)s” stands in the metadata."
    ),
    "dates_found_day": _(
        "Dates such as %(value)s are read with the day first: others in the file show it."
    ),
    "dates_found_month": _(
        "Dates such as %(value)s are read with the month first: others in the file show it."
    ),
    "dates_assumed_day": _(
        "Nothing tells whether %(value)s has the day or the month first: the day is taken to come"
        " first."
    ),
    "dates_assumed_month": _(
        "Nothing tells whether %(value)s has the day or the month first: the month is taken to come"
        " first."
    ),
    "dates_mixed_day": _(
        "Some dates of the file have the day first, others the month: where a date may have both,"
        " such as %(value)s, the day is taken to come first."
    ),
    "dates_mixed_month": _(
        "Some dates of the file have the day first, others the month: where a date may have both,"
        " such as %(value)s, the month is taken to come first."
    ),
    # the corpus
    "external_id_taken": _(
        "The id “%(external_id)s” (external_id) belongs to another article of this corpus."
    ),
    "in_trash": _("This text is in the trash of the corpus. Restore it there instead."),
    "taken_down": _("This text was taken down for legal reasons. It is not loaded again."),
}

_KINDS: Mapping[str, object] = {
    "json:boolean": _("true or false"),
    "json:number": _("a number"),
    "json:list": _("a list"),
    "json:object": _("an object"),
    "json:string": _("text"),
}

CODES = frozenset(_SENTENCES)


def sentence(reason: Reason) -> str:
    """Return what went wrong, as one sentence in the active language. The field at fault is called
    as the file calls it, with our name in brackets; a sentence that does not say which it is begins
    with it."""
    template, values = str(_SENTENCES[reason.code]), reason.values
    said = template % _shown(values)
    if "field" not in values or "%(field)s" in template:
        return said
    if reason.code.startswith("text_") and "column" not in values:
        return said  # it says so
    return str(_("%(field)s: %(sentence)s")) % {"field": _field(values), "sentence": said}


def _shown(values: Values) -> dict[str, str]:
    return {name: _shown_value(value) for name, value in values.items()} | {"field": _field(values)}


def _field(values: Values) -> str:
    field = values.get("field", "metadata")  # of that, reports of earlier loads do not name it
    return f"“{values['column']}” ({field})" if "column" in values else f"“{field}”"


def _shown_value(value: str | int) -> str:
    """Return a count as people write it here, the name of a kind in words, a text as it is."""
    if isinstance(value, int):
        return str(number_format(value, force_grouping=True))
    return str(_KINDS.get(value, value))
