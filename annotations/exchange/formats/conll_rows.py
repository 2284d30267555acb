"""The lines of CoNLL columns: which hold a word and its tag, and of which scheme the tags are.

Knows neither documents nor layers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import Place
from annotations.corpora.readers.lines import lines_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Loss, lost
from annotations.text import gate

_DOCUMENT = re.compile(r"(?:-DOCSTART-(?=\s|$)|#\s*newdoc\b)(?:\s+id\s*=\s*(?P<id>.*))?")
_TEXT = re.compile(r"# ?text ?= ?(.*)")
_GLOBAL = re.compile(r"#\s*global\.columns\s*=\s*(.*)")
_TAG = re.compile(r"O|[BIELSU]-\S.*")
_SPACES = re.compile(r"[ \t]+")
_WORDS = frozenset(("token", "tokens", "word", "words", "form", "text"))
_TAGS = frozenset(
    ("tag", "tags", "ner", "ner_tag", "ner_tags", "ne", "label", "labels", "bio", "iob", "iob2")
)
OUTSIDE = "O"

Kind = Literal["row", "blank", "document", "text", "fault"]
Tag = tuple[str, str]
"""B, I, E, S or O, and the label."""


@dataclass(slots=True)
class Item:
    """What one line is. `words` are a row's word, a document's id or a sentence's text."""

    kind: Kind
    place: Place
    words: str = ""
    tag: str = OUTSIDE
    loss: Loss | None = None


class Columns:
    """Which columns hold the words and the tags, as far as the file was read."""

    def __init__(self) -> None:
        self.named = False
        self._begun = self._tabs = False
        self._count = 2
        self._word, self._tag = 0, -1

    def name(self, names: Sequence[str]) -> bool:
        """Take the names of the columns; whether one of words and one of tags is among them."""
        plain = [name.rpartition(":")[2].casefold() for name in names]
        words = [number for number, name in enumerate(plain) if name in _WORDS]
        tags = [number for number, name in enumerate(plain) if name in _TAGS]
        if words and tags:
            self._word, self._tag, self.named = words[0], tags[-1], True
            self._count = len(names)
        return self.named

    def is_comment(self, text: str) -> bool:
        """Whether the line begins with # and is no row of a word that does."""
        if not text.startswith("#"):
            return False
        cells = self._cells(text)
        whole = len(cells) == self._count and self._has_both(cells)
        return not (whole and is_tag(cells[self._tag]))

    def is_header(self, text: str) -> bool:
        return not (self._begun or self.named) and self.name(self._cells(text))

    def row(self, text: str, place: Place) -> Item:
        """The word and the tag of a line. The first one that has both decides what parts
        the columns."""
        cells = self._cells(text)
        if not self._has_both(cells):
            return Item("fault", place, loss=lost(place, "conll_line", line=text[:60]))
        if not self._begun:
            self._begun, self._tabs, self._count = True, "\t" in text, len(cells)
        tag, loss = cells[self._tag], self._ragged(text, len(cells), place)
        if not is_tag(tag):
            if not (self.named and tag == "_"):
                loss = lost(place, "conll_tag", tag=tag[:60])
            tag = OUTSIDE
        return Item("row", place, cells[self._word], tag, loss)

    def _cells(self, text: str) -> list[str]:
        if self._tabs or ("\t" in text and not self._begun):
            return [cell.strip(" ") for cell in text.rstrip("\t ").split("\t")]
        return _SPACES.split(text.strip(" \t"))

    def _has_both(self, cells: Sequence[str]) -> bool:
        return len(cells) > max(1, self._word, self._tag) and bool(cells[self._word])

    def _ragged(self, text: str, count: int, place: Place) -> Loss | None:
        """What is said of a row with more or fewer columns than the first one: where spaces part
        them, one may stand within a word."""
        if self._tabs or count == self._count:
            return None
        values = {"count": count, "expected": self._count}
        return lost(place, "conll_columns", kept=True, line=text[:60], **values)


def items(source: Source, encoding: Encoding, columns: Columns) -> Iterator[Item]:
    """What the lines of a file are, in order, without comments and the header."""
    for line in lines_of(source, encoding):
        place = Place(source.name, line.number, line.byte)
        text = line.text.rstrip("\r\n")
        if line.fault:
            yield Item("fault", place, loss=Loss(line.fault.place, line.fault.reason))
        elif not text.strip():
            yield Item("blank", place)
        elif text.startswith(("#", "-DOCSTART-")) and (said := _said(text, place, columns)):
            yield said
        elif not columns.is_comment(text) and not columns.is_header(text):
            yield columns.row(text, place)


def _said(text: str, place: Place, columns: Columns) -> Item | None:
    """What a line says that is no row, if it says anything to us."""
    if found := _DOCUMENT.match(text):
        return Item("document", place, (found["id"] or "").strip())
    if found := _TEXT.match(text):
        return Item("text", place, found[1])
    if found := _GLOBAL.match(text):
        columns.name(found[1].split())
    return None


# --- tags -------------------------------------------------------------------------------------


@lru_cache(maxsize=1_000)
def is_tag(tag: str) -> bool:
    return bool(_TAG.fullmatch(tag)) and gate.refusal(tag) is None


@lru_cache(maxsize=1_000)
def parsed(tag: str) -> Tag:
    mark, _, label = tag.partition("-")
    return {"L": "E", "U": "S"}.get(mark, mark), label


def continues(tag: Tag, before: Tag) -> bool:
    """Whether the tag goes on with the span that the one before it is in."""
    return tag[0] in "IE" and before[0] in "BI" and tag[1] == before[1]


class Looked:
    """What the tags of a file are like; `rows` and those `tagged` with anything, O too."""

    def __init__(self) -> None:
        self.rows = self.tagged = 0
        self._begun_by_i = self._begun_by_b = self._closed = 0
        self._before = parsed(OUTSIDE)

    @property
    def is_iob1(self) -> bool:
        return self._begun_by_i > self._begun_by_b and not self._closed

    def take(self, item: Item) -> None:
        if item.kind in ("row", "fault"):
            self.rows += 1
            self.tagged += item.kind == "row" and (item.loss is None or item.loss.kept)
        if item.kind == "fault":
            return
        mark, label = tag = parsed(item.tag)
        self._closed += mark in "ES"
        self._begun_by_i += mark == "I" and not continues(tag, self._before)
        self._begun_by_b += mark == "B" and label != self._before[1]
        self._before = tag
