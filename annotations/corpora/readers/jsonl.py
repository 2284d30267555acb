"""JSONL: one JSON object on each line."""

from collections.abc import Iterator
from functools import partial

from annotations.corpora.readers import keyed
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import Place, Reading, UnfitError
from annotations.corpora.readers.json_text import parse
from annotations.corpora.readers.lines import Line, lines_of, source_encoding
from annotations.corpora.readers.objects import Item, Record
from annotations.corpora.readers.sources import Source


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every line that is not blank, or the line's refusal."""
    return keyed.articles(source, partial(records, source))


def records(source: Source) -> Iterator[Record]:
    """Yield the object of every line that is not blank, or the fault that stands there."""
    encoding = source_encoding(source)
    recorded = str(encoding)
    for line in lines_of(source, encoding):
        if line.fault:
            yield Item(line.fault.place, None, recorded, UnfitError.of(line.fault.reason))
        elif not line.text.isspace():
            yield _record(source, line, encoding, recorded)


def _record(source: Source, line: Line, encoding: Encoding, recorded: str) -> Record:
    try:
        value = parse(line.text.rstrip("\r\n"))
        if isinstance(value, dict):
            return Item(Place(source.name, line.number, line.byte), value, recorded)
        unfit = UnfitError("json_not_object")
    except UnfitError as fault:
        unfit = fault
    byte = line.byte + len(line.text[: unfit.offset].encode(encoding.codec))
    return Item(Place(source.name, line.number, byte), None, recorded, unfit)
