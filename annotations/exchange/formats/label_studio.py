"""Label Studio: tasks, each with its text and the annotations of each annotator, in a JSON array or
on lines.

The text is the one under `data` that a region's `to_name` names, else the one called `text`, else
the longest that is more than one word (an address of a picture is no text). Offsets count code
points, but older versions wrote UTF-16 units: each annotation is read as its regions fit the words
they say they cover. A region with several labels is a span for each; the first has its id, and the
attributes. Choices, ratings, numbers and texts on a region are attributes called by the name of
their control; those on the whole task become notes, and so does what is written beside a region
(`meta`). Relations without a label are of the type
`relation`. The short form (JSON-MIN) is read, too: there an answer is about the region that stands
where it does.

Whose an annotation is, Label Studio knows of its own users alone. Files that Kutip wrote say it in the
data of the task, by the number of the annotation (`id`, which Label Studio keeps as `import_id`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.objects import Record, objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    MAX_NAME,
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
    listed,
    lost,
)

ENDINGS = (".json", ".jsonl", ".ndjson")
NOBODY = "label-studio"
UNNAMED = "relation"
ANNOTATORS = "kutip_annotators"
"""Where the data of our own tasks have the annotators, in the order of their annotations."""

_LABELS = ("labels", "hypertextlabels")
_ANSWERS = ("choices", "rating", "number", "taxonomy", "datetime", "textarea")


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each task with the layers over it."""
    for source in sources:
        if source.suffix in ENDINGS:
            yield from _File(source).found()


class _File:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._told: set[str] = set()

    def found(self) -> Iterator[Found]:
        return map(self._found, objects_of(self._source))

    def _found(self, item: Record) -> Found:
        if item.value is None:
            return item.refused()
        task = _Task(item.value)
        key = task.text_key()
        if key is None:
            return LineRefusal(item.place, UnfitError("studio_no_text").reason, item.encoding)
        losses: list[Loss] = []
        record = {name: one for name, one in task.data.items() if name not in (key, ANNOTATORS)}
        try:
            draft = article(record | {"text": task.data[key]}, item.place, item.encoding, losses)
        except UnfitError as unfit:
            return LineRefusal(item.place, unfit.reason, item.encoding)
        self._tell_of_others(item, losses)
        losses += [lost(item.place, "studio_truth", kept=True, name=one) for one in task.truths()]
        layers = [
            _Annotation(one, task.annotator(one), draft.text, item.place, losses).layer()
            for one in task.annotations
        ]
        return Annotated(draft, [layer for layer in layers if layer], losses)

    def _tell_of_others(self, item: Record, losses: list[Loss]) -> None:
        """Once for a file of each: its tasks were all predicted, or none."""
        for name in ("predictions", "drafts"):
            if name not in self._told and _list((item.value or {}).get(name)):
                self._told.add(name)
                losses.append(lost(item.place, f"studio_{name}"))


class _Task:
    """A task in the long form, whichever the file has."""

    def __init__(self, task: Mapping[str, object]) -> None:
        data = task.get("data")
        if isinstance(data, dict):
            self.data: dict[str, object] = data
            self.annotations = _dicts(task.get("annotations", task.get("completions")))
        else:
            self.data, annotation = _whole(task)
            self.annotations = [annotation]

    def annotator(self, annotation: Mapping[str, object]) -> str:
        """Who made an annotation: one that is ours comes from whom the data say."""
        completed = annotation.get("completed_by")
        names = _list(self.data.get(ANNOTATORS))
        number = annotation.get("id" if completed is None else "import_id")
        if isinstance(number, int) and 0 < number <= len(names):
            return _person(names[number - 1])
        return _person(completed)

    def truths(self) -> list[str]:
        """Whose annotations are marked as the truth. In files of our own their names say so."""
        marked = [one for one in self.annotations if one.get("ground_truth")]
        return [] if ANNOTATORS in self.data else [self.annotator(one)[:MAX_NAME] for one in marked]

    def text_key(self) -> str | None:
        texts = {name: value for name, value in self.data.items() if isinstance(value, str)}
        results = (one for each in self.annotations for one in _dicts(each.get("result")))
        named = (one.get("to_name") for one in results if one.get("type") in _LABELS)
        for name in (*named, "text"):
            if isinstance(name, str) and name in texts:
                return name
        long = [name for name, value in texts.items() if len(value.split()) > 1]
        return max(long, key=lambda name: len(texts[name]), default=None)


