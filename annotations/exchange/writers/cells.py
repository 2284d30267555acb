"""Cells of tables that no spreadsheet takes for a formula, and back again. Pure."""

import re

_FORMULA = re.compile(r"\s*['=+\-@＝＋－＠]|[\t\r\n]")
"""What begins a formula in some spreadsheet (OWASP, "CSV Injection"): also after white space, which some
strip, and in full width, which some narrow. The apostrophe is here so that the way back is one."""


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could take it for a formula, or
    where it begins with an apostrophe already."""
    if text[:1].isalnum():  # as most are: half the time
        return text
    return f"'{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text that was defused: without the apostrophe, where there is one. For every text,
    ``restored(defused(text)) == text``."""
    return cell.removeprefix("'")


def restored_by_hand(cell: str) -> str:
    """`restored` for a table that people write themselves, too: only an apostrophe that `defused`
    would have put there is taken off, so ``'t Hart`` stays."""
    text = restored(cell)
    return text if defused(text) == cell else cell
