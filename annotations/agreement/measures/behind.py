"""Which spans a count is of: the cases behind a figure, recomputed from two layers of one article.

A choice says which counts it sums (`factor`) and which spans those are (`cases`): the weights of the
cases of two layers are together what the counts of these layers give. So a list of cases is found by
the counts alone, and is as long as the number that it was opened from.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.entities import NONE, outcome
from annotations.agreement.measures.funnel import Fate, Order, fates
from annotations.agreement.measures.relations import Linked, Targets
from annotations.agreement.measures.scores import TooLarge
from annotations.agreement.measures.tally import Key, Mark, paired

What = Literal["lost", "alone", "matched", "value", "relation", "entity"]
Side = Literal["first", "second"]
DIFFERENT = frozenset({"different"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The cases that are looked for, of spans of these `labels` (of relations, of any).

    | what | cases | weight |
    |---|---|---|
    | lost | what the funnel loses at `step` with this `detail` | spans of the labels: 1 or 2 |
    | alone | spans without a partner by `variant`, of one `side` or both | 1 |
    | matched | pairs by `variant` | 1 |
    | value | pairs by `variant` that both gave a value of the attribute `detail`: these `two`, |
    | | in either order, or else any two different ones | 1 |
    | relation | pairs by `variant` with a relation of the kind `detail`, of these `outcomes` | 1 |
    | entity | pairs by `variant` that somebody linked, of these `outcomes` | 1 |

    Outcomes are those of `relations` and `counting`: "same", "different", "first", "second".
    """

    what: What
    labels: Collection[str]
    variant: str = "overlap"
    step: str = "found"
    detail: str = ""
    two: tuple[str, str] | None = None
    outcomes: Collection[str] = field(default=DIFFERENT)
    side: Side | None = None

    def factor(self, key: Key) -> int:
        """Return how often a count of this key is in the sum of the choice."""
        return _FACTORS[self.what](self, key)

    def total(self, counts: Mapping[Key, int]) -> int:
        """Return the sum of the choice over these counts."""
        return sum(self.factor(key) * number for key, number in counts.items())

    def met(self, one: str, other: str) -> bool:
        """Whether these two values are what is looked for."""
        return one != other if self.two is None else sorted((one, other)) == sorted(self.two)


@dataclass(frozen=True, slots=True)
class Case:
    """Two spans that were paired, or one alone (the other is None), by their positions; `alike` are
    the kinds of relations that lead both to the same targets, as the counts have it."""

    one: int | None
    other: int | None
    weight: int = 1
    alike: frozenset[str] = field(default=frozenset(), compare=False)


def cases(first: Linked, second: Linked, order: Order, choice: Choice) -> list[Case]:
    """Return the cases of two layers of one article, as they are read; none where too many spans
    overlap to be matched, which is counted so, too."""
    try:
        found = [*_FINDERS[choice.what](first, second, order, choice)]
        if first.relations and second.relations and any(None not in _pair(case) for case in found):
            ends = Targets(first, second, _forth(first, second, order, choice))
            found = [replace(case, alike=_alike(case, ends)) for case in found]
    except TooLarge:
        return []
    return sorted(found, key=lambda case: _place(case, first, second))


def _pair(case: Case) -> tuple[int | None, int | None]:
    return case.one, case.other


def _alike(case: Case, ends: Targets) -> frozenset[str]:
    if case.one is None or case.other is None:
        return frozenset()
    outcomes = ends.outcomes(case.one, case.other)
    return frozenset(kind for kind, came in outcomes if came == "same")


def _place(case: Case, first: Linked, second: Linked) -> tuple[int, int, int, int]:
    """Where the earlier of the two begins; then what tells coinciding spans apart."""
    one, other = case.one, case.other
    starts = [first.marks[one].fragments[0][0]] if one is not None else []
    starts += [second.marks[other].fragments[0][0]] if other is not None else []
    one, other = (-1 if at is None else at for at in (one, other))
    return min(starts), max(starts), one, other


# --- which counts --------------------------------------------------------------------------------


def _lost(choice: Choice, key: Key) -> int:
    if choice.step == "found":
        found = key[0] == "#funnel" and key[2] == "found" and key[1] in choice.labels
        return _placed(choice, key) - found
    wanted = ("lost", choice.step, choice.detail)
    return int(key[0] == "#funnel" and key[1] in choice.labels and key[2:] == wanted)


def _alone(choice: Choice, key: Key) -> int:
    sides = 1 if choice.side else 2
    return _placed(choice, key) - sides * _matched(choice, key)