def _whole(task: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Data and annotation of a short form: a list for each control, beside the data."""
    data: dict[str, object] = {}
    placed: list[tuple[str, dict[str, Any]]] = []
    for name, value in task.items():
        found = [one for one in _dicts(value) if {"start", "end"} <= one.keys()]
        placed += [(name, one) for one in found]
        if not found:
            data[name] = value
    return data, {"completed_by": data.pop("annotator", None), "result": _results(placed)}


def _results(placed: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, object]]:
    results: list[dict[str, object]] = []
    answers: list[dict[str, object]] = []
    at: dict[Bounds | None, str] = {}
    for number, (name, value) in enumerate(placed):
        answer = next((one for one in _ANSWERS if one in value), None)
        if answer is None and isinstance(value.get("text"), list):
            answer = "textarea"
        if answer is None or any(kind in value for kind in _LABELS):
            id = f"{name}-{number}"
            at.setdefault(_place_of(value), id)
            results.append({"id": id, "type": "labels", "from_name": name, "value": value})
        else:
            answers.append({"type": answer, "from_name": name, "value": value})
    return results + [one | {"id": at.get(_place_of(one["value"]))} for one in answers]


def _place_of(value: object) -> Bounds | None:
    bounds = _bounds(value)
    return Bounds(bounds.start, bounds.end) if bounds else None


class _Annotation:
    """What one annotator did in one task."""

    def __init__(
        self,
        annotation: Mapping[str, Any],
        annotator: str,
        text: str,
        place: Place,
        losses: list[Loss],
    ) -> None:
        self._annotation, self._text, self._place = annotation, text, place
        self._ids: set[str] = set()
        self._tagging = Tagging(annotator, text, losses)

    def layer(self) -> TaggedLayer | None:
        """None for a task that was skipped."""
        if self._annotation.get("was_cancelled"):
            self._lose("studio_cancelled", name=self._tagging.layer.annotator)
            return None
        results = self._results()
        self._regions([one for one in results if one.get("type") in _LABELS])
        for one in results:
            if one.get("type") in _ANSWERS:
                self._answer(one)
            elif one.get("type") not in (*_LABELS, "relation"):
                self._lose("studio_region", type=str(one.get("type"))[:40])
        for number, one in enumerate(r for r in results if r.get("type") == "relation"):
            self._relation(one, number)
        return self._tagging.layer

    def _results(self) -> list[dict[str, Any]]:
        given = listed(self._annotation.get("result"))
        for one in given:
            if not isinstance(one, dict):
                self._lose("json_odd_span", span=str(one)[:80])
        return _dicts(given)

    def _regions(self, regions: Sequence[Mapping[str, Any]]) -> None:
        bounds = [_bounds(one.get("value")) for one in regions]
        known = [one for one in bounds if one]
        utf16 = Utf16(self._text) if counts_utf16(self._text, known) else None
        if utf16:
            self._lose("offsets_utf16", kept=True)
        for number, (region, one) in enumerate(zip(regions, bounds, strict=True)):
            id = _id(region, number)
            self._ids.add(id)
            if one is None:
                self._lose("studio_region", type=str(region.get("type"))[:40])
                continue
            ends = (one.start, one.end)
            if utf16:
                ends = (utf16.code_points(one.start), utf16.code_points(one.end))
            self._region(id, region["value"], ends, one.said)
            self._remark(id, region.get("meta"))

    def _region(
        self, id: str, value: Mapping[str, Any], ends: tuple[int, int], said: str | None
    ) -> None:
        labels = [
            label for kind in _LABELS for label in _list(value.get(kind)) if isinstance(label, str)
        ]
        for number, label in enumerate(labels or [""]):
            own = f"{id}#{number}" if number else id
            self._tagging.span(own, label, [ends], self._place, said=said)

    def _remark(self, id: str, meta: object) -> None:
        """What somebody wrote beside a region is a note on its span."""
        span = self._tagging.layer.spans.get(id)
        given = meta.get("text") if isinstance(meta, dict) else None
        for words in listed(given) if span else ():
            self._tagging.note(str(words), self._place, span)

    def _answer(self, result: Mapping[str, Any]) -> None:
        """An attribute of the region it is about, else a note on the article."""
        name, given, id = str(result.get("from_name", "")), result.get("value"), result.get("id")
        known = given if isinstance(given, dict) else {}
        words = _words(known, "text" if result["type"] == "textarea" else result["type"])
        span = self._tagging.layer.spans.get(str(id))
        if words is None:
            self._lose("tagged_value", name=name[:60])
        elif span is not None:
            self._tagging.attribute(span, name, words, self._place)
        elif str(id) in self._ids or "start" in known:
            self._lose("tagged_dangling", relation=name[:60], missing=str(id)[:60])
        else:
            self._tagging.note(f"{name}: {words}", self._place)

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


def _id(region: Mapping[str, Any], number: int) -> str:
    given = region.get("id")
    return f"n{number}" if given in (None, "") else str(given)


def _words(value: Mapping[str, object], name: str) -> Value | None:
    """What was answered, in one line: several answers with a semicolon between them."""
    given = value.get(name)
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
