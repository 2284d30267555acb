"""brat standoff: a text (`.txt`) and what was tagged in it (`.ann`), in one folder an annotator.

After the manual of brat (brat.nlplab.org/standoff.html). The text is UTF-8. brat opens it with
universal line ends: where it holds CRLF, offsets count each CRLF as one character, unless the words
in the annotations say that whoever wrote them counted two. A folder without a single `.ann` holds
articles nobody looked at; a text without one beside others was looked at, and is empty.

Events become relations: from the span of the trigger to that of each argument, named by its role
(`Theme2` is `Theme`, as in brat). Equivalences become relations from each member to the next.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath

from annotations.corpora.readers import plain
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Place, Reason
from annotations.corpora.readers.lines import lines_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Found,
    Loss,
    Reference,
    TaggedSpan,
    Tagging,
    Value,
    annotator_of,
)

NOBODY = "brat"
"""Who tagged what lies in no folder."""

_BEGINS = re.compile(r"[TEARMN#]\d*[^\t\s]*\t|\*\t")
_NUMBER = re.compile(r"\d+$")
_BOUNDS = re.compile(r"\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*")

Named = tuple[str, Value]


@dataclass(slots=True)
class _Mark:
    """One line of annotation: its id, what stands behind the first tab, what behind the second."""

    id: str
    body: str
    words: str | None
    place: Place


@dataclass(slots=True)
class _Marks:
    """The lines of a file by what they are."""

    spans: list[_Mark] = field(default_factory=list)
    events: list[_Mark] = field(default_factory=list)
    attributes: list[_Mark] = field(default_factory=list)
    relations: list[_Mark] = field(default_factory=list)
    same: list[_Mark] = field(default_factory=list)
    references: list[_Mark] = field(default_factory=list)
    notes: list[_Mark] = field(default_factory=list)

    def add(self, mark: _Mark) -> None:
        kinds: Mapping[str, list[_Mark]] = {
            "T": self.spans,
            "E": self.events,
            "A": self.attributes,
            "M": self.attributes,
            "R": self.relations,
            "*": self.same,
            "N": self.references,
            "#": self.notes,
        }
        kinds[mark.id[0]].append(mark)


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with its layer, in the order of their names; other files are passed over."""
    texts = {_stem(one): one for one in sources if one.suffix == ".txt"}
    marks = {_stem(one): one for one in sources if one.suffix == ".ann"}
    looked_into = {str(PurePosixPath(stem).parent) for stem in marks}
    for stem in sorted(marks.keys() - texts.keys()):
        yield marks[stem].refused(Reason("brat_no_text", {"name": f"{stem}.txt"[:200]}))
    for stem, source in sorted(texts.items()):
        for found in plain.read(Source(source.name, source.size, source.open, "utf-8")):
            if isinstance(found, LineRefusal):
                yield found
            elif str(PurePosixPath(stem).parent) in looked_into:
                yield _Reading(found, stem).annotated(marks.get(stem))
            else:
                yield Annotated(found, [])


def _stem(source: Source) -> str:
    return str(PurePosixPath(source.name).with_suffix(""))


