"""The formats that an export can be had in."""

from collections.abc import Mapping

from annotations.exchange.writers import (
    brat,
    conll,
    doccano,
    label_studio,
    prodigy,
    spans,
    tables,
    tei,
    web_annotation,
    xlsx,
)
from annotations.exchange.writers.shape import Writer

_ALL = (
    spans.WRITER,
    *tables.WRITERS,
    xlsx.WRITER,
    brat.WRITER,
    conll.WRITER,
    doccano.WRITER,
    label_studio.WRITER,
    prodigy.WRITER,
    tei.WRITER,
    web_annotation.WRITER,
)

WRITERS: Mapping[str, Writer] = {writer.key: writer for writer in _ALL}
