"""Names: the form they are searched in, and the alias a text defines in brackets."""

import re
import unicodedata
from collections.abc import Iterator

_PLAIN = str.maketrans(
    dict.fromkeys("“”„‟", '"')
    | dict.fromkeys("‘’‚‛ʼ", "'")
    # letters that carry their stroke or joint inside, where no decomposition finds it
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
)
_ACCENTED = ("LATIN ", "GREEK ", "CYRILLIC ")
_INLINE = re.compile(r"(?P<name>[^()（）]+?)\s*[(（]\s*(?P<alias>[^()（）]+?)\s*[)）]")


def fold(name: str) -> str:
    """Return the form in which two names are searched as the same name.

    Without case, without the accents of Latin, Greek and Cyrillic letters (``é`` is ``e``, ``й``
    is ``и``), single spaces, none at the ends, straight quotation marks, composed. The vowel signs
    of other scripts and the voicing marks of kana tell names apart and stay. Folding twice changes
    nothing; the name itself is never replaced by its folded form.
    """
    if name.isascii():
        return " ".join(name.lower().split())
    # decomposed before and after: casefolding neither keeps marks apart nor always stays decomposed
    caseless = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    plain = "".join(_without_accents(caseless.translate(_PLAIN)))
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def _without_accents(decomposed: str) -> Iterator[str]:
    """The characters of a decomposed text but the marks on letters that are found without them."""
    carried = False
    for character in decomposed:
        if unicodedata.category(character) != "Mn":
            carried = unicodedata.name(character, "").startswith(_ACCENTED)
        elif carried:
            continue
        yield character


def inline_alias(text: str) -> tuple[str, str] | None:
    """Return ``("Korea Utara", "Korut")`` for ``"Korea Utara (Korut)"``, else None.

    What stands in the brackets must begin with a letter: an age or a year is no alias.
    """
    found = _INLINE.fullmatch(text.strip())
    if found is None or not found["alias"][0].isalpha():
        return None
    return found["name"].strip(), found["alias"]
