"""Lists of whole numbers are bigints to PostgreSQL, on every connection, as all keys are.

psycopg gives a list the narrowest type that holds its numbers. A column of bigints is then compared
with one number after the other for every row, where no index serves: only numbers of the column's own
type are looked up by a hash. Twenty thousand keys took a minute so, and take a second as bigints.
A column of integers that is asked for a list must cast it; no key is one.
"""

import psycopg
from psycopg.types.array import BaseListDumper, ListDumper

_TYPES = psycopg.adapters.types
_NARROW = {_TYPES[name].array_oid for name in ("int2", "int4")}
_BIGINTS = _TYPES["int8"].array_oid


class BigintLists(ListDumper):
    """Lists as psycopg knows them, but that numbers are never narrower than bigints."""

    def upgrade(self, obj: list[object], format: psycopg.adapt.PyFormat) -> BaseListDumper:
        dumper = super().upgrade(obj, format)
        if dumper.oid in _NARROW:
            dumper.oid = _BIGINTS
        return dumper


def register() -> None:
    """Connections that are opened from now on send lists so."""
    psycopg.adapters.register_dumper(list, BigintLists)
