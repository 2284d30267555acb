"""What is looked at of a run: the words of an address, of a program or of the shell in, a choice out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, TypeVar

from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import VARIANTS
from annotations.agreement.parts import Dimension, Part, Where, moment_of
from annotations.schema.spec import Spec

NO_WORD = " "
"""How one asks for articles without a source, or without a week: an empty word asks for all."""
FILTERS = ("label", "variant", "pair", "source", "language", "batch", "week")

By = Dimension | Literal["version"]
BY: tuple[By, ...] = ("week", "batch", "version", "source", "language")

Word = TypeVar("Word", bound=str)


class NoSuchSpans(ValueError):
    """What is asked for no campaign of this schema has."""


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of chance: to tell every part from the rest; or the part of the word `first` from
    that of the word `second`, or from the rest where that is empty."""

    first: str = ""
    second: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Self | None:
        """Return what is asked, None where nothing is. Raises NoSuchSpans."""
        first, second = told.get("first", ""), told.get("second", "")
        wanted = one_of(told.get("test", ""), ("", "each", "two"))
        if wanted == "two" and not first:
            raise NoSuchSpans(wanted)
        return cls(first, second) if wanted == "two" else cls() if wanted else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which label (None: all), by which measure, of which part; `words`: the same as it was told."""

    label: str | None
    variant: str
    where: Where
    test: Test | None
    words: Mapping[str, str]

    @classmethod
    def of(cls, told: Mapping[str, str], spec: Spec) -> Self:
        """Return what is asked for. Raises NoSuchSpans."""
        label, variant = told.get("label") or None, told.get("variant") or "exact"
        if variant not in VARIANTS or (label and spec.label(label) is None):
            raise NoSuchSpans(variant)
        words = {word: value for word in FILTERS if (value := told.get(word))}
        return cls(label, variant, where(told), Test.of(told), words | {"variant": variant})

    def labels(self, spec: Spec) -> list[str]:
        """Return the labels that are looked at, of this version of the schema."""
        return [self.label] if self.label else [each.key for each in spec.labels]


def where(told: Mapping[str, str]) -> Where:
    """Return which part of the campaign is asked for. Raises NoSuchSpans."""
    article, week, batch = (told.get(word, "") for word in ("article", "week", "batch"))
    if article and not (article.isascii() and article.isdigit()):
        raise NoSuchSpans(article)
    try:
        monday = date.fromisoformat(week) if week else None
        loaded = moment_of(batch) if batch else None
    except ValueError as error:
        raise NoSuchSpans(week or batch) from error
    source, language = told.get("source") or None, told.get("language") or None
    part = Part(
        source="" if source == NO_WORD else source,
        language=language,
        batch=batch if loaded else None,
        week=monday,
    )
    return Where(_pair(told.get("pair", "")), int(article[:18]) if article else None, part)


def one_of(word: str, known: Iterable[Word]) -> Word:
    """Return the one of these words that is asked for. Raises NoSuchSpans."""
    for each in known:
        if each == word:
            return each
    raise NoSuchSpans(word)


def word_of(key: str | date | None) -> str:
    """Return the word of a week, batch, source, language or campaign."""
    return key.isoformat() if isinstance(key, date) else key or NO_WORD


def _pair(written: str) -> Names | None:
    """The names of two annotators, a blank between them, which no name has."""
    names = sorted(written.split())
    if len(names) not in (0, 2):
        raise NoSuchSpans(written)
    return (names[0], names[1]) if names else None
