"""From a line of the worked examples to the figure it asks for: one function per measure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from annotations.agreement.measures import boundaries, entities, kappa, relations, unitizing
from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.coding import values_of
from annotations.agreement.measures.dawid_skene import dawid_skene
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.fscore import span_f1
from annotations.agreement.measures.gamma.measure import (
    Chance,
    Gammas,
    disorder,
    gammas,
    gammas_given,
)
from annotations.agreement.measures.gamma.units import Dissimilarity
from annotations.agreement.measures.gwet import ac1, ac2, weighting
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import VARIANTS, Mark, paired, tally
from annotations.agreement.measures.unitizing_1995 import Legacy, alpha_u_1995

Given = Mapping[str, Any]
Computed = float | None | list[float | None]


class Asked(dict[str, Any]):
    """The input of an example that knows which parameters were looked at."""

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._read.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add(name)
        return super().get(name, default)

    @property
    def unread(self) -> list[str]:
        return sorted(self.keys() - self._read)


def computed(measure: str, given: Given) -> Computed:
    """Return what `measure` is for this input, None where it is undefined.

    Raises LookupError for a measure that is not known here.
    """
    if measure not in MEASURES:
        known = ", ".join(sorted(MEASURES))
        raise LookupError(f"No measure is called {measure}; those known are {known}.")
    return MEASURES[measure](given)


def units(given: Given) -> list[list[Any]]:
    """Return the units as they stand, or those that a confusion table of two observers counts."""
    if "units" in given:
        return [list(unit) for unit in given["units"]]
    table = given["table"]
    names = given.get("categories") or range(len(table))
    return [
        [names[i], names[j]]
        for i, row in enumerate(table)
        for j, number in enumerate(row)
        for _ in range(number)
    ]


def order(given: Given) -> list[Any] | None:
    """Return the values there are to choose from, where the example names them."""
    if "table" in given and not given.get("categories"):
        return list(range(len(given["table"])))
    return given.get("order") or given.get("categories")


def alpha_at(level: str) -> Callable[[Given], float | None]:
    return lambda given: alpha(units(given), given.get("level", level), order(given)).value


def weights(given: Given, default: Any = None) -> Any:
    """Return the weights: by name, or a table, in which nothing on the diagonal says that it holds
    disagreement (as Cohen 1968 wrote it) and not credit."""
    named = given.get("weights", default)
    if named is None or isinstance(named, str):
        return named
    table = np.array(named, dtype=float)
    return table if table.diagonal().any() else 1 - table / max(table.max(), 1)


def cohen(given: Given) -> float | None:
    coded, named = units(given), weights(given)
    values = order(given) or values_of(coded)
    table = weighting(values, named) if isinstance(named, str) else named
    return kappa.cohen(coded, values, table).value


def mark(span: Any) -> Mark:
    """Return a span: [start, end, label], with a value after it, or its fragments before it."""
    if isinstance(span, Mapping):
        fragments = span.get("fragments") or [[span["start"], span["end"]]]
        label, value = span.get("label", ""), span.get("value")
        entity = span.get("entity")
    elif isinstance(span[0], Sequence):
        fragments, label, value, entity = span[0], *[*span[1:], "", None][:2], None
    else:
        fragments, label, value, entity = [span[:2]], *[*span[2:], "", None][:2], None
    said = {} if value is None or value == "?" else {"value": str(value)}
    return Mark(str(label), [tuple(each) for each in fragments], said, entity)


def value_of(span: Any) -> Any:
    """Return the value of a span as it stands: numbers stay numbers."""
    if isinstance(span, Mapping):
        return span.get("value")
    rest = [*span[1 if isinstance(span[0], Sequence) else 2 :], None, None]
    return rest[1]


def marks(spans: Sequence[Any], given: Given) -> list[Mark]:
    found = [mark(span) for span in of_label(spans, given)]
    if given.get("labels", True):
        return found
    return [Mark("", each.fragments, each.values, each.entity) for each in found]


def of_label(spans: Sequence[Any], given: Given) -> list[Any]:
    """Return the spans of the label that the example is about; all, if it names none."""
    only = given.get("label")
    return [span for span in spans if only is None or mark(span).label == only]


def variant(given: Given, default: str = "exact") -> str:
    mode = given.get("mode", default)
    return f"iou:{given.get('threshold', 0.5)}" if mode == "iou" else str(mode)


def span_f1_by(mode: str) -> Callable[[Given], float | None]:
    def f1(given: Given) -> float | None:
        sides = (
            [(each.label, each.fragments) for each in marks(given[side], given)] for side in "ab"
        )
        return span_f1(*sides, variant(given, mode)).value

    return f1


def pairwise_f1(given: Given) -> float | None:
    """Return the mean over pairs of annotators: the product's own way where it has the matching,
    and always only over the articles that both of a pair saw."""
    people, how = given["annotators"], variant(given)
    if how in VARIANTS:
        return corpus_f1(people, how, given)
    found = []
    for one, other in combinations(sorted(people), 2):
        sides: list[list[Any]] = [[], []]
        for at, article in enumerate(sorted(people[one].keys() & people[other].keys())):
            for side, name in zip(sides, (one, other), strict=True):
                side += [
                    ((at, each.label), each.fragments)
                    for each in marks(people[name][article], given)
                ]
        found.append(span_f1(*sides, how).value)
    defined = [each for each in found if each is not None]
    return sum(defined) / len(defined) if defined else None


def corpus_f1(people: Mapping[str, Any], how: str, given: Given) -> float | None:
    articles = sorted({article for each in people.values() for article in each})
    rows = [
        Row(at, (one, other), 1.0, tally(reach(sides), *sides))
        for one, other in combinations(sorted(people), 2)
        for at, article in enumerate(articles)
        if article in people[one] and article in people[other]
        for sides in [[marks(people[name][article], given) for name in (one, other)]]
    ]
    labels = {
        each.label for row in people.values() for s in row.values() for each in marks(s, given)
    }
    found = figures(rows, Questions(tuple(sorted(labels)), (), replicates=0))
    return next(f.value for f in found if (f.label, f.pair, f.variant) == (None, None, how))


def reach(sides: Sequence[Sequence[Mark]]) -> int:
    return max((each.fragments[-1][1] for side in sides for each in side), default=1)


def matched(given: Given, spans: Callable[[Any], Any] = lambda side: side) -> Any:
    """Return both sides' marks and how they are paired; by overlap unless the example says."""
    first, second = (marks(spans(given[side]), given) for side in "ab")
    (matching,) = paired(first, second, [variant(given, "overlap")])
    return first, second, matching


