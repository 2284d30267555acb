"""The formats that an export can be had in."""

from collections.abc import Mapping

from annotations.exchange.writers import doccano, label_studio, prodigy, spans
from annotations.exchange.writers.shape import Writer

_ALL = (spans, doccano, label_studio, prodigy)

WRITERS: Mapping[str, Writer] = {module.WRITER.key: module.WRITER for module in _ALL}
