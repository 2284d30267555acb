"""Doubts in words, each with its threshold."""

from collections.abc import Iterable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from annotations.agreement.measures import doubts
from annotations.agreement.measures.doubts import Doubt


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
        ) % {"value": about, "share": _percent(doubt.measured), "most": _percent(doubts.SKEWED)}
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
            "gain": number_format(round(doubt.measured, 3), 3),
            "most": number_format(doubts.APART, 2),
        }
    return _(
        "%(share)s %% of the loss, more than %(most)s %%, is only boundaries: a rule for them would help"
        " most."
    ) % {
        "share": _percent(doubt.measured),
        "most": _percent(doubts.MOSTLY_BOUNDARIES),
    }


def _percent(share: float) -> str:
    # number_format cuts what is behind the last digit
    return number_format(round(100 * share), 0)
