"""How far a job is, in words: what is done of how much, how fast, how long it still takes.

Words are rounded the more, the more they tell of: what is read each second must not jump.
"""

from collections.abc import Callable

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.jobs.models import Job
from annotations.jobs.pace import pace_of

BYTES = frozenset({"load_articles", "survey_articles", "survey_annotations"})
PARTS = frozenset({"import_layers", "load_annotations"})
"""They go through their files several times: only how large a part is done can be told."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def figures(job: Job) -> str:
    """Return the words, joined by dots; "" while nothing is counted. No queries."""
    return " · ".join(filter(None, (_count(job), *_pace(job))))


def _count(job: Job) -> str:
    if not job.total:
        return _amount(job)(job.done) if job.done and job.kind not in PARTS else ""
    if job.kind in PARTS:
        return _("%(percent)s%%") % {"percent": min(job.done, job.total) * 100 // job.total}
    amount = _amount(job)
    return _("%(done)s of %(total)s") % {"done": amount(job.done), "total": amount(job.total)}


def _amount(job: Job) -> Callable[[float], str]:
    return filesizeformat if job.kind in BYTES else _number


def _number(number: float) -> str:
    return str(number_format(round(number), force_grouping=True))


def _pace(job: Job) -> tuple[str, ...]:
    pace = pace_of(job)
    if pace is None or job.cancel_requested:
        return ()
    rate = "" if job.kind in PARTS else _rate(pace.per_second, _amount(job))
    return rate, "" if pace.seconds_left is None else _left(pace.seconds_left)


def _rate(per_second: float, amount: Callable[[float], str]) -> str:
    """Two digits that count; by the minute where it is slow."""
    if per_second >= 1:
        return _("%(amount)s a second") % {"amount": amount(_two_digits(per_second))}
    per_minute = round(per_second * _MINUTE)
    return _("%(amount)s a minute") % {"amount": amount(per_minute)} if per_minute else ""


def _two_digits(number: float) -> float:
    return float(f"{number:.2g}")


def _left(seconds: float) -> str:
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 45:
        return _("less than a minute left")
    if seconds < 55 * _MINUTE:
        return _minutes(max(1, round(seconds / _MINUTE)))
    if seconds < _DAY:
        return _hours(max(1, round(seconds / _HOUR)))
    return _("more than a day left")


def _minutes(minutes: int) -> str:
    """Each of the last ten; before them by fives."""
    about = minutes if minutes <= 10 else 5 * round(minutes / 5)
    words = ngettext("about a minute left", "about %(n)s minutes left", about)
    return words % {"n": about}


def _hours(hours: int) -> str:
    return ngettext("about an hour left", "about %(n)s hours left", hours) % {"n": hours}
