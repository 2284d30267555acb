"""spaCy and Prodigy: an object on each line with `text` and `spans` ({start, end, label}), whose
offsets count code points; `relations` go from one token or span to another (`head_span`,
`child_span`). `entities` as [[start, end, label], ...] are read as spans, too.

Of what Prodigy asked, only what was accepted is read. `_annotator_id`, else `_session_id`, says who
tagged it, else the name of the file does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Item, objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Annotated, Found, Loss, Tagging, article

ENDINGS = (".jsonl", ".json", ".ndjson")

_OURS = frozenset(("text", "spans", "relations", "tokens", "answer", "meta", "entities"))


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with the layer over it; one that was not accepted is lost, and named."""
    for source in sources:
        if source.suffix in ENDINGS:
            for item in objects_of(source):
                yield _found(item, source.stem)


def _found(item: Item, stem: str) -> Found:
    if item.value is None:
        reason = (item.fault or UnfitError("json_not_object")).reason
        return LineRefusal(item.place, reason, item.encoding)
    record = item.value
    answer = record.get("answer", "accept")
    if answer != "accept":
        reason = UnfitError("prodigy_answer", answer=str(answer)[:40]).reason
        return LineRefusal(item.place, reason, item.encoding)
    losses: list[Loss] = []
    try:
        draft = article(_described(record), item.place, item.encoding, losses)
    except UnfitError as unfit:
        return LineRefusal(item.place, unfit.reason, item.encoding)
    named = record.get("_annotator_id") or record.get("_session_id")
    tagging = Tagging(named if isinstance(named, str) else stem, draft.text, losses)
    _Layer(tagging, item.place).read(record)
    return Annotated(draft, [tagging.layer], losses)


def _described(record: Mapping[str, object]) -> dict[str, object]:
    """What is known of the article: not what Prodigy needs for itself, whose names begin with "_"."""
    meta = record.get("meta")
    about: dict[str, object] = dict(meta) if isinstance(meta, dict) else {}
    about |= {
        name: value
        for name, value in record.items()
        if name not in _OURS and not name.startswith("_")
    }
    about.pop("unaligned", None)
    return about | {"text": record.get("text")}


class _Layer:
    def __init__(self, tagging: Tagging, place: Place) -> None:
        self._tagging, self._place = tagging, place
        self._at: dict[tuple[int, int], str] = {}

    def read(self, record: Mapping[str, Any]) -> None:
        spans = record.get("spans") or record.get("entities")
        for number, one in enumerate(spans if isinstance(spans, list) else []):
            self._span(one, number)
        relations = record.get("relations")
        for number, one in enumerate(relations if isinstance(relations, list) else []):
            self._relation(one, number)

    def _span(self, one: object, number: int) -> None:
        known: Mapping[str, object] = one if isinstance(one, dict) else _triple(one)
        start, end, label = (known.get(name) for name in ("start", "end", "label"))
        if type(start) is not int or type(end) is not int or not isinstance(label, str):
            self._tagging.lose(self._place, "json_odd_span", span=str(one)[:80])
            return
        id = str(known.get("id", f"s{number}"))
        if self._tagging.span(id, label, [(start, end)], self._place):
            self._at.setdefault((start, end), id)

    def _relation(self, one: object, number: int) -> None:
        """Its ends are the spans that stand where `head_span` and `child_span` say."""
        known = one if isinstance(one, dict) else {}
        ends = [_bounds(known.get(name)) for name in ("head_span", "child_span")]
        label = known.get("label")
        if not isinstance(label, str) or None in ends:
            self._tagging.lose(self._place, "json_odd_relation", relation=str(one)[:80])
            return
        source, target = (self._at.get(end or (-1, -1), f"{end}") for end in ends)
        self._tagging.relation(f"r{number}", label, source, target, self._place)


def _triple(one: object) -> Mapping[str, object]:
    if not isinstance(one, list) or len(one) != 3:
        return {}
    return dict(zip(("start", "end", "label"), one, strict=True))


def _bounds(end: object) -> tuple[int, int] | None:
    if not isinstance(end, dict):
        return None
    start, stop = end.get("start"), end.get("end")
    return (start, stop) if type(start) is int and type(stop) is int else None
