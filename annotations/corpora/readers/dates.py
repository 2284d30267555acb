"""When an article was published, as people and programs write it: a moment in UTC.

Read are ISO 8601 (compact, too), ``2024-05-03 14:02:11``, numeric dates with ``/``, ``.`` or ``-``,
dates with the name of the month in Indonesian or English, a day of the week before them and a time
and zone behind them (so RFC 2822, and ``Jumat, 3 Mei 2024 14.02 WIB``), and seconds or milliseconds
since 1970. A date alone is its midnight; where no zone is named, the time is UTC.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from annotations.corpora.readers.drafts import Reason, UnfitError, shown

_LONGEST = 100  # code points: more is no date
_FLAGS = re.ASCII | re.IGNORECASE

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.(?P<fraction>\d{1,9}))?)?([Zz]|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus agust august agu agt ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = (
    "senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
)
# hours east of Greenwich: Indonesia's three, and those of RFC 2822
_ZONES = dict(
    zip(
        [
            "z",
            "ut",
            "utc",
            "gmt",
            "wib",
            "wita",
            "wit",
            "est",
            "edt",
            "cst",
            "cdt",
            "mst",
            "mdt",
            "pst",
            "pdt",
        ],
        (0, 0, 0, 0, 7, 8, 9, -5, -4, -6, -5, -7, -6, -8, -7),
        strict=True,
    )
)
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ .,/-]{{1,2}}(?P<name>{_NAMED})[ .,/-]{{1,2}}(?P<year>\d{{4}})",
    rf"(?P<name>{_NAMED})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
)
_TIME = (
    r"(?:(?: ?T ?| ?[,|–—-]? ?(?:(?:pukul|pkl\.?|jam|at|@) )?)"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<seconds>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?)?"
)
_COMPACT = r"T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<seconds>\d\d)?(?P<fraction>(?!))?(?P<half>(?!))?"
_ZONE = (
    rf"(?: ?\(?(?:(?P<zone>{'|'.join(_ZONES)})(?![a-z+-])|(?:utc|gmt)?(?P<sign>[+-])"
    r"(?P<east>\d{1,2})(?::?(?P<past>\d\d))?)\)?(?: \([^()]{1,60}\))?)?"
)
_SHAPES = tuple(
    re.compile(rf"(?:(?:{_DAYS})\.?,? )?{date}{time}{_ZONE}", _FLAGS)
    for date, time in (*((date, _TIME) for date in _DATES), (_DATES[-1], _COMPACT))
)
_NUMERIC = _SHAPES[1]
_SECONDS = re.compile(r"\d{9,10}(\.\d{1,9})?", re.ASCII)
_MILLISECONDS = re.compile(r"\d{13}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """What comes first where a date is written in numbers, as 03/05/2024."""

    DAY = "day"
    MONTH = "month"


def usual_order(language: str) -> Order:
    """Return what comes first where people write this language: the month in the United States."""
    return Order.MONTH if language.lower() == "en-us" else Order.DAY


def moment(written: str, order: Order | None = None) -> datetime:
    """Return the moment in UTC. Raises UnfitError where it is none (`published`), or where only an
    `order` can tell the day from the month: none was given (`published_unclear`), or another than
    the date can have (`published_day_first`, `published_month_first`)."""
    iso = _ISO.fullmatch(written)
    try:
        if iso is not None:
            _exact(iso["fraction"])
            return _in_utc(datetime.fromisoformat(written.upper()))
        return _moment(_flat(written), order)
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnfitError):
            raise
        raise UnfitError("published", field="published", value=written[:40]) from error


def order_of(written: str) -> Order | None:
    """Return the order that this date has whatever others have, or None: it is not numeric, may
    have both, or is no date."""
    found = _NUMERIC.fullmatch(_flat(written))
    orders = _orders(found) if found else ()
    return orders[0] if len(orders) == 1 else None


class Dates:
    """Reads the dates of one file, whose numeric ones have the same order.

    `order` is what somebody said it is. Else a date that has one order only is read by that, and
    any other by what all dates of the file tell (`written` gives them, and is called once, when it
    is first needed), or by `otherwise` where they tell nothing, or both. `note` is told how it was
    decided then, and of the first date that is still to come.
    """

    def __init__(
        self,
        order: Order | None,
        otherwise: Order,
        written: Callable[[], Iterable[str]],
        note: Callable[[Reason], None],
    ) -> None:
        self._order = order
        self._otherwise = otherwise
        self._written = written
        self._note = note
        self._order_of_unclear: Order | None = None
        self._latest = datetime.now(UTC) + timedelta(days=1)  # anywhere it is not later than that

    def moment(self, written: str) -> datetime:
        """As the function of this name, and always with an order."""
        found = self._moment(written)
        if found > self._latest:
            self._latest = datetime.max.replace(tzinfo=UTC)
            self._note(Reason("future_dates", {"value": shown(written[:40])}))
        return found

    def _moment(self, written: str) -> datetime:
        if self._order:
            return moment(written, self._order)
        try:
            return moment(written)
        except UnfitError as unfit:
            if unfit.reason.code != "published_unclear":
                raise
        self._order_of_unclear = self._order_of_unclear or self._decide(written)
        return moment(written, self._order_of_unclear)

    def _decide(self, example: str) -> Order:
        told: set[Order] = set()
        for one in self._written():
            told |= {order for order in (order_of(one),) if order}
            if len(told) > 1:
                break
        ground = ("assumed", "found", "mixed")[len(told)]
        order = min(told) if ground == "found" else self._otherwise
        self._note(Reason(f"dates_{ground}_{order}", {"value": shown(example[:40])}))
        return order


def _flat(written: str) -> str:
    """Return `written` with single blanks, unless it is too long for a date."""
    return " ".join(written.split()) if len(written) <= _LONGEST else ""


def _moment(written: str, order: Order | None) -> datetime:
    if _SECONDS.fullmatch(written):
        whole, _, fraction = written.partition(".")
        return _EPOCH + timedelta(seconds=int(whole), microseconds=int(f"{fraction[:6]:0<6}"))
    if _MILLISECONDS.fullmatch(written):
        return _EPOCH + timedelta(milliseconds=int(written))
    found = next(filter(None, (shape.fullmatch(written) for shape in _SHAPES)), None)
    if found is None:
        raise ValueError(written)
    year, month, day = _day(found, order, written)
    hour, minute, seconds, microseconds = _time(found)
    return _in_utc(
        datetime(year, month, day, hour, minute, seconds, microseconds, tzinfo=_zone(found))
    )


def _day(found: re.Match[str], order: Order | None, written: str) -> tuple[int, int, int]:
    parts = found.groupdict()
    year = int(parts["year"])
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        day, month = (second, first) if _chosen(found, order, written) else (first, second)
        return year, month, day
    month = _MONTHS[parts["name"].lower()] if "name" in parts else int(parts["month"])
    return year, month, int(parts["day"])


def _chosen(found: re.Match[str], order: Order | None, written: str) -> bool:
    """Whether the month comes first."""
    possible = _orders(found)
    if found["first"] == found["second"] or not possible:
        return False  # both orders say the same: a day, or none
    if order is None and len(possible) > 1:
        raise UnfitError("published_unclear", field="published", value=written[:40])
    if order is not None and order not in possible:
        raise UnfitError(f"published_{order}_first", field="published", value=written[:40])
    return (order or possible[0]) is Order.MONTH


def _orders(found: re.Match[str]) -> tuple[Order, ...]:
    """Return the orders in which the numbers can be a day and a month."""
    first, second = int(found["first"]), int(found["second"])
    day_first = (Order.DAY,) if 1 <= second <= 12 and 1 <= first <= 31 else ()
    month_first = (Order.MONTH,) if 1 <= first <= 12 and 1 <= second <= 31 else ()
    return day_first + month_first


def _time(found: re.Match[str]) -> tuple[int, int, int, int]:
    if found["hour"] is None:
        return 0, 0, 0, 0
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    fraction = _exact(found["fraction"])
    return hour, int(found["minute"]), int(found["seconds"] or 0), int(f"{fraction[:6]:0<6}")


def _exact(fraction: str | None) -> str:
    """Return the digits of a fraction. Raises ValueError where it is finer than a microsecond."""
    if (fraction or "")[6:].strip("0"):
        raise ValueError(fraction)
    return fraction or ""


def _zone(found: re.Match[str]) -> timezone:
    if found["zone"]:
        return timezone(timedelta(hours=_ZONES[found["zone"].lower()]))
    if not found["sign"]:
        return UTC
    if int(found["past"] or 0) > 59:
        raise ValueError(found["past"])
    east = timedelta(hours=int(found["east"]), minutes=int(found["past"] or 0))
    return timezone(-east if found["sign"] == "-" else east)


def _in_utc(when: datetime) -> datetime:
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
