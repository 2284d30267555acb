"""An article with what others tagged in it: what every format that is not ours is read into. Pure.

Readers know a format, not a schema: labels, attributes and types stand here as the file names them
(`annotations.exchange.mapping` says what becomes of each). Offsets are code points of the text.
A reader is ``read(sources) -> Iterator[Found]``: it yields each article, or the refusal of one, in
order and streaming, and never raises for what a file holds.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reason,
    UnfitError,
)
from annotations.corpora.readers.fields import draft
from annotations.text.fragments import Fragments

Value = str | bool
Attributes = Mapping[str, Value]

MAX_NAME = 200
"""Code points of an id, a label, a name of an attribute or of a type; the rest is cut off."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a span is linked to in a list elsewhere, as ("Wikidata", "Q42", "Douglas Adams")."""

    database: str
    key: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the file says and Kutip cannot hold as it is. `kept` tells whether the thing is there
    all the same, only changed."""

    place: Place
    reason: Reason
    kept: bool = False


@dataclass(slots=True)
class TaggedSpan:
    """A span as the file has it; its fragments are ordered, disjoint and inside the text."""

    id: str
    label: str
    fragments: Fragments
    attributes: dict[str, Value] = field(default_factory=dict)
    reference: Reference | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TaggedRelation:
    """From one span of the layer to another, by their ids."""

    id: str
    type: str
    source: str
    target: str
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class TaggedLayer:
    """What one annotator tagged in one article. `notes` are about the article."""

    annotator: str
    spans: dict[str, TaggedSpan] = field(default_factory=dict)
    relations: dict[str, TaggedRelation] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Annotated:
    """One article, the layers over it, and what of them could not be read. The same text may come
    again with layers of others: whoever loads brings them together by the text."""

    draft: ArticleDraft
    layers: Sequence[TaggedLayer]
    losses: Sequence[Loss] = ()


Found = Annotated | LineRefusal


class Tagging:
    """One layer while it is read: takes what can stand on the text, and says what cannot.

    `losses` is shared by the layers of one article. Nothing is snapped, guessed or repaired beyond
    what the methods say.
    """

    def __init__(self, annotator: str, text: str, losses: list[Loss]) -> None:
        self.layer = TaggedLayer(annotator[:MAX_NAME])
        self._text = text
        self._losses = losses
        self._edges: set[tuple[str, str, str]] = set()

    def span(
        self,
        id: str,
        label: str,
        fragments: Iterable[tuple[int, int]],
        place: Place,
        *,
        said: str | None = None,
        attributes: Attributes | None = None,
    ) -> TaggedSpan | None:
        """A span is in the layer, or the losses say why not (then None).

        Fragments may come in any order; those that overlap or touch are one. What reaches over the
        end of the text is cut off (a loss that is kept); a fragment that covers nothing is left
        out, a span that covers nothing is lost. `said` is the text that the file says is covered:
        where it differs (white space aside) the offsets are believed, and a kept loss says so.
        """
        try:
            span = self._span(id, label, list(fragments), place, said)
        except UnfitError as unfit:
            self._losses.append(Loss(place, unfit.reason))
            return None
        span.attributes.update(attributes or {})
        return span

    def relation(
        self,
        id: str,
        type: str,
        source: str,
        target: str,
        place: Place,
        *,
        attributes: Attributes | None = None,
    ) -> TaggedRelation | None:
        """A relation is in the layer, or the losses say why not (then None): an end that is no span
        of this layer, a relation from a span to itself, an id or the same relation given twice.
        To be called once all spans are there.
        """
        try:
            relation = self._relation(id, type, source, target)
        except UnfitError as unfit:
            self._losses.append(Loss(place, unfit.reason))
            return None
        relation.attributes.update(attributes or {})
        return relation

    def lose(self, place: Place, code: str, *, kept: bool = False, **values: str | int) -> None:
        """The losses say that something could not be taken as the file has it."""
        self._losses.append(Loss(place, UnfitError(code, 0, **values).reason, kept))

    def _span(
        self, id: str, label: str, wanted: list[tuple[int, int]], place: Place, said: str | None
    ) -> TaggedSpan:
        shown = f"{label} {id}".strip()[:MAX_NAME]
        if not label.strip():
            raise UnfitError("tagged_unlabelled", span=shown)
        if id in self.layer.spans:
            raise UnfitError("tagged_id_twice", id=shown)
        if any(start < 0 or start > end for start, end in wanted):
            raise UnfitError("tagged_backwards", span=shown)
        length = len(self._text)
        if any(end > length for _, end in wanted):
            self.lose(place, "tagged_cut", kept=True, span=shown, length=length)
        inside = _joined(wanted, length)
        if not inside:
            raise UnfitError("tagged_empty", span=shown)
        if said is not None and not self._says(inside, said):
            self.lose(place, "tagged_text_differs", kept=True, span=shown, said=said[:80])
        self.layer.spans[id] = TaggedSpan(id, label[:MAX_NAME], inside)
        return self.layer.spans[id]

    def _relation(self, id: str, type: str, source: str, target: str) -> TaggedRelation:
        shown = f"{type} {id}".strip()[:MAX_NAME]
        missing = [end for end in (source, target) if end not in self.layer.spans]
        if missing:
            raise UnfitError("tagged_dangling", relation=shown, missing=missing[0][:MAX_NAME])
        if source == target:
            raise UnfitError("tagged_loop", relation=shown)
        if id in self.layer.relations:
            raise UnfitError("tagged_id_twice", id=shown)
        if (type, source, target) in self._edges:
            raise UnfitError("tagged_relation_twice", relation=shown)
        self._edges.add((type, source, target))
        self.layer.relations[id] = TaggedRelation(id, type[:MAX_NAME], source, target)
        return self.layer.relations[id]

    def _says(self, fragments: Fragments, said: str) -> bool:
        covered = "".join(self._text[start:end] for start, end in fragments)
        return "".join(covered.split()) == "".join(said.split())


def _joined(wanted: list[tuple[int, int]], length: int) -> Fragments:
    """In order, within the text, without those that cover nothing; those that meet are one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(wanted):
        end = min(stop, length)
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def annotator_of(name: str, otherwise: str) -> str:
    """Who tagged the file of this name: the folder it lies in, in its archive or alone."""
    folder = PurePosixPath(name).parent
    return otherwise if folder.suffix.lower() == ".zip" else folder.name or otherwise


