"""What repeats what: a statement that equals an earlier one of the same scope counts once.

`design/dna.md`, Pipeline 4. DNA's `month` and `week` compare the number without the year (March 2024
repeats March 2025); here they have the year, and DNA's rule has names of its own.
"""

from collections.abc import Hashable
from datetime import UTC, datetime
from enum import StrEnum


class Scope(StrEnum):
    """Within what equal statements count once."""

    DOCUMENT = "document"
    NONE = "none"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALWAYS = "always"
    WEEK_OF_ANY_YEAR = "week-of-any-year"
    MONTH_OF_ANY_YEAR = "month-of-any-year"


def period(scope: Scope, at: int | None, document: int) -> Hashable:
    """The scope that a statement of this moment (Unix seconds, UTC) and document falls into. Weeks
    are those of ISO 8601. Without a moment it is the document, except in `ALWAYS`."""
    if scope is Scope.ALWAYS:
        return None
    if scope is Scope.DOCUMENT or at is None:
        return (document,)
    day = datetime.fromtimestamp(at, UTC)
    year, week, _ = day.isocalendar()
    found: dict[Scope, Hashable] = {
        Scope.WEEK: (year, week),
        Scope.MONTH: (day.year, day.month),
        Scope.YEAR: day.year,
        Scope.WEEK_OF_ANY_YEAR: week,
        Scope.MONTH_OF_ANY_YEAR: day.month,
    }
    return found[scope]