class _Reading:
    """One text with its annotations."""

    def __init__(self, draft: ArticleDraft, stem: str) -> None:
        self._draft = draft
        self._losses: list[Loss] = []
        self._tagging = Tagging(annotator_of(stem, NOBODY), draft.text, self._losses)
        self._triggers: dict[str, str] = {}

    def annotated(self, source: Source | None) -> Annotated:
        if source is not None:
            self._read(self._marks(source))
        return Annotated(self._draft, [self._tagging.layer], self._losses)

    def _marks(self, source: Source) -> _Marks:
        """The lines; one that begins like none goes on where the words of the last one broke."""
        marks = _Marks()
        last: _Mark | None = None
        for line in lines_of(source, Encoding("utf-8")):
            place = Place(source.name, line.number, line.byte)
            text = line.text.rstrip("\r\n").removeprefix("\ufeff" if line.number == 1 else "")
            if line.fault:
                self._losses.append(Loss(place, line.fault.reason))
            elif _BEGINS.match(text):
                if last:
                    marks.add(last)
                id, body, *words = text.split("\t", 2)
                last = _Mark(id, body, words[0] if words else None, place)
            elif last and last.words is not None and text.strip():
                last.words += f"\n{text}"
            elif text.strip():
                self._tagging.lose(place, "brat_line", line=text[:60])
        if last:
            marks.add(last)
        return marks

    def _read(self, marks: _Marks) -> None:
        places = _offsets(self._draft.text, marks.spans)
        for mark in marks.spans:
            self._span(mark, places)
        for mark in marks.events:
            trigger = mark.body.split(" ", 1)[0].partition(":")[2]
            self._triggers[mark.id] = trigger
        for mark in marks.events:
            self._event(mark)
        for mark in marks.relations:
            self._relation(mark)
        for mark in marks.same:
            self._equal(mark)
        for mark in marks.attributes:
            self._attribute(mark)
        for mark in marks.references:
            self._reference(mark)
        for mark in marks.notes:
            self._note(mark)

    def _span(self, mark: _Mark, places: "_Places") -> None:
        label, _, bounds = mark.body.partition(" ")
        if not _BOUNDS.fullmatch(bounds):
            self._tagging.lose(mark.place, "brat_line", line=f"{mark.id} {mark.body}"[:60])
            return
        pieces = [places.piece(piece) for piece in bounds.split(";")]
        joined = _joined(pieces, self._draft.text)
        if len(joined) < len(pieces):
            self._tagging.lose(mark.place, "brat_joined", kept=True, span=f"{label} {mark.id}")
        self._tagging.span(mark.id, label, joined, mark.place, said=mark.words)

    def _event(self, mark: _Mark) -> None:
        for argument in mark.body.split()[1:]:
            role, _, target = argument.partition(":")
            self._join(
                mark, _NUMBER.sub("", role) or role, mark.id, target, f"{mark.id}:{argument}"
            )

    def _relation(self, mark: _Mark) -> None:
        words = mark.body.split()
        if len(words) != 3:
            self._tagging.lose(mark.place, "brat_line", line=f"{mark.id} {mark.body}"[:60])
            return
        source, target = (argument.partition(":")[2] for argument in words[1:])
        self._join(mark, words[0], source, target, mark.id)

    def _equal(self, mark: _Mark) -> None:
        words = mark.body.split()
        for one, other in pairwise(words[1:]):
            self._join(mark, words[0], one, other, f"*{words[0]}:{one}:{other}")

    def _join(self, mark: _Mark, kind: str, source: str, target: str, id: str) -> None:
        ends = (self._triggers.get(source, source), self._triggers.get(target, target))
        self._tagging.relation(id, kind, *ends, mark.place)

    def _attribute(self, mark: _Mark) -> None:
        name, target, value = [*mark.body.split(" ", 2), "", ""][:3]
        owner = self._owner(target) or self._tagging.layer.relations.get(target)
        if owner is None or not name:
            words = f"{mark.id} {name}".strip()[:60]
            self._tagging.lose(mark.place, "tagged_dangling", relation=words, missing=target[:60])
        else:
            owner.attributes[name] = value or True

    def _reference(self, mark: _Mark) -> None:
        kind, target, key = [*mark.body.split(" ", 2), "", ""][:3]
        span = self._owner(target)
        words = f"{mark.id} {kind}"[:60]
        if span is None or not key:
            self._tagging.lose(mark.place, "tagged_dangling", relation=words, missing=target[:60])
        elif span.reference is not None:
            self._tagging.lose(mark.place, "brat_reference", span=target, reference=key[:60])
        else:
            database, _, entry = key.partition(":")
            span.reference = Reference(database, entry or database, mark.words or "")

    def _note(self, mark: _Mark) -> None:
        """A note stands with its span, else with the layer, so that its words are kept."""
        words = (mark.words or "").strip()
        kind, _, target = mark.body.partition(" ")
        if not words:
            return
        span = self._owner(target)
        if kind != "AnnotatorNotes":
            words = f"{kind}: {words}"
        if span is not None:
            span.notes.append(words)
        else:
            self._tagging.layer.notes.append(f"{target}: {words}" if target else words)

    def _owner(self, id: str) -> TaggedSpan | None:
        return self._tagging.layer.spans.get(self._triggers.get(id, id))


class _Places:
    """Offsets of the file as offsets of the text: as they are, or each CRLF counted once."""

    def __init__(self, text: str, *, universal: bool) -> None:
        breaks = [found.start() for found in re.finditer("\r\n", text)] if universal else []
        self._before = [at - number for number, at in enumerate(breaks)]

    def offset(self, given: int) -> int:
        return given + bisect_left(self._before, given)

    def piece(self, bounds: str) -> tuple[int, int]:
        start, end = bounds.split()
        return self.offset(int(start)), self.offset(int(end))


def _offsets(text: str, spans: Sequence[_Mark]) -> _Places:
    """How the file counts: as more of its words say; where they do not tell, as brat does."""
    as_they_are, universal = (_Places(text, universal=one) for one in (False, True))
    if "\r\n" not in text:
        return as_they_are
    agree = [sum(_agrees(text, mark, one) for mark in spans) for one in (as_they_are, universal)]
    return as_they_are if agree[0] > agree[1] else universal


def _agrees(text: str, mark: _Mark, places: _Places) -> bool:
    bounds = mark.body.partition(" ")[2]
    if not mark.words or not _BOUNDS.fullmatch(bounds):
        return False
    start, end = places.piece(bounds.split(";")[0])
    return bool(text[start:end]) and mark.words.startswith(text[start:end])


def _joined(pieces: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """brat's editor cuts a span at every line break: what only a break (and the spaces around it)
    separates was one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        between = text[joined[-1][1] : start] if joined else ""
        if joined and between.isspace() and ("\n" in between or "\r" in between):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
