"""The reasons of the record in the words of the reader's language."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.agreement import counted as layers
from annotations.agreement import together
from annotations.agreement.measures import scores

REASONS: Mapping[str, str | Promise] = {
    scores.TOO_FEW_LAYERS: _("no article has two layers to compare"),
    scores.NO_SPANS: _("no annotator placed such a span"),
    scores.NO_GAP: _("the spans leave no character unmarked"),
    scores.NO_MATCH: _("no matched spans carry this value on both sides"),
    scores.NO_RELATIONS: _("no annotator drew such a relation"),
    scores.NO_BOTH: _("no matched spans were linked by both annotators"),
    scores.NO_UNITS: _("no unit has values from two annotators"),
    scores.NO_VARIATION: _("every value is the same, so chance agreement cannot be told apart"),
    scores.TWO_LABELS: _(
        "one annotator's spans of two labels overlap, and a continuum has one layer"
    ),
    scores.TOO_LARGE: _("not computed: too large"),
    scores.TOO_FEW_UNITS: _("too few units for this measure"),
    scores.TOO_FEW_ARTICLES: _("too few articles to tell a difference from chance"),
    scores.TOO_FEW_ANNOTATORS: _("too few annotators for this measure"),
    layers.WITHDRAWN: _("the article was withdrawn"),
    layers.NO_LAYER: _("no layer of it counts"),
    layers.ONE_LAYER: _("only one layer of it counts"),
    layers.NOT_BEGUN: _("not begun"),
    layers.NOT_SUBMITTED: _("not submitted"),
    layers.REOPENED: _("reopened and not submitted again"),
    layers.SKIPPED: _("skipped by the annotator"),
    together.CHANGED: _("a layer of it changed since the run"),
    layers.LOADING: _("still being loaded"),
}


def in_words(reason: str) -> str | Promise:
    """Return the reason for the reader; one of an older release stands as it was written."""
    return REASONS.get(reason, reason)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many articles or layers were left out for one reason."""

    reason: str | Promise
    number: int


def left_out(numbers: Mapping[str, int]) -> list[LeftOut]:
    """Return how many there are for each reason, the most first."""
    counted = Counter(numbers).most_common()
    return [LeftOut(in_words(reason), number) for reason, number in counted]
