"""Label Studio: a ZIP with `tasks.json`, one task for each article with the annotations of each
annotator, and `labelling-config.xml`, which the project needs before tasks are brought in.

Offsets count code points. A span of several fragments is a region for each; attributes stand on the
first, and relations join the first. Each attribute has a control of its name in the configuration,
shown for the labels that have it.

Label Studio refuses a file with annotations of people it does not know, so that these stand in the data
of the task and not on the annotations. Gold alone is ground truth.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from xml.sax.saxutils import quoteattr

import msgspec

from annotations.exchange.formats.label_studio import ANNOTATORS
from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, streamed
from annotations.exchange.writers.shape import Writer, between_spans, described, who
from annotations.schema.spec import CANNOT_TELL, Attribute, Spec

CONFIG = "labelling-config.xml"
TASKS = "tasks.json"
YES, NO = "true", "false"

_encoder = msgspec.json.Encoder(order="deterministic")


class _Value(msgspec.Struct, omit_defaults=True, gc=False):
    start: int
    end: int
    text: str | list[str]
    labels: list[str] | None = None
    choices: list[str] | None = None


class _Result(msgspec.Struct, gc=False):
    id: str
    from_name: str
    to_name: str
    type: str
    value: _Value


class _Relation(msgspec.Struct, gc=False):
    from_id: str
    to_id: str
    direction: str
    labels: list[str]
    type: str = "relation"


class _Annotation(msgspec.Struct, gc=False):
    id: int
    ground_truth: bool
    result: list[_Result | _Relation]


class _Task(msgspec.Struct, gc=False):
    data: Mapping[str, object]
    annotations: Sequence[_Annotation]


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The configuration, and then the tasks."""
    kinds = {
        (label.key, attribute.key): attribute.kind
        for label in spec.labels
        for attribute in label.attributes
    }
    config = Piece(CONFIG, configuration(spec).encode())
    return streamed(chain((config,), (Piece(TASKS, data) for data in _tasks(lines, kinds))))


def _tasks(lines: Iterable[Line], kinds: Mapping[tuple[str, str], str]) -> Iterator[bytes]:
    before = b"[\n"
    for line in lines:
        data = {**described(line), "text": line.article.text}
        if line.layers:
            data[ANNOTATORS] = [who(layer) for layer in line.layers]
        made = [_annotation(n, layer, kinds) for n, layer in enumerate(line.layers, 1)]
        task = _Task(data, made)
        yield before + _encoder.encode(task)
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _annotation(
    number: int, layer: LayerRecord, kinds: Mapping[tuple[str, str], str]
) -> _Annotation:
    result: list[_Result | _Relation] = []
    for span in layer.spans:
        result += _regions(span)
        if span.attributes:
            result += _answers(span, kinds)
    for relation, source, target in between_spans(layer):
        result.append(_Relation(source, target, "right", [relation.type]))
    return _Annotation(number, layer.kind == "gold", result)


def _regions(span: SpanRecord) -> Iterator[_Result]:
    """The first fragment has the id of the span."""
    for number, ((start, end), words) in enumerate(zip(span.fragments, span.text, strict=True)):
        id = f"{span.id}#{number}" if number else span.id
        value = _Value(start, end, words, labels=[span.label])
        yield _Result(id, "label", "text", "labels", value)


def _answers(span: SpanRecord, kinds: Mapping[tuple[str, str], str]) -> Iterator[_Result]:
    start, end = span.fragments[0]
    for name, given in span.attributes.items():
        if kinds.get((span.label, name)) == "text":
            value = _Value(start, end, [str(given)])
            yield _Result(span.id, name, "text", "textarea", value)
        else:
            chosen = given if isinstance(given, str) else YES if given else NO
            value = _Value(start, end, span.text[0], choices=[chosen])
            yield _Result(span.id, name, "text", "choices", value)


# --- the configuration ------------------------------------------------------------------------


def configuration(spec: Spec) -> str:
    """The labelling interface of a project over this schema, as Label Studio's XML."""
    labels = [
        f"    <Label value={quoteattr(label.key)} background={quoteattr(label.colour)}/>"
        for label in spec.labels
    ]
    relations = [f"    <Relation value={quoteattr(one.key)}/>" for one in spec.relations]
    return "\n".join(
        (
            "<View>",
            '  <Labels name="label" toName="text">',
            *labels,
            "  </Labels>",
            *chain.from_iterable(map(_control, *_controls(spec))),
            *(("  <Relations>", *relations, "  </Relations>") if relations else ()),
            '  <Text name="text" value="$text"/>',
            "</View>",
            "",
        )
    )


def _controls(spec: Spec) -> tuple[list[str], list[list[tuple[str, Attribute]]]]:
    """The names of attributes, and for each the labels that have one of this name."""
    by_name: dict[str, list[tuple[str, Attribute]]] = {}
    for label in spec.labels:
        for attribute in label.attributes:
            by_name.setdefault(attribute.key, []).append((label.key, attribute))
    return list(by_name), list(by_name.values())


def _control(name: str, of: Sequence[tuple[str, Attribute]]) -> list[str]:
    """One control: choices, or a field where every label's attribute is free text."""
    when = quoteattr(",".join(label for label, _ in of))
    about = (
        f'name={quoteattr(name)} toName="text" perRegion="true" whenTagName="label"'
        f" whenLabelValue={when}"
    )
    values = dict.fromkeys(value for _, attribute in of for value in _values(attribute))
    if not values:
        return [f"  <TextArea {about}/>"]
    choices = [f"    <Choice value={quoteattr(value)}/>" for value in values]
    return [f"  <Choices {about}>", *choices, "  </Choices>"]


def _values(attribute: Attribute) -> list[str]:
    if attribute.kind == "bool":
        return [YES, NO]
    if attribute.kind == "text":
        return []
    return [*(value.key for value in attribute.values), CANNOT_TELL]


WRITER = Writer(
    key="label-studio",
    name="Label Studio",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(
        (
            Part.TEXT,
            Part.FIELDS,
            Part.SPLIT,
            Part.UNSEEN,
            Part.EMPTY,
            Part.ATTRIBUTES,
            Part.RELATIONS,
        )
    ),
    write=write,
)
