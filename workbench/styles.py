"""Our own style sheets as few files, for those who only read them, without what only those who
write them read. (Scripts: `workbench.scripts`.)
"""

import posixpath
import re
from collections.abc import Callable

Read = Callable[[str], str]
"""The text of the file with this name."""

_SHEET = re.compile(r'^@import "(?P<url>\.[^"\n]+)";$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\s*\n\s*")
_DECLARED = re.compile(r"(?m)^([\w-]+): (?=.*;$)")
_JOINED = re.compile(r"(?<=[{};,])\n| (?={$)", re.MULTILINE)


def bundled_style(entry: str, read: Read) -> str:
    """The style sheet with each that it imports in the place of the import."""

    def inlined(found: re.Match[str]) -> str:
        return bundled_style(_beside(entry, found["url"]), read)

    return _SHEET.sub(inlined, read(entry))


def stripped_style(text: str) -> str:
    """The style sheet without comments, indents, and the spaces and line ends that stand where our
    formatter puts them: whoever takes every space before a colon makes another selector of
    `.table :is(th, td)`."""
    lines = _INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n"
    return _JOINED.sub("", _DECLARED.sub(r"\1:", lines)).replace(";}", "}") + "\n"


def _beside(name: str, url: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
