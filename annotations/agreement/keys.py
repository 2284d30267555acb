"""Counts as bytes: what is counted has a number, and a pair of layers holds numbers and counts."""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
import numpy as np
from django.db import connection
from numpy.typing import NDArray

from annotations.agreement.measures.tally import Counts, Key
from annotations.agreement.models import AgreementKey

CELL = np.dtype([("key", "<i4"), ("count", "<i8")])
"""One count: 12 bytes."""

Cells = NDArray[np.void]

_KNOWN = """
SELECT k.id, k.key FROM jsonb_array_elements(%s::jsonb) wanted
  JOIN agreement_key k ON k.key = ARRAY(SELECT jsonb_array_elements_text(wanted))"""


class Unnumbered(LookupError):
    """Something is counted that has no number yet. `keys`: what."""

    def __init__(self, keys: Collection[Key]) -> None:
        super().__init__(f"{len(keys)} keys have no number")
        self.keys = keys


def numbered(counted: Sequence[Counts]) -> list[bytes]:
    """Return each of these counts as cells. One query. Raises Unnumbered."""
    wanted = {key for counts in counted for key in counts}
    numbers = _numbers(wanted)
    if missing := wanted - numbers.keys():
        raise Unnumbered(missing)
    return [_cells(counts, numbers).tobytes() for counts in counted]


def give_numbers(keys: Collection[Key]) -> None:
    """These keys have a number. To be called in a transaction of its own: others who number the
    same keys wait for its end."""
    # in one order, so that no two of them wait for one another
    rows = [AgreementKey(key=list(key)) for key in sorted(keys)]
    AgreementKey.objects.bulk_create(rows, ignore_conflicts=True)


def keys_of(numbers: Iterable[int]) -> dict[int, Key]:
    """Return the keys of these numbers. One query."""
    rows = AgreementKey.objects.filter(pk__in=set(numbers)).values_list("pk", "key")
    return {number: tuple(key) for number, key in rows}


def cells_of(stored: bytes | bytearray) -> Cells:
    """Return the cells of one pair, or of several whose bytes were joined."""
    return np.frombuffer(stored, CELL)


def packed(counts: Counts) -> bytes:
    """Return counts whose keys are too many to be numbered."""
    return zlib.compress(msgspec.json.encode([[*key, n] for key, n in sorted(counts.items())]), 1)


def unpacked(stored: bytes) -> Counts:
    """Return what `packed` was given."""
    rows: list[list[str | int]] = msgspec.json.decode(zlib.decompress(stored))
    return {tuple(map(str, key)): int(number) for *key, number in rows}


def _numbers(keys: Collection[Key]) -> dict[Key, int]:
    # as a list of JSON: arrays of different lengths are no array
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [msgspec.json.encode(sorted(keys)).decode()])
        return {tuple(key): number for number, key in cursor.fetchall()}


def _cells(counts: Counts, numbers: Mapping[Key, int]) -> Cells:
    return np.array(sorted((numbers[key], count) for key, count in counts.items()), CELL)
