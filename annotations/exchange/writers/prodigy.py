"""spaCy and Prodigy: an object on each line for each layer, with `spans` whose offsets count code
points.

Without `tokens`: spaCy and Prodigy make them with the pipeline that will be trained, and say which
spans do not fit them. A span of several fragments is one for each; relations name the places and
labels of their ends (`head_span`, `child_span`), of the first fragments.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import Writer, between_spans, described, who
from annotations.schema.spec import Spec


class _Span(msgspec.Struct, gc=False):
    start: int
    end: int
    label: str


class _Relation(msgspec.Struct, gc=False):
    head_span: _Span
    child_span: _Span
    label: str


class _Task(msgspec.Struct, gc=False):
    text: str
    spans: Sequence[_Span]
    relations: Sequence[_Relation]
    answer: str
    annotator: str = msgspec.field(name="_annotator_id")


_encoder = msgspec.json.Encoder(order="deterministic")


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A line for each layer."""
    for line in lines:
        about = b',"meta":' + _encoder.encode(described(line)) + b"}\n"
        for layer in line.layers:
            yield _encoder.encode(_task(line, layer, report))[:-1] + about


def _task(line: Line, layer: LayerRecord, report: LossReport) -> _Task:
    spans: list[_Span] = []
    first: dict[str, _Span] = {}
    for span in layer.spans:
        pieces = [_Span(start, end, span.label) for start, end in span.fragments]
        first[span.id] = pieces[0]
        spans += pieces
    relations = [
        _Relation(first[source], first[target], relation.type)
        for relation, source, target in between_spans(layer)
    ]
    if relations:
        _count_twins(line, layer, first, spans, report)
    return _Task(line.article.text, spans, relations, "accept", who(layer))


def _count_twins(
    line: Line,
    layer: LayerRecord,
    first: dict[str, _Span],
    spans: Sequence[_Span],
    report: LossReport,
) -> None:
    """A relation knows its ends by place and label: of equal spans it leads to the first."""
    known: dict[tuple[int, int, str], _Span] = {}
    for one in spans:
        known.setdefault((one.start, one.end, one.label), one)
    for relation, *ends in between_spans(layer):
        places = [first[end] for end in ends]
        if any(known[one.start, one.end, one.label] is not one for one in places):
            report.lose(Part.TWINS, line, layer, relation.id)


WRITER = Writer(
    key="prodigy",
    name="spaCy, Prodigy",
    extension="jsonl",
    media_type="application/jsonl",
    holds=frozenset((Part.TEXT, Part.FIELDS, Part.SPLIT, Part.EMPTY, Part.RELATIONS)),
    write=write,
)
