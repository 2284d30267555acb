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
    shown,
)
from annotations.corpora.readers.fields import draft
from annotations.text.fragments import Fragments
from annotations.text.gate import refusal

Value = str | bool

MAX_NAME = 200
"""Code points of an id, a label, a name of an attribute or of a type; the rest is cut off."""


DATABASE = "Kutip"
"""What references of our own files lead to: entities by their UUIDs."""


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


def lost(place: Place, code: str, *, kept: bool = False, **values: str | int) -> Loss:
    """The loss of this code, with what its sentence needs."""
    return Loss(place, UnfitError(code, 0, **values).reason, kept)


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


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as a file has it, before all spans are known that it may join."""

    type: str
    source: str
    target: str
    place: Place
    values: Mapping[str, Value] = field(default_factory=dict)


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
    what the methods say. What no text may hold is spelled out in the annotator's name; a span or
    relation with it in its id or label is lost.
    """

    def __init__(self, annotator: str, text: str, losses: list[Loss]) -> None:
        name = shown(annotator) if refusal(annotator) else annotator
        self.layer = TaggedLayer(name[:MAX_NAME])
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
    ) -> TaggedSpan | None:
        """A span is in the layer, or the losses say why not (then None).

        Fragments may come in any order; those that overlap or touch are one. What reaches over the
        end of the text is cut off (a loss that is kept); a fragment that covers nothing is left
        out, a span that covers nothing is lost. `said` is the text that the file says is covered:
        where it differs (white space aside) the offsets are believed, and a kept loss says so.
        """
        try:
            return self._span(id, label, list(fragments), place, said)
        except UnfitError as unfit:
            self._losses.append(Loss(place, unfit.reason))
            return None

    def relation(
        self, id: str, type: str, source: str, target: str, place: Place
    ) -> TaggedRelation | None:
        """A relation is in the layer, or the losses say why not (then None): an end that is no span
        of this layer, a relation from a span to itself, an id or the same relation given twice.
        To be called once all spans are there.
        """
        try:
            return self._relation(id, type, source, target)
        except UnfitError as unfit:
            self._losses.append(Loss(place, unfit.reason))
            return None

    def join(self, links: Iterable[Link]) -> None:
        """Each link is a relation with its values, numbered as they come, or the losses say why
        not. To be called once all spans are there."""
        for number, link in enumerate(links):
            made = self.relation(str(number), link.type, link.source, link.target, link.place)
            if made is None:
                continue
            for name, value in link.values.items():
                self.attribute(made, name, value, link.place)

    def attribute(
        self, owner: "TaggedSpan | TaggedRelation", name: str, value: Value, place: Place
    ) -> None:
        """The owner has this value, or the losses say that no text may hold it."""
        if refusal(f"{name}{value}"):
            self.lose(place, "tagged_value", name=name[:MAX_NAME])
        else:
            owner.attributes[name[:MAX_NAME]] = value

    def note(self, words: str, place: Place, about: TaggedSpan | None = None) -> None:
        """A note stands on the span, or on the article, or the losses say that it cannot; one
        without words is none."""
        if refusal(words):
            self.lose(place, "tagged_value", name=words[:60])
        elif words.strip():
            (about or self.layer).notes.append(words)

    def lose(self, place: Place, code: str, *, kept: bool = False, **values: str | int) -> None:
        """The losses say that something could not be taken as the file has it."""
        self._losses.append(lost(place, code, kept=kept, **values))

    def _span(
        self, id: str, label: str, wanted: list[tuple[int, int]], place: Place, said: str | None
    ) -> TaggedSpan:
        called = f"{label} {id}".strip()[:MAX_NAME]
        _admit(called, label, id)
        if not label.strip():
            raise UnfitError("tagged_unlabelled", span=called)
        if id in self.layer.spans:
            raise UnfitError("tagged_id_twice", id=called)
        if any(start < 0 or start > end for start, end in wanted):
            raise UnfitError("tagged_backwards", span=called)
        length = len(self._text)
        if any(end > length for _, end in wanted):
            self.lose(place, "tagged_cut", kept=True, span=called, length=length)
        inside = _joined(wanted, length)
        if not inside:
            raise UnfitError("tagged_empty", span=called)
        if said is not None and not self._says(inside, said):
            self.lose(place, "tagged_text_differs", kept=True, span=called, said=said[:80])
        self.layer.spans[id] = TaggedSpan(id, label[:MAX_NAME], inside)
        return self.layer.spans[id]

    def _relation(self, id: str, type: str, source: str, target: str) -> TaggedRelation:
        called = f"{type} {id}".strip()[:MAX_NAME]
        _admit(called, type, id)
        missing = [end for end in (source, target) if end not in self.layer.spans]
        if missing:
            raise UnfitError("tagged_dangling", relation=called, missing=missing[0][:MAX_NAME])
        if source == target:
            raise UnfitError("tagged_loop", relation=called)
        if id in self.layer.relations:
            raise UnfitError("tagged_id_twice", id=called)
        if (type, source, target) in self._edges:
            raise UnfitError("tagged_relation_twice", relation=called)
        self._edges.add((type, source, target))
        self.layer.relations[id] = TaggedRelation(id, type[:MAX_NAME], source, target)
        return self.layer.relations[id]

    def _says(self, fragments: Fragments, said: str) -> bool:
        covered = "".join(self._text[start:end] for start, end in fragments)
        return "".join(covered.split()) == "".join(said.split())


def _admit(called: str, *names: str) -> None:
    for name in names:
        if refused := refusal(name):
            raise UnfitError("tagged_character", span=called, character=refused.character)


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


def listed(value: object) -> list[object]:
    """What a list of JSON holds; anything else counts as one thing, so that it is not passed over."""
    return value if isinstance(value, list) else [] if value is None else [value]


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
        return units - bisect_right(self._ends, units) - self.splits(units)

    def splits(self, units: int) -> bool:
        """Whether this unit is the second of a surrogate pair."""
        before = bisect_right(self._ends, units)
        return before < len(self._ends) and self._ends[before] - 1 == units


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
    points, units = fits(text, bounds)
    return units > points


def fits(text: str, bounds: Sequence[Bounds]) -> tuple[int, int]:
    """How many of these bounds fit the words if they count code points, and how many if they count
    UTF-16 units. Only those count that are not the same place in both."""
    if text.isascii() or not any(ord(character) > 0xFFFF for character in text):
        return 0, 0
    utf16 = Utf16(text)
    points = units = 0
    for one in bounds:
        start, end = utf16.code_points(one.start), utf16.code_points(one.end)
        if (start, end) == (one.start, one.end):
            continue
        points += may_cover(text, start=one.start, end=one.end, said=one.said)
        splits = utf16.splits(one.start) or utf16.splits(one.end)
        units += not splits and may_cover(text, start=start, end=end, said=one.said)
    return points, units


def may_cover(text: str, *, start: int, end: int, said: str | None = None) -> bool:
    """Whether these code points may be a span: inside the text, and the words that are said to
    stand there, or, where nothing is said, such as begin and end where words do."""
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