def _placed(choice: Choice, key: Key) -> int:
    sides = (choice.side,) if choice.side else ("first", "second")
    return int(len(key) == 2 and key[0] in choice.labels and key[1] in sides)


def _matched(choice: Choice, key: Key) -> int:
    return int(key[0] in choice.labels and key[1:] == ("matched", choice.variant))


def _value(choice: Choice, key: Key) -> int:
    named = ("value", choice.detail, choice.variant)
    return int(key[0] in choice.labels and key[1:4] == named and choice.met(*key[4:]))


def _relation(choice: Choice, key: Key) -> int:
    named = ("#source", choice.detail, choice.variant)
    return int(key[:3] == named and key[3] in choice.outcomes)


def _entity(choice: Choice, key: Key) -> int:
    is_linked = key[0] == "#linked" and key[1] in choice.labels
    return int(is_linked and key[2] == choice.variant and key[3] in choice.outcomes)


_FACTORS = {
    "lost": _lost,
    "alone": _alone,
    "matched": _matched,
    "value": _value,
    "relation": _relation,
    "entity": _entity,
}


# --- which spans ---------------------------------------------------------------------------------


def _lost_spans(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    found = [*_fates(first, second, order)]
    if choice.step == "found":
        yield from _rest(first, {fate.one for fate in found}, choice, "first")
        yield from _rest(second, {fate.other for fate in found}, choice, "second")
        return
    for fate in found:
        both = first.marks[fate.one].label, second.marks[fate.other].label
        weight = sum(label in choice.labels for label in both)
        if weight and fate.lost == (choice.step, choice.detail):
            yield Case(fate.one, fate.other, weight)


def _lone_spans(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    found = _matching(first, second, choice)
    if choice.side != "second":
        yield from _rest(first, {*found.first.tolist()}, choice, "first")
    if choice.side != "first":
        yield from _rest(second, {*found.second.tolist()}, choice, "second")


def _rest(layer: Linked, taken: Collection[int], choice: Choice, side: Side) -> Iterator[Case]:
    for at, mark in enumerate(layer.marks):
        if at not in taken and mark.label in choice.labels:
            yield Case(at, None) if side == "first" else Case(None, at)


def _matched_spans(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    yield from (Case(one, other) for one, other, _, _ in _pairs(first, second, choice))


def _valued_spans(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    for one, other, a, b in _pairs(first, second, choice):
        said, told = a.values.get(choice.detail), b.values.get(choice.detail)
        if said is not None and told is not None and choice.met(said, told):
            yield Case(one, other)


def _sources(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    forth = _forth(first, second, order, choice)
    ends = Targets(first, second, forth)
    for one, other in forth.items():
        for kind, came in ends.outcomes(one, other):
            if kind == choice.detail and came in choice.outcomes:
                yield Case(one, other)


def _linked_spans(first: Linked, second: Linked, order: Order, choice: Choice) -> Iterator[Case]:
    for one, other, a, b in _pairs(first, second, choice):
        if outcome(a.entity or NONE, b.entity or NONE) in choice.outcomes:
            yield Case(one, other)


def _pairs(first: Linked, second: Linked, choice: Choice) -> Iterator[tuple[int, int, Mark, Mark]]:
    """Yield the pairs of these labels; those that are paired have one label."""
    for one, other in _both(_matching(first, second, choice)):
        if first.marks[one].label in choice.labels:
            yield one, other, first.marks[one], second.marks[other]


def _fates(first: Linked, second: Linked, order: Order) -> Iterator[Fate]:
    (exact,) = paired(first.marks, second.marks, ["exact"])
    return fates(first, second, exact, order)


def _forth(first: Linked, second: Linked, order: Order, choice: Choice) -> dict[int, int]:
    """Return which span of the second is which of the first, by what the choice pairs."""
    if choice.what == "lost":
        return {fate.one: fate.other for fate in _fates(first, second, order)}
    return dict(_both(_matching(first, second, choice)))


def _matching(first: Linked, second: Linked, choice: Choice) -> Matching:
    (found,) = paired(first.marks, second.marks, [choice.variant])
    return found


def _both(matching: Matching) -> Iterable[tuple[int, int]]:
    return zip(matching.first.tolist(), matching.second.tolist(), strict=True)


_FINDERS = {
    "lost": _lost_spans,
    "alone": _lone_spans,
    "matched": _matched_spans,
    "value": _valued_spans,
    "relation": _sources,
    "entity": _linked_spans,
}
