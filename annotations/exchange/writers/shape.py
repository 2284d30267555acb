"""What a writer is, and how lines go through one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic

from annotations.exchange.heirs import going_on
from annotations.exchange.records import (
    BARE_FORMAT,
    KINDS,
    EntityRecord,
    LayerRecord,
    Line,
    RelationRecord,
    SpanRecord,
)
from annotations.exchange.writers.accounting import Accountant
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.options import BadOption, Options, Wrong, words_of
from annotations.schema.spec import Spec
from annotations.text.fragments import covered

CHUNK_BYTES = 65_536
SOON = 0.2
"""Seconds after which what there is goes out, however little: a table may have no row for many
articles."""

Write = Callable[[Iterable[Line], Spec, LossReport], Iterator[bytes]]
"""Lines over one schema as bytes; counts what only the writer knows to be lost."""


class Untrue(ValueError):
    """A span of the lines does not cover the text it says it covers; the message names it."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One format. `name` is a proper name and is not translated; `extension` has no dot; `holds`
    is all that the format has room for. `write` writes by what was `chosen` of the `options`, which is
    their defaults until `fitted` is asked for something else. `needs_text`: whether an export without
    texts cannot be written in it. `package`: what must be installed beside Kutip's own requirements,
    from `requirements-KEY.txt`. `needs_all`: whether its first byte needs all lines, not some."""

    key: str
    name: str
    extension: str
    media_type: str
    holds: frozenset[Part]
    write: Write
    needs_text: bool = True
    needs_all: bool = False
    package: str | None = None
    options: Options | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


def fitted(writer: Writer, words: Mapping[str, str]) -> Writer:
    """The writer as these options want it, all of them named in `chosen`. Raises BadOption where
    there is no such option, or where some do not go together."""
    if writer.options is None:
        for key, word in words.items():
            raise BadOption(Wrong.UNKNOWN, key, word)
        return writer
    choices = writer.options.of(words)
    write = partial(writer.options.write, choices=choices)
    return replace(writer, write=write, chosen=words_of(choices))


def written(
    writer: Writer, lines: Iterable[Line], spec: Spec, report: LossReport
) -> Iterator[bytes]:
    """The lines in the writer's format, in pieces of some size; `report` is complete at the end. An
    entity that was merged is, in every format, the one that it goes on as.

    Constant memory (formats in a ZIP keep its directory: some hundred bytes a file). The same lines
    make the same bytes. Raises Untrue at the first fragment that does not cover its words; what was
    given by then is no whole file.
    """
    accountant = Accountant(writer.holds, report)
    return _gathered(writer.write(_admitted(lines, accountant), spec, report))


def who(layer: LayerRecord) -> str:
    """The annotator of a layer; gold, and what is computed, are told apart (no user name has a
    space)."""
    if layer.kind in KINDS:
        return f"{layer.annotator} (gold)" if layer.kind == "gold" else layer.annotator
    return f"{layer.kind} (computed)"


def described(line: Line) -> dict[str, object]:
    """What is known of an article beside its text, under the names that every reader of ours
    knows; what is not known is left out."""
    article = line.article
    known = {
        "author": article.author,
        "external_id": article.external_id,
        "language": article.language,
        "published": article.published,
        "source": article.source,
        "split": line.split,
        "title": article.title,
        "url": article.url,
    }
    return {name: value for name, value in known.items() if value}


def entities_of(line: Line) -> Mapping[str, EntityRecord]:
    return {entity.id: entity for entity in line.entities}


def between_spans(layer: LayerRecord) -> Iterator[tuple[RelationRecord, str, str]]:
    """The relations that join two spans, with the ids of both."""
    for relation in layer.relations:
        source, target = relation.source.span, relation.target.span
        if source is not None and target is not None:
            yield relation, source, target


def _admitted(lines: Iterable[Line], accountant: Accountant) -> Iterator[Line]:
    for given in lines:
        line = going_on(given)
        accountant.account_merged(given)
        if line.format != BARE_FORMAT:  # then there is no text to compare anything with
            for layer in line.layers:
                _check(line, layer.spans)
        accountant.account(line)
        yield line


def _check(line: Line, spans: Sequence[SpanRecord]) -> None:
    text = line.article.text
    length = len(text)
    for span in spans:
        fragments, words = span.fragments, span.text
        if len(fragments) == 1 == len(words):
            start, end = fragments[0]
            true = 0 <= start < end <= length and text[start:end] == words[0]
        else:
            ordered = all(0 <= start < end <= length for start, end in fragments)
            true = ordered and covered(text, tuple(fragments)) == tuple(words)
        if not true:
            raise Untrue(f"span {span.id} of article {line.article.id} does not cover its text")


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held, since = bytearray(), monotonic()
    for piece in pieces:
        held += piece
        if len(held) >= CHUNK_BYTES or (held and monotonic() - since > SOON):
            yield bytes(held)
            held.clear()
            since = monotonic()
    if held:
        yield bytes(held)
