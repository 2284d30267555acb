"""The formats that an export can be had in."""

from collections.abc import Mapping
from importlib.util import find_spec

from annotations.exchange.writers import (
    brat,
    conll,
    dna_csv,
    dna_file,
    docbin,
    doccano,
    label_studio,
    network_csv,
    network_gexf,
    network_graphml,
    parquet,
    prodigy,
    spans,
    tables,
    tei,
    uima_json,
    uima_xmi,
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
    docbin.WRITER,
    dna_csv.WRITER,
    dna_file.WRITER,
    doccano.WRITER,
    label_studio.WRITER,
    network_graphml.WRITER,
    network_gexf.WRITER,
    network_csv.WRITER,
    parquet.WRITER,
    prodigy.WRITER,
    tei.WRITER,
    uima_json.WRITER,
    uima_xmi.WRITER,
    web_annotation.WRITER,
)

WRITERS: Mapping[str, Writer] = {
    writer.key: writer for writer in _ALL if writer.package is None or find_spec(writer.package)
}
ABSENT: Mapping[str, Writer] = {writer.key: writer for writer in _ALL if writer.key not in WRITERS}
"""Those whose package is not installed here."""
