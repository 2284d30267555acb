"""A file of Discourse Network Analyzer (DNA) 3: documents, statements, entities, coders in SQLite.

Written beside, in a temporary file, as SQLite goes back and forth in its files; then sent. The memory it
takes is SQLite's. Articles are documents, annotators coders, stances statements of three types: such as
are for or against ("DNA Statement", as DNA has it), such as are neither, and such as are hedged.
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from annotations.exchange.records import EntityRecord, LayerRecord, Line
from annotations.exchange.writers.dna_passwords import everybodys
from annotations.exchange.writers.dna_statements import Text, statements_of
from annotations.exchange.writers.dna_tables import DATA_TYPES, ONLY_ADMIN, PERMISSIONS, TABLES
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.options import Options
from annotations.exchange.writers.shape import CHUNK_BYTES, Writer, entities_of, who
from annotations.exchange.writers.stances import (
    NAME_CODE_POINTS,
    Named,
    Stance,
    count_aliases,
    moment,
    said,
)
from annotations.schema.spec import Spec

ADMIN = 1
ATTRIBUTES = ("Type", "Alias", "Notes")
SETTINGS = {"version": "3.0.7", "date": "2022-06-10"}
_REMEMBERED = 20_000  # entities whose number need not be looked up
_PRAGMAS = (
    "page_size = 16384",  # texts are longer than the usual 4,096 bytes
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -16000",
)
_TOGETHER = 100  # articles whose rows are written at once

Colour = tuple[int, int, int]
_BLUE: Colour = (74, 121, 191)
_GREEN: Colour = (65, 145, 95)
_GREY: Colour = (120, 120, 120)


class Hedged(StrEnum):
    """What becomes of stances that are conditional, denied or doubted."""

    APART = "apart"
    TOGETHER = "together"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Choices:
    """`highlight`: the names of entities become expressions that DNA colours in the texts."""

    hedged: Hedged = Hedged.APART
    highlight: bool = False


@dataclass(frozen=True, slots=True)
class _Type:
    """A statement type, its colour, its variables with their types of data."""

    label: str
    colour: Colour
    variables: Mapping[str, str]


_ENDS = {"person": "short text", "organization": "short text", "concept": "short text"}
_SIGNED = _ENDS | {"agreement": "boolean", "strength": "integer", "note": "long text"}
TYPES = (
    _Type("DNA Statement", (239, 208, 51), _SIGNED),
    _Type(
        "Undirected Statement",
        (211, 211, 211),
        _ENDS | {"polarity": "short text", "note": "long text"},
    ),
    _Type("Hedged Statement", (100, 200, 190), _SIGNED),
)
_DIRECTED, _UNDIRECTED, _HEDGED = range(1, len(TYPES) + 1)


def write(
    lines: Iterable[Line], spec: Spec, report: LossReport, *, choices: Choices
) -> Iterator[bytes]:
    with TemporaryDirectory(prefix="kutip-dna-") as folder:
        path = Path(folder, "export.dna")
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as database:
                _Filling(database, report, choices).fill(lines)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        with path.open("rb") as stream:
            while piece := stream.read(CHUNK_BYTES):
                yield piece


class _Filling:
    def __init__(self, database: sqlite3.Connection, report: LossReport, choices: Choices) -> None:
        self._database, self._report, self._choices = database, report, choices
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        for table in TABLES:
            database.execute(table)
        self._rows: dict[str, list[Sequence[object]]] = {
            _PLACE: [],
            **{one: [] for one in _DATA.values()},
        }
        self._places = self._rows[_PLACE]
        self._variables = {number: list(self._type_of(number)) for number, _ in enumerate(TYPES, 1)}
        self._coders: dict[str, int] = {}
        self._entities = _Entities(database, report)
        self._statements, self._documents = count(1), count(1)

    def fill(self, lines: Iterable[Line]) -> None:
        """Everything of the lines is in the database, for good."""
        self._database.executemany("INSERT INTO SETTINGS VALUES (?, ?)", SETTINGS.items())
        self._coder("Admin")
        for number, line in enumerate(lines, 1):
            self._line(line)
            if number % _TOGETHER == 0:
                self._flush()
        self._flush()
        self._relate_coders()
        if self._choices.highlight:
            self._highlight()
        self._database.execute("COMMIT")

    def _flush(self) -> None:
        """The rows of some articles are in the database: one by one they took twice the time."""
        for query, rows in self._rows.items():
            self._database.executemany(query, rows)
            rows.clear()

    def _type_of(self, number: int) -> Iterator[tuple[str, int, list[Sequence[object]]]]:
        """A statement type is there, with its variables: by name and number, and where their values
        are put."""
        insert, type_ = self._database.execute, TYPES[number - 1]
        row = (number, type_.label, *type_.colour)
        insert("INSERT INTO STATEMENTTYPES VALUES (?, ?, ?, ?, ?)", row)
        for name, kind in type_.variables.items():
            variable = insert(
                "INSERT INTO VARIABLES (Variable, DataType, StatementTypeId) VALUES (?, ?, ?)",
                (name, kind, number),
            ).lastrowid
            self._database.executemany(
                "INSERT INTO ATTRIBUTEVARIABLES (VariableId, AttributeVariable) VALUES (?, ?)",
                [(variable, one) for one in ATTRIBUTES if kind == "short text"],
            )
            yield name, variable or 0, self._rows[_DATA[kind]]

    def _coder(self, name: str) -> int:
        """The number of the coder of this name, who may do all but change coders."""
        if name not in self._coders:
            number = self._coders[name] = len(self._coders) + 1
            may = [int(number == ADMIN or one not in ONLY_ADMIN) for one in PERMISSIONS]
            columns = ("ID", "Name", "Red", "Green", "Blue", "Password", *PERMISSIONS)
            row = (number, name[:NAME_CODE_POINTS], *_colour(number), everybodys(), *may)
            self._insert("CODERS", columns, row)
        return self._coders[name]

    def _insert(self, table: str, columns: Sequence[str], row: Sequence[object]) -> None:
        marks = ", ".join("?" * len(columns))
        self._database.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)

    def _relate_coders(self) -> None:
        numbers = self._coders.values()
        self._database.executemany(
            "INSERT INTO CODERRELATIONS (Coder, OtherCoder) VALUES (?, ?)",
            ((one, other) for one in numbers for other in numbers if one != other),
        )

    def _line(self, line: Line) -> None:
        document, text = next(self._documents), Text(line, self._report)
        self._document(document, line, text)
        entities, used = entities_of(line), set[str]()
        for layer in line.layers:
            coder = self._coder(who(layer))
            self._entities.at(line, layer, entities)
            for stance in statements_of(line, layer, self._report):
                used |= stance.keys
                if stance.hedged and self._choices.hedged is Hedged.LEFT_OUT:
                    self._report.lose(Part.HEDGED, line, layer, stance.span.id)
                    continue
                self._statement(stance, document, text.units(text.bounds(stance.span)), coder)
        count_aliases(line, used, self._report)

    def _document(self, number: int, line: Line, text: Text) -> None:
        article, at = line.article, moment(line)
        if at is None:
            self._report.lose(Part.UNDATED, line)
        section = article.metadata.get("section", "")
        names = [
            _cut(name, self._report, line)
            for name in (
                article.title or article.external_id or article.id,
                article.author,
                article.source,
                section if isinstance(section, str) else "",
            )
        ]
        about = (("url", article.url), ("id", article.external_id), ("language", article.language))
        notes = "\n".join(f"{key}: {value}" for key, value in about if value)
        title, author, source, section = names
        columns = ("ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Date")
        row = (number, title, text.text, ADMIN, author, source, section, notes, at or 0)
        self._insert("DOCUMENTS", columns, row)

    def _statement(self, stance: Stance, document: int, units: tuple[int, int], coder: int) -> None:
        type_, number = self._type(stance), next(self._statements)
        self._places.append((number, type_, document, *units, coder))
        values = _values(stance)
        for name, variable, rows in self._variables[type_]:
            value = values[name]
            if isinstance(value, Named):
                value = self._entities.number(variable, value)
            rows.append((number, variable, value))

    def _type(self, stance: Stance) -> int:
        if stance.sign is None:
            return _UNDIRECTED
        hedged = stance.hedged and self._choices.hedged is Hedged.APART
        return _HEDGED if hedged else _DIRECTED

    def _highlight(self) -> None:
        """The names of linked entities, each once, as expressions that mean only themselves."""
        found = self._database.execute(
            "SELECT Value, Red, Green, Blue FROM ENTITIES JOIN known ON entity = ID"
            " WHERE key <> '' ORDER BY Value, ID"
        ).fetchall()
        self._database.executemany(
            "INSERT OR IGNORE INTO REGEXES VALUES (?, ?, ?, ?)",
            ((_expression(value), *colour) for value, *colour in found),
        )


_PLACE = "INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, ?)"
_DATA = {
    kind: f"INSERT INTO {table} (StatementId, VariableId, {column}) VALUES (?, ?, ?)"
    for kind, table in DATA_TYPES.items()
    for column in ("Entity" if kind == "short text" else "Value",)
}
_NOBODY = Named("", "", "")


def _values(stance: Stance) -> Mapping[str, Named | int | str | None]:
    return {
        "person": stance.person or _NOBODY,
        "organization": stance.organisation or _NOBODY,
        "concept": stance.target,
        "agreement": None if stance.sign is None else int(stance.sign > 0),
        "strength": stance.strength,
        "polarity": Named("", stance.polarity, ""),
        "note": said(stance.quotes),
    }


class _Entities:
    """The entities of each variable, found again by what they are, not by what they are called."""

    def __init__(self, database: sqlite3.Connection, report: LossReport) -> None:
        self._database, self._report = database, report
        database.execute(
            "CREATE TEMP TABLE known (variable INTEGER, key TEXT, name TEXT, entity INTEGER,"
            " PRIMARY KEY (variable, key, name)) WITHOUT ROWID"
        )
        self._attributes: dict[int, list[int]] = {}
        for number, variable in database.execute(
            "SELECT ID, VariableId FROM ATTRIBUTEVARIABLES ORDER BY ID"
        ):
            self._attributes.setdefault(variable, []).append(number)
        for variable in self._attributes:
            self._add(variable, _NOBODY, "", None)
        self.number: Callable[[int, Named], int] = lru_cache(_REMEMBERED)(self._number)

    def at(self, line: Line, layer: LayerRecord, entities: Mapping[str, EntityRecord]) -> None:
        """What is added from now on is from here."""
        self._line, self._layer, self._known = line, layer, entities

    def _number(self, variable: int, named: Named) -> int:
        """The number of the entity, which is there now."""
        key = (variable, named.key, "" if named.key else named.name)
        row = self._database.execute(
            "SELECT entity FROM known WHERE variable = ? AND key = ? AND name = ?", key
        ).fetchone()
        if row is not None:
            return int(row[0])
        value = self._unused(variable, _cut(named.name, self._report, self._line, self._layer))
        if value != named.name[:NAME_CODE_POINTS]:
            self._report.lose(Part.SAME_NAMES, self._line, self._layer, named.key)
        return self._add(variable, named, value, self._known.get(named.key))

    def _unused(self, variable: int, name: str) -> str:
        """The name, or with a number behind it where it is taken."""
        for number in count(2):
            taken = self._database.execute(
                "SELECT 1 FROM ENTITIES WHERE VariableId = ? AND Value = ?", (variable, name)
            ).fetchone()
            if not taken:
                break
            bare = name.removesuffix(f" ({number - 1})")
            ending = f" ({number})"
            name = bare[: NAME_CODE_POINTS - len(ending)] + ending
        return name

    def _add(self, variable: int, named: Named, value: str, entity: EntityRecord | None) -> int:
        colour = _GREY if not named.key else _BLUE if named.is_person else _GREEN
        insert = self._database.execute
        number = insert(
            "INSERT INTO ENTITIES (VariableId, Value, Red, Green, Blue) VALUES (?, ?, ?, ?, ?)",
            (variable, value, *colour),
        ).lastrowid
        key = (variable, named.key, "" if named.key else named.name, number)
        insert("INSERT INTO known VALUES (?, ?, ?, ?)", key)
        given = self._told(named, entity)
        for attribute, text in zip(self._attributes[variable], given, strict=True):
            insert(
                "INSERT INTO ATTRIBUTEVALUES (EntityId, AttributeVariableId, AttributeValue)"
                " VALUES (?, ?, ?)",
                (number, attribute, text),
            )
        return number or 0

    def _told(self, named: Named, entity: EntityRecord | None) -> tuple[str, str, str]:
        """Type, aliases, and the UUID it has in Kutip."""
        if entity is None:
            return "", "", ""
        aliases = " | ".join(dict.fromkeys(alias.text for alias in entity.aliases))
        return entity.type, _cut(aliases, self._report, self._line, self._layer), entity.id


def _cut(name: str, report: LossReport, line: Line, layer: LayerRecord | None = None) -> str:
    if len(name) > NAME_CODE_POINTS:
        report.lose(Part.CUT, line, layer)
    return name[:NAME_CODE_POINTS]


def _colour(number: int) -> Colour:
    """One for each coder: far from its neighbours, and the same each time."""
    return (number * 97 % 200 + 20, number * 57 % 200 + 20, number * 151 % 200 + 20)


_MEANS = frozenset("\\^$.|?*+()[]{}")


def _expression(name: str) -> str:
    """As much of the name as fits, in which no character means anything."""
    escaped = [f"\\{one}" if one in _MEANS else one for one in name]
    while sum(map(len, escaped)) > NAME_CODE_POINTS:
        escaped.pop()
    return "".join(escaped)


WRITER = Writer(
    key="dna",
    name="DNA",
    extension="dna",
    media_type="application/vnd.sqlite3",
    holds=frozenset(
        (
            *(Part.UNSEEN, Part.TEXT, Part.FIELDS, Part.FRAGMENTS, Part.ATTRIBUTES),
            *(Part.ENTITY, Part.RELATIONS, Part.TO_ENTITY, Part.ALIASES),
        )
    ),
    write=partial(write, choices=Choices()),
    needs_all=True,
    options=Options(Choices, write),
)