def boundary_distance(given: Given) -> list[float | None]:
    counts = boundaries.count(*matched(given))
    return [boundaries.distances(counts, edge).value for edge in ("start", "end")]


def attribute_alpha(given: Given) -> float | None:
    _, _, matching = matched(given)
    pairs = zip(matching.first.tolist(), matching.second.tolist(), strict=True)
    one, other = ([value_of(span) for span in of_label(given[side], given)] for side in "ab")
    values = [(one[i], other[j]) for i, j in pairs]
    return alpha(values, given.get("level", "nominal"), order(given)).value


def relation_f1(given: Given) -> float | None:
    first, second, matching = matched(given, lambda side: side["spans"])
    how = variant(given, "overlap")
    layers = (
        Linked(there, [relation(each, len(there)) for each in given[side]["relations"]])
        for there, side in ((first, "a"), (second, "b"))
    )
    counts = relations.count(*layers, matching, how)
    return relations.relation_f1(counts, how, given.get("kind")).value


def relation(said: Sequence[Any], spans: int) -> Relation:
    """Return a relation [source, target, kind]: a place among the spans, an entity's name, or None
    for the article."""
    source, target, kind = said
    for end in (source, target):
        if isinstance(end, int) and not 0 <= end < spans:
            raise ValueError(f"a relation to span {end}, where there are {spans}")
    return Relation(str(kind), source, target)


def entity(figure: Callable[[entities.Cells], Any]) -> Callable[[Given], float | None]:
    def of(given: Given) -> float | None:
        how = variant(given, "overlap")
        value: float | None = figure(
            entities.cells(entities.count(*matched(given), how), how)
        ).value
        return value

    return of


