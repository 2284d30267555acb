"""The array X[i, j, k]: how many statements tie row i to column j with level k. Sparse."""

from collections.abc import Iterable, Mapping, Sequence

from annotations.networks.counting import Cell

Cube = Mapping[int, Mapping[int, Sequence[float]]]
"""By row and column, a number for each level. Only where there is any."""


def cube(counted: Iterable[tuple[Cell, float]], levels: int) -> Cube:
    """Equal cells add up (`design/dna.md`, Pipeline 6)."""
    made: dict[int, dict[int, list[float]]] = {}
    for (row, column, level), count in counted:
        columns = made.setdefault(row, {})
        if column not in columns:
            columns[column] = [0] * levels
        columns[column][level] += count
    return made


def transposed(given: Cube) -> Cube:
    """Columns as rows: concepts tied by the actors they share."""
    turned: dict[int, dict[int, Sequence[float]]] = {}
    for row, columns in given.items():
        for column, numbers in columns.items():
            turned.setdefault(column, {})[row] = numbers
    return turned


def activities(given: Cube) -> Mapping[int, float]:
    """A_i = sum of X[i, j, k] over j and k: how many statements each row has."""
    return {row: sum(map(sum, columns.values())) for row, columns in given.items()}


def pairs(given: Cube) -> int:
    """How many pairs of rows share a column, each pair once for each column: what the ties of a
    one-mode network cost."""
    sharing: dict[int, int] = {}
    for columns in given.values():
        for column in columns:
            sharing[column] = sharing.get(column, 0) + 1
    return sum(count * (count - 1) // 2 for count in sharing.values())
