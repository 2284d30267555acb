"""One row of a model with its parents, by a SELECT that is composed once.

A QuerySet composes its SELECT anew whenever it is asked; for an assignment with its parents that was
two fifths of what a server does until the first byte of the desk.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model

from annotations.prepared.cursors import prepared

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one model has of the row: from `begin` on, a column for each name. `of` is the part whose
    relation `name` leads here; None for the model that is looked for."""

    model: type[Model]
    of: int | None
    name: str
    begin: int
    names: Sequence[str]


class OneRow(Generic[M]):
    """A row by what tells it from all others. `parents` are relations that are never null, each before
    those that go on from it ("campaign", "campaign__corpus"); fields in `without` ("schema__spec") are
    read when they are asked for."""

    def __init__(self, model: type[M], *parents: str, without: Collection[str] = ()) -> None:
        self._model, self._parents, self._without = model, parents, without
        self._selects: dict[tuple[str, ...], str] = {}

    def find(self, **asked: Any) -> M | None:
        """Return the row whose fields ("pk", or "corpus__slug" of a parent) have these values."""
        names = tuple(asked)
        if names not in self._selects:
            self._selects[names] = f"{self._select} WHERE {' AND '.join(map(self._is, names))}"
        with prepared() as cursor:
            cursor.execute(self._selects[names], [*asked.values()])
            row = cursor.fetchone()
        return self._made(row) if row else None

    def _made(self, row: Sequence[Any]) -> M:
        values = list(row)
        for at, field in self._converted:
            values[at] = field.from_db_value(values[at], None, connection)
        made: list[Any] = []
        for part in self._parts:
            columns = values[part.begin : part.begin + len(part.names)]
            made.append(part.model.from_db(connection.alias, part.names, columns))
            if part.of is not None:
                setattr(made[part.of], part.name, made[-1])
        found: M = made[0]
        return found

    # composed when the first row is read: only then are all models there ---------------------------

    @cached_property
    def _parts(self) -> Sequence[_Part]:
        parts = [_Part(self._model, None, "", 0, self._read_of(self._model, ""))]
        places = {"": 0}
        for path in self._parents:
            before, _, name = path.rpartition("__")
            model = self._relation(parts[places[before]].model, name)
            begin = parts[-1].begin + len(parts[-1].names)
            places[path] = len(parts)
            names = self._read_of(model, f"{path}__")
            parts.append(_Part(model, places[before], name, begin, names))
        return parts

    def _read_of(self, model: type[Model], prefix: str) -> list[str]:
        fields = model._meta.concrete_fields
        return [each.attname for each in fields if f"{prefix}{each.name}" not in self._without]

    @staticmethod
    def _relation(model: type[Model], name: str) -> type[Model]:
        field = model._meta.get_field(name)
        if field.null or not field.related_model:
            raise ValueError(f"{name} of {model.__name__} leads nowhere, or not always")
        found: type[Model] = field.related_model
        return found

    @cached_property
    def _fields(self) -> Sequence["Field[Any, Any]"]:
        """The field of every column."""
        return [
            next(each for each in part.model._meta.concrete_fields if each.attname == name)
            for part in self._parts
            for name in part.names
        ]

    @cached_property
    def _converted(self) -> Sequence[tuple[int, Any]]:
        """The fields whose values the database has in another form (JSON), and where they stand."""
        return [
            (at, field) for at, field in enumerate(self._fields) if hasattr(field, "from_db_value")
        ]

    @cached_property
    def _select(self) -> str:
        aliases = (number for number, part in enumerate(self._parts) for _name in part.names)
        columns = [
            f't{number}."{field.column}"'
            for number, field in zip(aliases, self._fields, strict=True)
        ]
        return f"SELECT {', '.join(columns)} FROM {' JOIN '.join(self._tables())}"

    def _tables(self) -> Iterable[str]:
        for number, part in enumerate(self._parts):
            table = f'"{part.model._meta.db_table}" t{number}'
            if part.of is None:
                yield table
            else:
                here, there = part.model._meta.pk.column, self._column(part.of, part.name)
                yield f'{table} ON t{number}."{here}" = {there}'

    def _is(self, path: str) -> str:
        before, _, name = path.rpartition("__")
        part = 0 if not before else 1 + self._parents.index(before)
        return f"{self._column(part, name)} = %s"

    def _column(self, part: int, name: str) -> str:
        meta = self._parts[part].model._meta
        wanted = meta.pk.name if name == "pk" else name
        field = next(each for each in meta.concrete_fields if each.name == wanted)
        return f't{part}."{field.column}"'
