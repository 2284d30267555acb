"""What the choices of formats are called, and their values."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Names = Mapping[str, str | Promise]
"""By key or word."""

GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Network"), ("network", "ties", "qualifier", "normalisation", "actors")),
    (_("What counts"), ("layers", "duplicates", "unlinked", "hedged", "isolates")),
    (_("Time"), ("since", "until", "window", "size", "kernel")),
    (_("File"), ("punctuation", "highlight")),
)

OPTIONS: Names = {
    "network": _("What is tied"),
    "ties": _("Ties"),
    "qualifier": _("Made of"),
    "normalisation": _("Divided by"),
    "actors": _("Actors are"),
    "layers": _("Layers"),
    "duplicates": _("Said again"),
    "unlinked": _("Unlinked holders and targets"),
    "hedged": _("Conditional, denied and doubted stances"),
    "isolates": _("Nodes whose stances do not count"),
    "since": _("From (day)"),
    "until": _("Until (day)"),
    "window": _("Windows of"),
    "size": _("Size of a window"),
    "kernel": _("Within a window"),
    "punctuation": _("Semicolons, quotation marks, line breaks"),
    "highlight": _("Colour the names of entities in the texts"),
}

_KEPT: dict[str, str | Promise] = {"kept": _("are in it"), "left-out": _("are left out")}

VALUES: Mapping[str, Names] = {
    "network": {
        "actors-concepts": _("actors and concepts"),
        "actors": _("actors with actors"),
        "concepts": _("concepts with concepts"),
    },
    "ties": {
        "subtract": _("agreement minus disagreement"),
        "ignore": _("number of stances"),
        "congruence": _("agreement (congruence)"),
        "conflict": _("disagreement (conflict)"),
        "combine": _("combined: 1 for, 2 against, 3 both"),
    },
    "qualifier": {
        "agreement": _("for and against"),
        "strength": _("strength, from −3 to 3"),
        "polarity": _("polarity, without an order"),
    },
    "normalisation": {
        "none": _("nothing"),
        "activity": _("activity: stances of the actor"),
        "prominence": _("prominence: stances toward the concept"),
        "average": _("average activity of both"),
        "jaccard": _("all they say (Jaccard)"),
        "cosine": _("product of activities (“cosine” in DNA)"),
    },
    "duplicates": {
        "document": _("counts once in an article"),
        "none": _("counts each time"),
        "week": _("counts once in a week"),
        "month": _("counts once in a month"),
        "year": _("counts once in a year"),
        "always": _("counts once"),
        "week-of-any-year": _("once in a week of any year (as in DNA)"),
        "month-of-any-year": _("once in a month of any year (as in DNA)"),
    },
    "actors": {
        "holder": _("holders of stances"),
        "person": _("persons only"),
        "organisation": _("organisations, also those that persons are part of"),
        "source": _("sources of the articles"),
        "author": _("authors of the articles"),
    },
    "layers": {
        "gold-first": _("gold; all where there is none"),
        "gold": _("gold only"),
        "all": _("all"),
    },
    "unlinked": _KEPT,
    "hedged": _KEPT
    | {"apart": _("are a statement type of their own"), "together": _("are like all others")},
    "isolates": {"no": _("are left out"), "yes": _("are in it")},
    "window": {
        "none": _("none: all of the time is one"),
        "days": _("days"),
        "weeks": _("weeks"),
        "months": _("months"),
        "years": _("years"),
        "events": _("stances, one after another"),
    },
    "kernel": {
        "none": _("all count alike"),
        "uniform": _("one half each (uniform kernel)"),
        "triangular": _("less toward the edges (triangular)"),
        "epanechnikov": _("less toward the edges (Epanechnikov)"),
        "gaussian": _("less toward the edges (Gaussian)"),
    },
    "punctuation": {"kept": _("stay as they are"), "as-dna": _("are replaced, as DNA does")},
    "highlight": {"no": _("no"), "yes": _("yes")},
}
