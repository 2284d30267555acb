"""Doubts in words, each with its threshold."""

from collections.abc import Iterable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from annotations.agreement.measures import doubts
from annotations.agreement.measures.doubts import Doubt

MOST_DIGITS = 6


def sentences(found: Iterable[Doubt], words: Mapping[str, str] | None = None) -> list[str]:
    """Return a sentence for each doubt; `words` are those of the values."""
    return [_sentence(doubt, (words or {}).get(doubt.about, doubt.about)) for doubt in found]


def _sentence(doubt: Doubt, about: str) -> str:
    if doubt.kind == "few":
        return _(
            "Only %(number)s units, fewer than %(least)s: read the interval, not the figure."
        ) % {
            "number": number_format(doubt.measured, 0),
            "least": doubts.FEW_UNITS,
        }
    if doubt.kind == "skewed":
        return _(
            "“%(value)s” is %(share)s %% of all values, more than %(most)s %%: coefficients that correct"
            " for chance are low for that alone; read AC1 beside them."
        ) % {
            "value": about,
            "share": _percent(doubt.measured, doubts.SKEWED),
            "most": _percent(doubts.SKEWED),
        }
    if doubt.kind == "sparse":
        return _("“%(value)s” was given %(number)s times, fewer than %(least)s.") % {
            "value": about,
            "number": number_format(doubt.measured, 0),
            "least": doubts.SPARSE,
        }
    if doubt.kind == "apart":
        return _(
            "Without %(name)s the others agree better: F1 is higher by %(gain)s, more than %(most)s."
        ) % {
            "name": about,
            "gain": _above(doubt.measured, doubts.APART, 3),
            "most": number_format(doubts.APART, 2),
        }
    return _(
        "%(share)s %% of the loss, more than %(most)s %%, is only boundaries: a rule for them would help"
        " most."
    ) % {
        "share": _percent(doubt.measured, doubts.MOSTLY_BOUNDARIES),
        "most": _percent(doubts.MOSTLY_BOUNDARIES),
    }


def _percent(share: float, threshold: float = -1) -> str:
    return _above(100 * share, 100 * threshold, 0)


def _above(measured: float, threshold: float, digits: int) -> str:
    """Return a number with so many digits, or as many more as it takes to read above its threshold."""
    while digits < MOST_DIGITS and round(measured, digits) <= threshold:
        digits += 1
    # number_format cuts what is behind the last digit
    return number_format(round(measured, digits), digits)
