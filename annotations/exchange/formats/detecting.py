"""Which format files of annotations have: by their names, then by what their first records hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.objects import Item, values_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats import (
    brat,
    conll,
    doccano,
    label_studio,
    prodigy,
    qda,
    uima,
    uima_json,
    uima_xmi,
    webanno,
)
from annotations.exchange.formats.annotated import Found
from annotations.exchange.records import FORMAT

Reader = Callable[[Sequence[Source]], Iterator[Found]]

FORMATS: Mapping[str, Reader] = {
    "brat": brat.read,
    "conll": conll.read,
    "doccano": doccano.read,
    "label_studio": label_studio.read,
    "prodigy": prodigy.read,
    "qda": qda.read,
    "uima": uima.read,
    "webanno": webanno.read,
}
KUTIP = "kutip"

_LOOKED_AT = 20
"""So many of the files."""
_RECORDS = 1_000
_BYTES = 4_194_304
_HEAD = 65_536


def detect(sources: Sequence[Source]) -> str | None:
    """The format that the files have: one of FORMATS, KUTIP for our own, None for files in which
    nothing is tagged. Reads the beginning of some of them."""
    if any(source.suffix == ".ann" for source in sources):
        return "brat"
    if any(source.suffix in qda.ENDINGS for source in sources):
        return "qda"
    if any(source.suffix in uima_xmi.ENDINGS for source in sources):
        return "uima"
    objects = [source for source in sources if source.suffix in doccano.ENDINGS]
    for source in objects[:_LOOKED_AT]:
        if found := _of_objects(source):
            return found
    tables = [source for source in sources if source.suffix in webanno.ENDINGS]
    if any(map(webanno.begins_so, tables[:_LOOKED_AT])):
        return "webanno"
    columns = [source for source in sources if source.suffix in conll.ENDINGS]
    return "conll" if any(map(_has_tags, columns[:_LOOKED_AT])) else None


def _of_objects(source: Source) -> str | None:
    """The first record that tells decides: the first texts may be those with nothing tagged."""
    near = takewhile(_is_near, values_of(source))
    for item in islice(near, _RECORDS):
        if found := _of_value(item.value):
            return found
    return None


def _is_near(item: Item[object]) -> bool:
    return item.place.byte < _BYTES


def _of_value(value: object) -> str | None:
    record = prodigy.record_of(value)
    if record is None:
        return None
    if isinstance(value, list):
        return "prodigy" if "entities" in record else None
    return _of_record(record)


def _of_record(record: Mapping[str, object]) -> str | None:
    if record.get("format") == FORMAT:
        return KUTIP
    if isinstance(record.get(uima_json.STRUCTURES), list):
        return "uima"
    if isinstance(record.get("data"), dict) and {"annotations", "completions"} & record.keys():
        return "label_studio"
    if {"spans", "_task_hash", "_input_hash"} & record.keys():
        return "prodigy"
    if isinstance(record.get("entities"), list) and isinstance(record.get("relations"), list):
        return "doccano"
    if _is_of_spacy(_first(record.get("ents"))):
        return "prodigy"
    marks = _first(record.get("entities")) or _first(record.get("label", record.get("labels")))
    if isinstance(marks, dict) and "start_offset" in marks:
        return "doccano"
    if isinstance(marks, list) and len(marks) == 3 and isinstance(marks[2], str):
        return "doccano"
    regions = [_first(value) for value in record.values()]
    return "label_studio" if any(map(_is_region, regions)) else None


def _is_region(one: object) -> bool:
    return isinstance(one, dict) and {"start", "end", "labels"} <= one.keys()


def _is_of_spacy(one: object) -> bool:
    return isinstance(one, dict) and {"start", "end", "label"} <= one.keys()


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _has_tags(source: Source) -> bool:
    """Whether most of the first lines are a token and more, the last of them O or a tag."""
    try:
        with source.open() as stream:
            head = stream.read(_HEAD)
    except DAMAGED:
        return False
    rows = [row.split() for row in head.split(b"\n")[:-1] if row.strip()] or [head.split()]
    rows = [row for row in rows if row[:1] != [b"#"]]
    tagged = [row for row in rows if len(row) > 1 and (row[-1] == b"O" or row[-1][1:2] == b"-")]
    return bool(rows) and len(tagged) * 10 >= len(rows) * 9
