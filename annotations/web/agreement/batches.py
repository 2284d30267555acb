"""The names of batches: when their articles were loaded, as exactly as tells them apart."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from annotations.agreement.parts import moment_of

Word = Callable[[datetime], str]


def batch_words(batches: Sequence[str]) -> Mapping[str, str]:
    """Return the name of each batch: its minute; of those of one minute the second, too, or a part of it."""
    return _apart(batches, [_minute, *map(_second, (0, 3, 6))])


def short_words(batches: Sequence[str]) -> Mapping[str, str]:
    """Return the shortest name of each batch, for a chart: its day; of those of one day the time."""
    return _apart(batches, [_day, _time, *map(_bare_second, (0, 3, 6))])


def _apart(batches: Sequence[str], words: Sequence[Word]) -> Mapping[str, str]:
    """Return the first of the words of each batch that no other one has; else the last."""
    moments = {batch: timezone.localtime(moment_of(batch)) for batch in batches}
    found: dict[str, str] = {}
    for word in words:
        some = {batch: word(moment) for batch, moment in moments.items()}
        often = Counter(some.values())
        found |= some
        moments = {batch: at for batch, at in moments.items() if often[some[batch]] > 1}
    return found


def _day(moment: datetime) -> str:
    return date_format(moment, "j M Y")


def _time(moment: datetime) -> str:
    return date_format(moment, "H:i")


def _minute(moment: datetime) -> str:
    return date_format(moment, "j M Y, H:i")


def _second(digits: int) -> Word:
    def word(moment: datetime) -> str:
        told = {"minute": _minute(moment), "second": _seconds(moment, digits)}
        return _("%(minute)s, second %(second)s") % told

    return word


def _bare_second(digits: int) -> Word:
    return lambda moment: _("second %(second)s") % {"second": _seconds(moment, digits)}


def _seconds(moment: datetime, digits: int) -> str:
    # number_format cuts what is behind the last digit
    return number_format(moment.second + Decimal(moment.microsecond) / 1_000_000, digits)
