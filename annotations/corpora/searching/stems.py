"""The stems of words, by PostgreSQL's own dictionaries; and the words nobody looks for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from django.db import connection

from annotations.corpora.searching.lexemes import STEM
from annotations.text.tokens import folded

_WORDS = files("annotations.corpora.searching") / "words"
_REMEMBERED, _WRITTEN = 300_000, 131_072
_DICTIONARIES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_STEMS = "SELECT ts_lexize(%s::regdictionary, word) FROM unnest(%s::text[]) WITH ORDINALITY w(word, n) ORDER BY n"
_known: dict[str, dict[str, str | None]] = {}
_written: dict[str, dict[str, str]] = {}


def base(language: str) -> str:
    """Return the language of a tag: ``id`` of ``id-ID``."""
    return language.replace("_", "-").partition("-")[0].lower()


def stems(language: str, words: Iterable[str]) -> Mapping[str, str | None]:
    """Return the stem of each folded word, at least of those asked for; None for a stop word.

    The word itself where PostgreSQL has no dictionary of the language. One query for the words
    that this process has not met before, none when there are none.
    """
    tag = base(language)
    known = _known.setdefault(tag, {})
    if len(known) > _REMEMBERED:
        known.clear()
    fresh = [word for word in words if word not in known]
    if fresh:
        stops = _stop_words(tag)
        for word, stem in zip(fresh, _lexized(tag, fresh), strict=True):
            known[word] = None if word in stops else stem
    return known


def met(language: str, words: Collection[str]) -> tuple[list[str | None], Sequence[str]]:
    """Return how each word stands in a tsvector, as `written` has said before; and those of which it
    has not, for which there is None. No query, so that a thread may ask while another writes."""
    known = _written.get(base(language), {})
    lexemes = [*map(known.get, words)]
    fresh = [word for word, lexeme in zip(words, lexemes, strict=True) if lexeme is None]
    return lexemes, fresh


def written(language: str, words: Collection[str]) -> Mapping[str, str]:
    """Return how each word, folded or not, stands in a tsvector, at least of those asked for: the
    folded word, and its stem where that is another word. Queries as `stems`."""
    known = _written.setdefault(base(language), {})
    if len(known) > _WRITTEN:
        known.clear()
    fresh = {word: folded(word) for word in words if word not in known}
    roots = stems(language, dict.fromkeys(fresh.values()))
    for word, form in fresh.items():
        root = roots[form]
        known[word] = form if root is None or root == form else f"{form} {STEM}{root}"
    return known


def _lexized(tag: str, words: Sequence[str]) -> Sequence[str | None]:
    dictionary = f"{_DICTIONARIES.get(tag, '')}_stem"
    with connection.cursor() as cursor:
        if dictionary not in _dictionaries():
            return words
        cursor.execute(_STEMS, [dictionary, list(words)])
        rows = [found for (found,) in cursor.fetchall()]
    return [found[0] if found else None for found in rows]


@cache
def _dictionaries() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dictname FROM pg_ts_dict")
        return frozenset(name for (name,) in cursor.fetchall())


@cache
def _stop_words(tag: str) -> frozenset[str]:
    file = _WORDS / f"stop.{tag}.txt"
    if not file.is_file():
        return frozenset()
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
