"""doccano: JSONL or JSON, an object for each text, in each of the shapes that doccano has written.

With relations: `entities` ({id, label, start_offset, end_offset}) and `relations` ({id, from_id,
to_id, type}); without: `label` or `labels` ([[start, end, label], ...]). doccano's editor counted
UTF-16 units in some projects and code points in others, and its files do not say which: each
article is read as its spans fit its words better (`counts_utf16`).

Who tagged it is said by `annotator` or `username`, else by the name of the file, as doccano writes
one file for each user.
"""

from collections.abc import Iterator, Mapping, Sequence

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Item, objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Bounds,
    Found,
    Loss,
    Tagging,
    Utf16,
    article,
    counts_utf16,
)

ENDINGS = (".jsonl", ".json", ".ndjson")

Span = tuple[str, str, tuple[int, int]]
"""An id, a label, and where it stands in the file's own units."""

_OURS = frozenset(
    (
        "text",
        "data",
        "label",
        "labels",
        "entities",
        "relations",
        "Comments",
        "annotator",
        "username",
    )
)


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with the layer over it."""
    for source in sources:
        if source.suffix in ENDINGS:
            for item in objects_of(source):
                yield _found(item, source.stem)


def _found(item: Item, stem: str) -> Found:
    if item.value is None:
        reason = (item.fault or UnfitError("json_not_object")).reason
        return LineRefusal(item.place, reason, item.encoding)
    losses: list[Loss] = []
    record = item.value
    kept = {name: value for name, value in record.items() if name not in _OURS}
    kept["text"] = record.get("text", record.get("data"))
    try:
        draft = article(kept, item.place, item.encoding, losses)
    except UnfitError as unfit:
        return LineRefusal(item.place, unfit.reason, item.encoding)
    named = record.get("annotator", record.get("username"))
    tagging = Tagging(named if isinstance(named, str) and named else stem, draft.text, losses)
    _Layer(tagging, item.place).read(record, draft.text)
    return Annotated(draft, [tagging.layer], losses)


class _Layer:
    def __init__(self, tagging: Tagging, place: Place) -> None:
        self._tagging, self._place = tagging, place

    def read(self, record: Mapping[str, object], text: str) -> None:
        spans = self._spans(record)
        utf16 = (
            Utf16(text) if counts_utf16(text, [Bounds(*bounds) for _, _, bounds in spans]) else None
        )
        if utf16:
            self._tagging.lose(self._place, "offsets_utf16", kept=True)
        for id, label, (start, end) in spans:
            bounds = (utf16.code_points(start), utf16.code_points(end)) if utf16 else (start, end)
            self._tagging.span(id, label, [bounds], self._place)
        for relation in _list(record.get("relations")):
            self._relation(relation)
        for comment in _list(record.get("Comments")):
            if isinstance(comment, str) and comment.strip():
                self._tagging.layer.notes.append(comment)

    def _spans(self, record: Mapping[str, object]) -> list[Span]:
        triples = record.get("label", record.get("labels"))
        given = [*_list(record.get("entities")), *_list(triples)]
        found = [(_span(one, number), one) for number, one in enumerate(given)]
        for span, one in found:
            if span is None:
                self._tagging.lose(self._place, "json_odd_span", span=str(one)[:80])
        return [span for span, _ in found if span]

    def _relation(self, one: object) -> None:
        known = one if isinstance(one, dict) else {}
        id, kind, source, target = (known.get(name) for name in ("id", "type", "from_id", "to_id"))
        if source is None or target is None or not isinstance(kind, str):
            self._tagging.lose(self._place, "json_odd_relation", relation=str(one)[:80])
            return
        name = f"R{id}" if id is not None else f"{kind}:{source}:{target}"
        self._tagging.relation(name, kind, str(source), str(target), self._place)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _span(one: object, number: int) -> Span | None:
    """A span in either shape; one without an id is known by its place in the list."""
    if isinstance(one, dict):
        id = str(one.get("id", f"n{number}"))
        start, end, label = (one.get(name) for name in ("start_offset", "end_offset", "label"))
    elif isinstance(one, list) and len(one) == 3:
        id, (start, end, label) = f"n{number}", one
    else:
        return None
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        return None
    return id, label, (start, end)
