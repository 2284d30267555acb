"""Every coefficient of values, relations and entities, with its coverage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.schema.naming import named
from annotations.schema.spec import Spec
from annotations.web.agreement.figures import Results, Shown
from annotations.web.agreement.naming import attribute_word, relation_word

WORDS: Mapping[tuple[str, str], str | Promise] = {
    ("percent", "nominal"): gettext_lazy("Percent"),
    ("scott_pi", "nominal"): gettext_lazy("Scott's pi"),
    ("cohen_kappa", "nominal"): gettext_lazy("Cohen's kappa"),
    ("ac1", "nominal"): gettext_lazy("Gwet's AC1"),
    ("ac2", "linear"): gettext_lazy("Gwet's AC2, linear"),
    ("alpha", "nominal"): gettext_lazy("Alpha"),
    ("alpha", "ordinal"): gettext_lazy("Alpha, ordinal"),
}
_VALUES = ("percent", "scott_pi", "cohen_kappa", "ac1", "ac2", "alpha")
LINKS = ("relation_f1", "target_accuracy", "entity_accuracy", "b_cubed")


@dataclass(frozen=True, slots=True)
class Figure:
    """One coefficient in one word."""

    word: str | Promise
    shown: Shown


@dataclass(frozen=True, slots=True)
class Compared:
    """All coefficients of one attribute over one kind of matched spans; the first has their number,
    their articles and the coverage of all."""

    attribute: str
    over: str
    figures: Sequence[Figure]


def of_values(
    spec: Spec, results: Results, label: str, pair: tuple[str, ...] | None
) -> list[Compared]:
    """Return the coefficients of every attribute of a label; what nobody compared is left out."""
    rows = results.every(*_VALUES, label=label, pair=pair)
    return [
        Compared(
            attribute_word(spec, key, label),
            over(matched),
            [Figure(WORDS[row["measure"], row["variant"]], shown) for row, shown in some],
        )
        for (key, matched), some in _together(rows)
        if some[0][1].n
    ]


def of_links(spec: Spec, results: Results) -> list[tuple[str, str, Shown]]:
    """Return what is known of relations and entities: what, over which spans, and the figure; what
    nobody drew is left out."""
    found = []
    for label in (None, *(each.key for each in spec.labels)):
        for row, shown in results.every(*LINKS, label=label):
            if shown.n:
                found.append((link_word(spec, row), over(row["matched"]), shown))
    return found


def _together(
    rows: Iterator[tuple[Mapping[str, Any], Shown]],
) -> Iterator[tuple[tuple[str, str], list[tuple[Mapping[str, Any], Shown]]]]:
    for key, some in groupby(rows, lambda each: (each[0]["attribute"], each[0]["matched"])):
        yield key, [*some]


def over(matched: str) -> str:
    return _("over equal spans") if matched == "exact" else _("over overlapping spans")


def link_word(spec: Spec, row: Mapping[str, Any]) -> str:
    if row["measure"] == "entity_accuracy":
        label = spec.label(row["label"])
        return _("%(label)s: the same entity") % {"label": named(label.name) if label else ""}
    if row["measure"] == "b_cubed":
        return _("The same mentions for an entity, whatever it is called (B-cubed)")
    word = relation_word(spec, row["attribute"])
    if row["measure"] == "relation_f1":
        return _("%(relation)s: F1 with both ends matched") % {"relation": word}
    return _("%(relation)s: the same, where both name one") % {"relation": word}
