"""Where sentences end: good enough to cut a long paragraph where a reader would pause."""

import re
from collections.abc import Iterator

_CLOSERS = "\"'”’»)\\]」』）"
# a full stop needs a space after it; the full stops of scripts without spaces do not
_END = re.compile(
    rf"(?:[.!?…؟۔।॥։]+[{_CLOSERS}]*\s+|[。！？｡]+[{_CLOSERS}]*\s*)(?=\S)",
)
_ABBREVIATION = re.compile(r"(?:^|[\s(“\"'‘])(?:\w|[A-Z]\w{0,2}|[a-z]{1,2}|No|Prof|Gen|Jend)\.\s+$")


def ends(text: str) -> Iterator[int]:
    """Yield the offset after each sentence and the space behind it, but for the last sentence."""
    for found in _END.finditer(text):
        if not _ABBREVIATION.search(text, max(0, found.start() - 8), found.end()):
            yield found.end()
