"""doccano: JSONL or JSON, an object for each text, in each of the shapes that doccano has written.

With relations: `entities` ({id, label, start_offset, end_offset}) and `relations` ({id, from_id,
to_id, type}); without: `label` or `labels` ([[start, end, label], ...]).

doccano's editor counted UTF-16 units in some projects and code points in others, and its files do
not say which. A file is of one project, so all of it is read the same way: as more of its spans
behind an emoji fit, that is, begin and end where words do, inside the text and at no half of a
surrogate pair (`fits`). Where neither fits more of them they count code points, and the first
article for which it matters says so. A file without such spans is read once, others twice. Files
of our own say what they count (`offset_unit`), and are believed.

Who tagged it is said by `annotator` or `username`, else by the name of the file, as doccano writes
one file for each user.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Record, objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Bounds,
    Found,
    Loss,
    Tagging,
    Utf16,
    article,
    fits,
    listed,
)
from annotations.exchange.records import OFFSET_UNIT

ENDINGS = (".jsonl", ".json", ".ndjson")

Span = tuple[str, str, tuple[int, int]]
"""An id, a label, and where it stands in the file's own units."""

_MARKS = ("entities", "label", "labels")
UNIT = "offset_unit"
"""The key by which a record says that its offsets count code points."""

_OURS = frozenset((*_MARKS, UNIT, "relations", "Comments"))


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with the layer over it."""
    for source in sources:
        if source.suffix in ENDINGS:
            yield from _File(source).found()


class _File:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._is_told = False

    def found(self) -> Iterator[Found]:
        return map(self._found, objects_of(self._source))

    def _found(self, item: Record) -> Found:
        if item.value is None:
            return item.refused()
        losses: list[Loss] = []
        record = item.value
        named = _annotator_key(record)
        ours = _OURS | {_text_key(record), named}
        kept = {name: value for name, value in record.items() if name not in ours}
        kept["text"] = record.get(_text_key(record))
        try:
            draft = article(kept, item.place, item.encoding, losses)
        except UnfitError as unfit:
            return LineRefusal(item.place, unfit.reason, item.encoding)
        annotator = str(record[named]) if named else self._source.stem
        tagging = Tagging(annotator, draft.text, losses)
        utf16 = self._unit(tagging, record, draft.text, item.place)
        _Layer(tagging, item.place, utf16).read(record)
        return Annotated(draft, [tagging.layer], losses)

    def _unit(
        self, tagging: Tagging, record: Mapping[str, object], text: str, place: Place
    ) -> Utf16 | None:
        """What turns the offsets of this article into code points, where that changes them."""
        if record.get(UNIT) == OFFSET_UNIT:
            return None
        utf16 = Utf16(text)
        ends = [end for _, _, bounds in _spans(record) for end in bounds]
        if all(utf16.code_points(end) == end for end in ends):
            return None
        if self._counts_utf16:
            tagging.lose(place, "offsets_utf16", kept=True)
            return utf16
        if self._counts_utf16 is None and not self._is_told:
            self._is_told = True
            tagging.lose(place, "doccano_unit", kept=True)
        return None

    @cached_property
    def _counts_utf16(self) -> bool | None:
        """Whether the offsets count UTF-16 units; None where nothing in the file tells."""
        points = units = 0
        for item in objects_of(self._source):
            record = item.value or {}
            text = record.get(_text_key(record))
            if isinstance(text, str):
                bounds = [Bounds(*bounds) for _, _, bounds in _spans(record)]
                as_points, as_units = fits(text, bounds)
                points, units = points + as_points, units + as_units
        return None if points == units else units > points


class _Layer:
    def __init__(self, tagging: Tagging, place: Place, utf16: Utf16 | None) -> None:
        self._tagging, self._place, self._utf16 = tagging, place, utf16

    def read(self, record: Mapping[str, object]) -> None:
        for number, one in enumerate(_marks(record)):
            self._span(one, number)
        for relation in listed(record.get("relations")):
            self._relation(relation)
        for comment in listed(record.get("Comments")):
            self._comment(comment)

    def _span(self, one: object, number: int) -> None:
        span = _span(one, number)
        if span is None:
            self._tagging.lose(self._place, "json_odd_span", span=str(one)[:80])
            return
        id, label, (start, end) = span
        if self._utf16:
            start, end = self._utf16.code_points(start), self._utf16.code_points(end)
        self._tagging.span(id, label, [(start, end)], self._place)

    def _relation(self, one: object) -> None:
        known = one if isinstance(one, dict) else {}
        id, kind, source, target = (known.get(name) for name in ("id", "type", "from_id", "to_id"))
        if source is None or target is None or not isinstance(kind, str):
            self._tagging.lose(self._place, "json_odd_relation", relation=str(one)[:80])
            return
        name = f"R{id}" if id is not None else f"{kind}:{source}:{target}"
        self._tagging.relation(name, kind, str(source), str(target), self._place)

    def _comment(self, one: object) -> None:
        if not isinstance(one, str):
            self._tagging.lose(self._place, "doccano_comment", comment=str(one)[:80])
        else:
            self._tagging.note(one, self._place)


def _text_key(record: Mapping[str, object]) -> str:
    return "text" if record.get("text") is not None else "data"


def _annotator_key(record: Mapping[str, object]) -> str:
    """Which key names the annotator, or "" where none does."""
    names = (name for name in ("annotator", "username") if isinstance(record.get(name), str))
    return next((name for name in names if str(record[name]).strip()), "")


def _spans(record: Mapping[str, object]) -> list[Span]:
    found = (_span(one, number) for number, one in enumerate(_marks(record)))
    return [span for span in found if span]


def _marks(record: Mapping[str, object]) -> list[object]:
    return [one for name in _MARKS for one in listed(record.get(name))]


def _span(one: object, number: int) -> Span | None:
    """A span in either shape; one without an id is known by its place in the list."""
    id: object = None
    if isinstance(one, dict):
        id, start, end, label = (
            one.get(name) for name in ("id", "start_offset", "end_offset", "label")
        )
    elif isinstance(one, list) and len(one) == 3:
        start, end, label = one
    else:
        return None
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        return None
    return f"n{number}" if id is None else str(id), label, (start, end)
