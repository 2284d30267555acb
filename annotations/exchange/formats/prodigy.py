"""spaCy and Prodigy: an object on each line with `text` and `spans` ({start, end, label}), whose
offsets count code points; `relations` go from one span to another, which `head_span` and
`child_span` say. `entities` as [[start, end, label], ...] are read as spans, too, and so is what
spaCy was trained with before: [text, {"entities": [[start, end, label], ...]}], on lines or in an
array; and what `Doc.to_json` gives: `ents`, and `spans` in groups by their names.

Of what Prodigy asked, only what was accepted is read. `_annotator_id`, else `_session_id`, says who
tagged it, else the name of the file does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Item, values_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Annotated, Found, Loss, Tagging, article, listed

ENDINGS = (".jsonl", ".json", ".ndjson")

_MARKS = ("spans", "entities", "ents")
_OURS = frozenset((*_MARKS, "text", "relations", "tokens", "answer", "meta"))


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with the layer over it; one that was not accepted is lost, and named."""
    for source in sources:
        if source.suffix in ENDINGS:
            for item in values_of(source):
                yield _found(item, source.stem)


def record_of(value: object) -> Mapping[str, object] | None:
    """The object that is, or that spaCy's pair of a text and its entities stands for."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and len(value) == 2:
        text, known = value
        if isinstance(text, str) and isinstance(known, dict):
            return known | {"text": text}
    return None


def _found(item: Item[object], stem: str) -> Found:
    record = record_of(item.value)
    if record is None:
        return item.refused()
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
    if meta is not None and not isinstance(meta, dict):
        about["meta"] = meta
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
        self._at: dict[tuple[int, int, object], str] = {}

    def read(self, record: Mapping[str, Any]) -> None:
        for number, one in enumerate(_marks(record)):
            self._span(one, number)
        for number, one in enumerate(listed(record.get("relations"))):
            self._relation(one, number)

    def _span(self, one: object, number: int) -> None:
        known: Mapping[str, object] = one if isinstance(one, dict) else _triple(one)
        id, start, end, label = (known.get(name) for name in ("id", "start", "end", "label"))
        if type(start) is not int or type(end) is not int or not isinstance(label, str):
            self._tagging.lose(self._place, "json_odd_span", span=str(one)[:80])
            return
        name = f"s{number}" if id in (None, "") else str(id)
        if self._tagging.span(name, label, [(start, end)], self._place):
            self._at.setdefault((start, end, label), name)
            self._at.setdefault((start, end, None), name)

    def _relation(self, one: object, number: int) -> None:
        """Its ends are the spans that stand where `head_span` and `child_span` say: of several
        there, the one with the label that they name."""
        known = one if isinstance(one, dict) else {}
        label = known.get("label")
        source, target = (self._end(known.get(name)) for name in ("head_span", "child_span"))
        if not isinstance(label, str) or source is None or target is None:
            self._tagging.lose(self._place, "json_odd_relation", relation=str(one)[:80])
            return
        self._tagging.relation(f"r{number}", label, source, target, self._place)

    def _end(self, end: object) -> str | None:
        if not isinstance(end, dict):
            return None
        start, stop, label = end.get("start"), end.get("end"), end.get("label")
        if type(start) is not int or type(stop) is not int:
            return None
        by_place = self._at.get((start, stop, None), f"{start}-{stop}")
        return self._at.get((start, stop, label), by_place) if isinstance(label, str) else by_place


def _marks(record: Mapping[str, object]) -> list[object]:
    """All that is tagged: what the first of these keys holds that holds anything."""
    given = next((record[name] for name in _MARKS if record.get(name)), None)
    if isinstance(given, dict) and given.keys().isdisjoint(("start", "end")):
        return [one for group in given.values() for one in listed(group)]
    return listed(given)


def _triple(one: object) -> Mapping[str, object]:
    if not isinstance(one, list) or len(one) != 3:
        return {}
    return dict(zip(("start", "end", "label"), one, strict=True))
