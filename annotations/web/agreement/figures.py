"""One figure as a reader sees it: number, interval, and the line that shows where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise

from annotations.agreement.measures.permutation import Difference
from annotations.agreement.models import AgreementRun
from annotations.agreement.results import figures as every_figure
from annotations.web.agreement.asking import way
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
class Apart:
    """A difference in digits, with p; `undefined` says why there is none."""

    difference: str
    p: str
    is_more_than_chance: bool
    undefined: str | Promise


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with all that must stand beside it; `undefined` says why there is no value, `url`
    leads to the spans that are not alike."""

    value: float | None
    low: float | None
    high: float | None
    sd: float | None
    n: int
    articles: int
    coverage: float | None
    undefined: str | Promise
    bar: Bar | None
    url: str

    @property
    def few(self) -> bool:
        return self.n < FEW


class Results:
    """The rows of a run's results, found by what they are of."""

    def __init__(self, run: AgreementRun) -> None:
        self._campaign = run.campaign.slug
        self._rows = {_key(row): row for row in every_figure(run)}

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
        return self._shown(self._rows[measure, variant, label, attribute, matched, pair])

    def every(
        self, *measures: str, label: str | None = None, pair: tuple[str, ...] | None = None
    ) -> Iterator[tuple[Mapping[str, Any], Shown]]:
        """Yield the rows of these measures over a label (None: over all) and a pair, in the order of
        the run, each with its figure."""
        for row in self._rows.values():
            if row["measure"] in measures and row["label"] == label and _pair(row) == pair:
                yield row, self._shown(row)

    def _shown(self, row: Mapping[str, Any]) -> Shown:
        return _shown(row, way(self._campaign, **_behind(row)))

    def pairs(self) -> list[tuple[str, ...]]:
        return sorted({key[5] for key in self._rows if key[5]})


def _key(row: Mapping[str, Any]) -> Key:
    what = row["measure"], row["variant"], row["label"], row["attribute"], row["matched"]
    return *what, _pair(row)


def _pair(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    return tuple(row["pair"]) if row["pair"] else None


def _behind(row: Mapping[str, Any]) -> dict[str, object]:
    """Return the spans that make a figure less than 1, in the words of an address."""
    where: dict[str, object] = {"label": row["label"], "pair": _pair(row)}
    named = where | {"variant": row["matched"], "detail": row["attribute"]}
    match row["measure"]:
        case "funnel":
            return where | {"what": "lost", "step": row["variant"], "detail": row["attribute"]}
        case "span_f1":
            return where | {"what": "alone", "variant": row["variant"]}
        case "u_alpha" | "gamma":
            return where | {"what": "alone", "variant": "overlap"}
        case "gamma_cat" | "gamma_k" | "cu_alpha" | "ku_alpha":
            return where | {"what": "lost", "step": "label"}
        case "relation_f1" | "target_accuracy":
            return named | {"what": "relation"}
        case "entity_accuracy" | "b_cubed":
            return named | {"what": "entity"}
        case _:
            return named | {"what": "value"}


def _shown(row: Mapping[str, Any], url: str) -> Shown:
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
        bar=bar_of(row["value"], interval["low"], interval["high"]),
        url=url,
    )


def bar_of(value: float | None, low: float | None, high: float | None) -> Bar | None:
    """Return the line of a figure with its interval; None without a value."""
    if value is None:
        return None
    at = _place(value)
    start, end = (at, at) if low is None or high is None else (_place(low), _place(high))
    return Bar(f"{at:.1f}", f"{start:.1f}", f"{end - start:.1f}")


def _place(value: float) -> float:
    return 100 * min(max(value, 0.0), 1.0)


def apart_of(found: Difference) -> Apart:
    """Return a difference as it is shown; p is that of any of the parts that were tested."""
    return Apart(
        difference="" if found.value is None else signed(found.value),
        p="" if found.of_any is None else rounded(found.of_any),
        is_more_than_chance=found.is_more_than_chance,
        undefined=in_words(found.undefined) if found.undefined else "",
    )


def signed(number: float) -> str:
    """Return a difference in digits, with its sign."""
    sign = "" if round(number, 3) == 0 else "+" if number > 0 else "−"
    return sign + rounded(abs(number))


def rounded(number: float) -> str:
    """Return a number with three digits."""
    # number_format cuts what is behind the last digit
    return number_format(round(number, 3), 3)
