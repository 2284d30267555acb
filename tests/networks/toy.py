"""The example of `design/dna.md`, "Numbers to test against": nine statements in four articles."""

from datetime import UTC, datetime

from annotations.networks.counting import Statement

A, B, C = range(3)
X, Y = range(2)
AGAINST, FOR = range(2)


def _moment(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def _said(day: str, document: int, row: int, column: int, level: int) -> Statement:
    return Statement(row, column, level, _moment(day), document)


STATEMENTS = [
    _said("2024-03-01", 1, A, X, FOR),
    _said("2024-03-01", 1, A, X, FOR),
    _said("2024-03-01", 1, A, Y, AGAINST),
    _said("2024-03-09", 2, B, X, FOR),
    _said("2024-03-09", 2, B, Y, FOR),
    _said("2025-03-02", 3, A, X, FOR),
    _said("2025-03-02", 3, C, X, AGAINST),
    _said("2025-03-02", 3, C, Y, AGAINST),
    _said("2025-03-20", 4, B, X, AGAINST),
]