def unitized(measure: Callable[..., Any]) -> Callable[[Given], float | None]:
    def of(given: Given) -> float | None:
        where = {"begin": given.get("begin", 0), "length": given["length"]}
        named = {name: given[name] for name in ("k", "label") if name in given}
        value: float | None = measure(given["observers"], **named, **where).value
        return value

    return of


def legacy(part: Callable[[Legacy], float | None]) -> Callable[[Given], float | None]:
    def of(given: Given) -> float | None:
        where = {"begin": given.get("begin", 0), "length": given["length"]}
        return part(alpha_u_1995(given["observers"], given.get("category"), **where))

    return of


def unlike(given: Given) -> Dissimilarity:
    return Dissimilarity(
        *(given.get(name, usual) for name, usual in (("alpha", 3), ("beta", 1), ("delta_empty", 1)))
    )


def found_by_gamma(given: Given) -> Gammas:
    if "samples" in given and not isinstance(given["samples"], int):
        return gammas_given(given["observers"], given["samples"], unlike(given))
    chance = Chance(
        given.get("sampler", "statistical"),
        samples=max(int(given.get("samples", 100)), 100),
        precision=0.015,
        seed=int(given.get("seed", 1)),
        seconds=200,
    )
    return gammas(given["observers"], unlike(given), chance)


def marginals(given: Given) -> list[float | None]:
    counts = np.array(given["counts"] or np.zeros((0, 0, 0)))
    model = dawid_skene(counts, least_items=1, least_readings=1, least_annotators=1)
    return [float(each) for each in model.marginals]


MEASURES: Mapping[str, Callable[[Given], Computed]] = {
    "krippendorff_alpha": alpha_at("nominal"),
    "krippendorff_alpha_nominal": alpha_at("nominal"),
    "krippendorff_alpha_ordinal": alpha_at("ordinal"),
    "krippendorff_alpha_interval": alpha_at("interval"),
    "krippendorff_alpha_ratio": alpha_at("ratio"),
    "percent_agreement": lambda given: kappa.percent(units(given), order(given)).value,
    "scott_pi": lambda given: kappa.scott(units(given), order(given)).value,
    "cohen_kappa": cohen,
    "weighted_kappa": cohen,
    "fleiss_kappa": lambda given: kappa.fleiss(units(given), order(given)).value,
    "gwet_ac1": lambda given: ac1(units(given), order(given)).value,
    "gwet_ac2": lambda given: ac2(units(given), weights(given, "quadratic"), order(given)).value,
    "alpha_u_1995": legacy(lambda found: found.value),
    "alpha_u_1995_observed": legacy(lambda found: found.observed),
    "alpha_u_1995_expected": legacy(lambda found: found.expected),
    "u_alpha": unitized(unitizing.u_alpha),
    "u_alpha_binary": unitized(unitizing.u_alpha_binary),
    "u_alpha_per_label": unitized(unitizing.u_alpha_of_label),
    "cu_alpha": unitized(unitizing.cu_alpha),
    "k_alpha": unitized(unitizing.k_alpha),
    "span_f1_exact": span_f1_by("exact"),
    "span_f1_overlap": span_f1_by("overlap"),
    "span_f1_iou": span_f1_by("iou"),
    "pairwise_span_f1": pairwise_f1,
    "boundary_distance": boundary_distance,
    "attribute_alpha_matched": attribute_alpha,
    "relation_f1": relation_f1,
    "entity_f1": entity(entities.entity_f1),
    "b_cubed": entity(entities.b_cubed),
    "gamma_disorder": lambda given: disorder(given["observers"], unlike(given)).value,
    "gamma_given_samples": lambda given: found_by_gamma(given).gamma.value,
    "gamma": lambda given: found_by_gamma(given).gamma.value,
    "gamma_cat": lambda given: found_by_gamma(given).cat.value,
    "gamma_k": lambda given: found_by_gamma(given).k(given["k"]).value,
    "dawid_skene_marginals": marginals,
}


def lines(text: str) -> Iterator[str]:
    """Return the lines with something in them. Only LF ends one: other separators may be in a label."""
    return (line for line in text.split("\n") if line.strip())
