"""The event list of Discourse Network Analyzer (DNA): a row for each statement.

As DNA writes it: semicolons, texts in quotation marks, moments without. Beyond its columns stand the
strength, what could not be said with yes and no, and the ids by which statements, entities and
articles are found again. Statements are numbered as in the file for DNA of the same export.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from itertools import count

from annotations.exchange.records import Line
from annotations.exchange.writers.cells import defused
from annotations.exchange.writers.dna_statements import Text, statements_of
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.options import Options
from annotations.exchange.writers.shape import Writer, who
from annotations.exchange.writers.stances import Named, Stance, moment, said
from annotations.schema.spec import Spec

COLUMNS = (
    *("statement_id", "time", "person", "organization", "concept", "agreement", "strength"),
    *("polarity", "hedged", "note", "start_position", "stop_position", "text", "coder"),
    *("document_id", "document_title", "document_author", "document_source", "document_section"),
    *("document_type", "document_url", "document_external_id", "document_language"),
    *("span_id", "person_entity", "organization_entity", "concept_entity"),
)
_NOBODY = Named("", "", "")


class Punctuation(StrEnum):
    """What becomes of semicolons, quotation marks and line breaks in cells."""

    KEPT = "kept"
    AS_DNA = "as-dna"


@dataclass(frozen=True, slots=True)
class Choices:
    punctuation: Punctuation = Punctuation.KEPT


Cell = str | int | None
Quote = Callable[[str], str]


def write(
    lines: Iterable[Line], spec: Spec, report: LossReport, *, choices: Choices
) -> Iterator[bytes]:
    quote = _QUOTES[choices.punctuation]
    replaces = choices.punctuation is Punctuation.AS_DNA
    yield _row(COLUMNS, quote) + b"\n"
    numbers = count(1)
    for line in lines:
        text, at, document = Text(line, report), _time(line), _document(line)
        about, rows = _row(document, quote), bytearray()
        for layer in line.layers:
            coder = who(layer)
            for stance in statements_of(line, layer, report):
                cells = [*_statement(stance, text), coder]
                if replaces and _suffer((*cells, *document)):
                    report.lose(Part.PUNCTUATION, line, layer, stance.span.id)
                first = f"{next(numbers)};{at};".encode()
                rows += b";".join((first + _row(cells, quote), about, _ids(stance))) + b"\n"
        yield bytes(rows)


def _time(line: Line) -> str:
    at = moment(line)
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def _statement(stance: Stance, text: Text) -> Sequence[Cell]:
    bounds = text.bounds(stance.span)
    start, stop = text.units(bounds)
    return (
        (stance.person or _NOBODY).name,
        (stance.organisation or _NOBODY).name,
        stance.target.name,
        None if stance.sign is None else int(stance.sign > 0),
        stance.strength,
        stance.polarity,
        int(stance.hedged),
        said(stance.quotes),
        start,
        stop,
        text.covered(bounds),
    )


def _document(line: Line) -> Sequence[Cell]:
    article = line.article
    return (
        article.id,
        article.title,
        article.author,
        article.source,
        *("", ""),
        article.url,
        article.external_id or "",
        article.language,
    )


def _ids(stance: Stance) -> bytes:
    """UUIDs, in which nothing has to be quoted."""
    people = (stance.person or _NOBODY, stance.organisation or _NOBODY, stance.target)
    keys = (stance.span.id, *(one.key for one in people))
    return ('"' + '";"'.join(keys) + '"').encode()


def _row(cells: Iterable[Cell], quote: Quote) -> bytes:
    return ";".join([quote(one) if isinstance(one, str) else _plain(one) for one in cells]).encode()


def _plain(cell: int | None) -> str:
    return "" if cell is None else str(cell)


def _kept(text: str) -> str:
    return '"' + (defused(text).replace('"', '""') if text else "") + '"'


_GONE = str.maketrans({";": ",", '"': "'", "\n": " ", "\r": " "})


def _as_dna(text: str) -> str:
    """For programs that split lines at every semicolon: nothing in a cell needs a quotation mark."""
    return f'"{defused(text).translate(_GONE)}"'


def _suffer(cells: Iterable[Cell]) -> bool:
    return any(isinstance(one, str) and one != one.translate(_GONE) for one in cells)


_QUOTES = {Punctuation.KEPT: _kept, Punctuation.AS_DNA: _as_dna}


WRITER = Writer(
    key="dna-csv",
    name="DNA event list, CSV",
    extension="csv",
    media_type="text/csv",
    holds=frozenset(
        (
            *(Part.FIELDS, Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY),
            *(Part.RELATIONS, Part.TO_ENTITY),
        )
    ),
    write=partial(write, choices=Choices()),
    options=Options(Choices, write),
)
