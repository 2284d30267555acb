"""Label Studio: a JSON array of tasks, each with its text and the annotations of each annotator.

The text is the one under `data` that is called `text`, else the longest there. Offsets count code
points, but older versions wrote UTF-16 units: each annotation is read as its regions fit the words
they say they cover. A region with several labels is a span for each. Choices, ratings, numbers and
texts on a region are attributes called by the name of their control; those on the whole task become
notes. Relations without a label are of the type `relation`. The short form (JSON-MIN) is read, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Item, objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Bounds,
    Found,
    Loss,
    TaggedLayer,
    Tagging,
    Utf16,
    Value,
    article,
    counts_utf16,
)

NOBODY = "label-studio"
UNNAMED = "relation"

_LABELS = ("labels", "hypertextlabels")
_VALUES = ("choices", "rating", "number", "text", "taxonomy", "datetime")


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each task with the layers over it."""
    for source in sources:
        if source.suffix == ".json":
            for item in objects_of(source):
                yield _found(item)


def _found(item: Item) -> Found:
    if item.value is None:
        reason = (item.fault or UnfitError("json_not_object")).reason
        return LineRefusal(item.place, reason, item.encoding)
    task = item.value if isinstance(item.value.get("data"), dict) else _whole(item.value)
    data: dict[str, object] = task["data"]  # type: ignore[assignment]  # so says the line before
    key = _text_key(data)
    if key is None:
        return LineRefusal(item.place, UnfitError("studio_no_text").reason, item.encoding)
    losses: list[Loss] = []
    record = {name: value for name, value in data.items() if name != key} | {"text": data[key]}
    try:
        draft = article(record, item.place, item.encoding, losses)
    except UnfitError as unfit:
        return LineRefusal(item.place, unfit.reason, item.encoding)
    if _list(task.get("predictions")):
        losses.append(Loss(item.place, UnfitError("studio_predictions").reason))
    layers = [
        _Annotation(annotation, draft.text, item.place, losses).layer()
        for annotation in _dicts(task.get("annotations", task.get("completions")))
    ]
    return Annotated(draft, [layer for layer in layers if layer], losses)


def _whole(task: Mapping[str, object]) -> dict[str, object]:
    """The task of which this is the short form: a list for each control, beside the data."""
    regions, data = [], {}
    for name, value in task.items():
        found = [one for one in _dicts(value) if "start" in one and "end" in one]
        if not found:
            data[name] = value
        regions += [
            {"id": f"{name}-{number}", "type": "labels", "from_name": name, "value": one}
            for number, one in enumerate(found)
        ]
    annotation = {"completed_by": data.pop("annotator", None), "result": regions}
    return {"data": data, "annotations": [annotation]}


def _text_key(data: Mapping[str, object]) -> str | None:
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    return "text" if "text" in texts else max(texts, key=lambda n: len(texts[n]), default=None)


class _Annotation:
    """What one annotator did in one task."""

    def __init__(
        self, annotation: Mapping[str, Any], text: str, place: Place, losses: list[Loss]
    ) -> None:
        self._annotation, self._text, self._place = annotation, text, place
        self._tagging = Tagging(_person(annotation.get("completed_by")), text, losses)

    def layer(self) -> TaggedLayer | None:
        """None for a task that was skipped."""
        if self._annotation.get("was_cancelled"):
            self._lose("studio_cancelled", name=self._tagging.layer.annotator)
            return None
        results = _dicts(self._annotation.get("result"))
        regions = [one for one in results if one.get("type") in _LABELS]
        self._regions(regions)
        others = [one for one in results if one.get("type") not in (*_LABELS, "relation")]
        for one in others:
            self._value(one)
        for number, one in enumerate(r for r in results if r.get("type") == "relation"):
            self._relation(one, number)
        return self._tagging.layer

    def _regions(self, regions: Sequence[Mapping[str, Any]]) -> None:
        bounds = [_bounds(one.get("value")) for one in regions]
        known = [one for one in bounds if one]
        utf16 = Utf16(self._text) if counts_utf16(self._text, known) else None
        if utf16:
            self._lose("offsets_utf16", kept=True)
        for region, one in zip(regions, bounds, strict=True):
            if one is None:
                self._lose("studio_region", type=str(region.get("type"))[:40])
                continue
            ends = (one.start, one.end)
            if utf16:
                ends = (utf16.code_points(one.start), utf16.code_points(one.end))
            self._region(region, ends, one.said)

    def _region(self, region: Mapping[str, Any], ends: tuple[int, int], said: str | None) -> None:
        value, id = region["value"], str(region.get("id", ""))
        labels = [
            label for kind in _LABELS for label in _list(value.get(kind)) if isinstance(label, str)
        ]
        for number, label in enumerate(labels or [""]):
            own = f"{id}#{number}" if number else id
            self._tagging.span(own, label, [ends], self._place, said=said)

    def _value(self, result: Mapping[str, Any]) -> None:
        """An attribute of the region it stands on, else a note on the article."""
        name, given = str(result.get("from_name", "")), result.get("value")
        words = _words(given) if isinstance(given, dict) else None
        span = self._tagging.layer.spans.get(str(result.get("id", "")))
        if words is None:
            self._lose("studio_region", type=str(result.get("type"))[:40])
        elif span is not None and _bounds(given) is not None:
            span.attributes[name] = words
        elif _bounds(given) is None:
            self._tagging.layer.notes.append(f"{name}: {words}")
        else:
            self._lose("tagged_dangling", relation=name[:60], missing=str(result.get("id"))[:60])

    def _relation(self, result: Mapping[str, Any], number: int) -> None:
        labels = [one for one in _list(result.get("labels")) if isinstance(one, str)]
        source, target = str(result.get("from_id", "")), str(result.get("to_id", ""))
        if result.get("direction") == "left":
            source, target = target, source
        for inner, label in enumerate(labels or [UNNAMED]):
            if result.get("direction") == "bi":
                self._lose("studio_both_ways", kept=True, relation=label[:60])
            self._tagging.relation(f"{number}#{inner}", label, source, target, self._place)

    def _lose(self, code: str, *, kept: bool = False, **values: str | int) -> None:
        self._tagging.lose(self._place, code, kept=kept, **values)


def _bounds(value: object) -> Bounds | None:
    """Where a region stands in the text; a page's regions say so in `globalOffsets`."""
    if not isinstance(value, dict):
        return None
    given = value.get("globalOffsets")
    ends = given if isinstance(given, dict) else value
    start, end, said = ends.get("start"), ends.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        return None
    return Bounds(start, end, said if isinstance(said, str) else None)


def _words(value: Mapping[str, object]) -> Value | None:
    """What was answered, in one line: several answers with a semicolon between them."""
    given = next((value[name] for name in _VALUES if name in value), None)
    if isinstance(given, bool | str):
        return given
    if isinstance(given, int | float):
        return str(given)
    parts = [
        " / ".join(map(str, one)) if isinstance(one, list) else str(one) for one in _list(given)
    ]
    return "; ".join(parts) if parts else None


def _person(given: object) -> str:
    if isinstance(given, dict):
        given = given.get("email") or given.get("username") or given.get("id")
    if isinstance(given, str) and given.strip():
        return given
    return f"user-{given}" if isinstance(given, int) else NOBODY


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
