"""Which encoding markup says it is in, as browsers understand it."""

import codecs
import re

from annotations.corpora.readers.decoding import NAMED

_HEAD = 4_096
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})",
    re.IGNORECASE,
)
# browsers read these names so, as the pages that bear them mean it
_MEANT = {
    **dict.fromkeys(("iso8859-1", "ascii"), "windows-1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("tis-620", "iso8859-11"), "cp874"),
}
_KNOWN = {codecs.lookup(name).name: name for name in NAMED}


def declared(data: bytes, charset: str | None = None) -> str | None:
    """Return the encoding the markup says it is in, if there is one and the markup is in it.

    `charset` is what came with it; what it says itself comes first.
    """
    said = _CHARSET.search(data[:_HEAD])
    named = _codec(said[1].decode("ascii") if said else charset or "")
    # who saves a page writes UTF-8, and often leaves the old name; the other way round no text of
    # any length passes for UTF-8
    lies = named is None or _decodes(data, "utf-8") or not _decodes(data, named)
    return None if lies else named


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _codec(label: str) -> str | None:
    """Return the encoding that browsers know by this name, if Kutip reads it."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name) or _KNOWN.get(name)