class Utf16:
    """Offsets that count UTF-16 units, as JavaScript and Java do, turned into code points."""

    def __init__(self, text: str) -> None:
        wide = (offset for offset, character in enumerate(text) if ord(character) > 0xFFFF)
        self._ends = [offset + before + 2 for before, offset in enumerate(wide)]

    def code_points(self, units: int) -> int:
        """How many code points come before this unit; within a surrogate pair, before the pair."""
        before = bisect_right(self._ends, units)
        splits = before < len(self._ends) and self._ends[before] - 1 == units
        return units - before - splits


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a file says that something stands, in its own units, and the words it says stand
    there, if it says so."""

    start: int
    end: int
    said: str | None = None


def counts_utf16(text: str, bounds: Sequence[Bounds]) -> bool:
    """Whether these bounds count UTF-16 units, as programs in a browser often do, and not code
    points: more of them then cover the words that are said to stand there, or, where nothing is
    said, begin and end where words do. Where both fit alike they count code points."""
    if text.isascii() or not any(ord(character) > 0xFFFF for character in text):
        return False
    utf16 = Utf16(text)
    points = sum(_fits(text, one.start, one.end, one.said) for one in bounds)
    units = sum(
        _fits(text, utf16.code_points(one.start), utf16.code_points(one.end), one.said)
        for one in bounds
    )
    return units > points


def _fits(text: str, start: int, end: int, said: str | None) -> bool:
    if not 0 <= start < end <= len(text):
        return False
    if said is not None:
        return text[start:end] == said
    blank = text[start].isspace() or text[end - 1].isspace()
    return not (blank or _splits_word(text, start) or _splits_word(text, end))


def _splits_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def article(
    record: Mapping[str, object], place: Place, encoding: str, losses: list[Loss]
) -> ArticleDraft:
    """The article of a record that another tool wrote. Raises UnfitError where its text is none;
    other fields that cannot be a field here stand in the metadata, and where even that cannot be,
    are left out: the losses say so."""
    try:
        return draft(record, place, encoding)
    except UnfitError as unfit:
        losses.append(Loss(place, unfit.reason, kept=True))
    bare = {"text": record.get("text")}
    rest = {name: value for name, value in record.items() if name != "text"}
    try:
        return draft(bare | {"metadata": rest}, place, encoding)
    except UnfitError:
        return draft(bare, place, encoding)
