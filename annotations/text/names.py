"""Names: the form they are compared in, and the alias a text defines in brackets."""

import re
import unicodedata

_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟", '"') | dict.fromkeys("‘’‚‛ʼ", "'"))
_INLINE = re.compile(r"(?P<name>[^()（）]+?)\s*[(（]\s*(?P<alias>[^()（）]+?)\s*[)）]")


def fold(name: str) -> str:
    """Return the form in which two names are the same name.

    Composed, without case, single spaces, none at the ends, straight quotation marks. Folding
    twice changes nothing; the name itself is never replaced by its folded form.
    """
    # decomposed first: casefolding a composed iota subscript is not stable
    caseless = unicodedata.normalize("NFD", name.translate(_STRAIGHT)).casefold()
    return unicodedata.normalize("NFC", " ".join(caseless.split()))


def inline_alias(text: str) -> tuple[str, str] | None:
    """Return ``("Korea Utara", "Korut")`` for ``"Korea Utara (Korut)"``, else None.

    What stands in the brackets must begin with a letter: an age or a year is no alias.
    """
    found = _INLINE.fullmatch(text.strip())
    if found is None or not found["alias"][0].isalpha():
        return None
    return found["name"].strip(), found["alias"]
