"""What of an article is looked up: its words, and what is known of it, each as one lexeme.

Lexemes that begin with ``#`` are no words: they hold a field (``#source=kompas``), or the shelf or
the bookcase, the stretches of a corpus in which the article stands. So one index answers all of them
together.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from annotations.text.names import fold
from annotations.text.tokens import folded, is_unparted


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a corpus is parted: articles stand together whose keys are equal but for the last bits."""

    name: str
    bits: int

    def number(self, article_id: int) -> int:
        """Return in which one an article stands."""
        return article_id >> self.bits

    def lexeme(self, corpus_id: int, number: int) -> str:
        return f"#{self.name}={corpus_id}.{number}"


SHELF, BOOKCASE = Stretch("shelf", 12), Stretch("bookcase", 16)
"""Where a frequent word is looked for, and where a rare one is: the index goes through the shorter
of two lists, all articles of a shelf or all that have the word."""

LONGEST = 60
"""Code points of a lexeme; what is longer is cut, in articles and in queries alike."""

MOST_BYTES = 900_000
"""What PostgreSQL takes in one tsvector is a megabyte, signs of its own included."""

STEM = "~"
"""Goes before the stem of a word: no word begins with it."""


def forms(run: str) -> Iterator[str]:
    """Yield by what a run of a text (see `tokens.runs`) is found: the folded word; of a script that
    does not part its words the characters and their pairs."""
    yield from map(folded, pieces(run) if is_unparted(run) else (run[:LONGEST],))


def pieces(run: str) -> Iterator[str]:
    """Yield the characters of a run and the pairs of neighbours."""
    word = folded(run) if len(run) <= LONGEST else fold(run)
    yield from word
    yield from (first + second for first, second in pairwise(word))


def places(corpus_id: int, article_id: int) -> Iterator[str]:
    """Yield the shelf and the bookcase of an article."""
    for stretch in (SHELF, BOOKCASE):
        yield stretch.lexeme(corpus_id, stretch.number(article_id))


@lru_cache(maxsize=4_096)  # thousands of articles are of one source, and a hundred of one author
def field(name: str, value: str) -> str:
    """Return the lexeme of a field's value. Values are compared folded; long ones by a digest."""
    known = fold(value)
    if len(known) > LONGEST:
        known = hashlib.blake2b(known.encode(), digest_size=16).hexdigest()
    return f"#{name}={known}"


def days(published: datetime | None) -> Iterator[str]:
    """Yield the year and the month of a day of publication (UTC)."""
    if published is not None:
        yield f"#year={published.year}"
        yield f"#month={published.year}-{published.month:02}"


def quoted(lexeme: str) -> str:
    """Return a lexeme as it is written in a tsquery."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
