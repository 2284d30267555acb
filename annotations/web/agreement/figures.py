"""One figure as a reader sees it: number, interval, and the line that shows where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from annotations.web.agreement.reasons import in_words

FEW = 50
"""Below so many units a figure says little: its interval is what to read."""

Key = tuple[str, str, str | None, str | None, str | None, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line from 0 to 1, a hundred units long, in the numbers of SVG. What is below 0 (alpha can
    be) stands at its start."""

    at: str
    low: str
    width: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with all that must stand beside it; `undefined` says why there is no value."""

    value: float | None
    low: float | None
    high: float | None
    sd: float | None
    n: int
    articles: int
    coverage: float | None
    undefined: str | Promise
    bar: Bar | None

    @property
    def few(self) -> bool:
        return self.n < FEW


class Results:
    """The rows of a run's results, found by what they are of."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = {_key(row): row for row in rows}

    def shown(
        self,
        measure: str,
        variant: str,
        label: str | None = None,
        *,
        attribute: str | None = None,
        matched: str | None = None,
        pair: tuple[str, ...] | None = None,
    ) -> Shown:
        return _shown(self._rows[measure, variant, label, attribute, matched, pair])

    def pairs(self) -> list[tuple[str, ...]]:
        return sorted({key[5] for key in self._rows if key[5]})


def _key(row: Mapping[str, Any]) -> Key:
    pair = row["pair"] and tuple(row["pair"])
    return row["measure"], row["variant"], row["label"], row["attribute"], row["matched"], pair


def _shown(row: Mapping[str, Any]) -> Shown:
    interval = row["interval"] or {"low": None, "high": None}
    coverage = row["coverage"]
    return Shown(
        value=row["value"],
        low=interval["low"],
        high=interval["high"],
        sd=row["sd"],
        n=row["n"],
        articles=row["articles"],
        coverage=None if coverage is None else 100 * coverage,
        undefined=in_words(row["undefined"]) if row["undefined"] else "",
        bar=_bar(row["value"], interval["low"], interval["high"]),
    )


def _bar(value: float | None, low: float | None, high: float | None) -> Bar | None:
    if value is None:
        return None
    at = _place(value)
    start, end = (at, at) if low is None or high is None else (_place(low), _place(high))
    return Bar(f"{at:.1f}", f"{start:.1f}", f"{end - start:.1f}")


def _place(value: float) -> float:
    return 100 * min(max(value, 0.0), 1.0)
