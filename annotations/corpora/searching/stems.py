"""The stems of words, by PostgreSQL's own dictionaries; and the words nobody looks for."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from django.db import connection

_WORDS = files("annotations.corpora.searching") / "words"
_REMEMBERED = 300_000
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
_STEMS = """
SELECT (ts_lexize(%s::regdictionary, word))[1]
  FROM unnest(string_to_array(%s, ' ')) WITH ORDINALITY told(word, n) ORDER BY n"""
_known: dict[str, dict[str, str | None]] = {}


@lru_cache(maxsize=1_024)
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
        known.update(zip(fresh, asked(tag, fresh), strict=True))
    return known


def asked(tag: str, words: Sequence[str]) -> list[str | None]:
    """As `stems`, by the base of a language; of words that nobody need remember. One query."""
    stops = _stop_words(tag)
    stems = _lexized(tag, words)
    return [None if word in stops else stem for word, stem in zip(words, stems, strict=True)]


def _lexized(tag: str, words: Sequence[str]) -> Sequence[str | None]:
    dictionary = f"{_DICTIONARIES.get(tag, '')}_stem"
    with connection.cursor() as cursor:
        if dictionary not in _dictionaries():
            return words
        cursor.execute(_STEMS, [dictionary, " ".join(words)])
        return [stem for (stem,) in cursor.fetchall()]


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
