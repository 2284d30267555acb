"""Relations of two layers: F1 with both ends matched, and who was named where both saw the source.

Additive: `count` is what one article adds, `relation_f1` and `target_accuracy` are the figures of
summed counts. One of them says how well relations are found at all, the other, which needs no
quote to be found, whether the speaker (holder, target) of those found by both is the same.

| key | counts |
|---|---|
| ("#relation", kind, "first"), ("#relation", kind, "second") | relations in each layer |
| ("#relation", kind, "matched", variant) | of one kind, with both ends matched, one-to-one |
| ("#source", kind, variant, outcome) | matched spans from which a relation of the kind goes out: |
| | "same" or "different" targets, or a relation in the "first" or "second" layer alone |
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.scores import NO_MATCH
from annotations.agreement.measures.shares import Share
from annotations.agreement.measures.tally import Counts, Key, Mark, headed

End = int | str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """A link of one kind. An end is the position of a span in its layer, the identity of an entity
    in the registry, or None for the article."""

    kind: str
    source: End
    target: End


@dataclass(frozen=True, slots=True)
class Linked:
    """The marks of one layer and the relations among them."""

    marks: Sequence[Mark]
    relations: Sequence[Relation]


def count(first: Linked, second: Linked, matching: Matching, variant: str) -> Counts:
    """Return the counts of two layers of one article, whose marks `matching` pairs (of
    `tally.paired`, which `variant` names)."""
    counts: Counter[Key] = Counter()
    for side, layer in (("first", first), ("second", second)):
        counts.update(("#relation", each.kind, side) for each in layer.relations)
    forth = dict(zip(matching.first.tolist(), matching.second.tolist(), strict=True))
    counts.update(_matched(first, second, forth, variant))
    counts.update(_sources(first, second, forth, variant))
    return counts


def relation_f1(counts: Mapping[Key, int], variant: str, kind: str | None = None) -> F1:
    """Return F1 of the relations of one kind, or of all; undefined when there are none."""

    def total(*end: str) -> int:
        return sum(
            number
            for key, number in headed(counts, "#relation", 2 + len(end))
            if kind in (None, key[1]) and key[2:] == end
        )

    return F1.from_counts(total("matched", variant), total("first"), total("second"))


def target_accuracy(counts: Mapping[Key, int], variant: str, kind: str) -> Share:
    """Return how often both named the same target, of the matched sources where both named one;
    its coverage is over those where either did."""
    wanted = ("#source", kind, variant)
    found = {key[3]: n for key, n in headed(counts, "#source", 4) if key[:3] == wanted}
    both = found.get("same", 0) + found.get("different", 0)
    either = both + found.get("first", 0) + found.get("second", 0)
    return Share.out_of(found.get("same", 0), both, either, NO_MATCH)


def _matched(
    first: Linked, second: Linked, forth: Mapping[int, int], variant: str
) -> dict[Key, int]:
    there = Counter(second.relations)
    led = (
        Relation(each.kind, _led(each.source, forth), _led(each.target, forth))
        for each in first.relations
    )
    met = Counter(led) & there
    found: Counter[Key] = Counter()
    for relation, number in met.items():
        found["#relation", relation.kind, "matched", variant] += number
    return found


def _led(end: End, forth: Mapping[int, int]) -> End:
    """Return the end where it is in the other layer; a span without a match is nowhere (-1)."""
    return forth.get(end, -1) if isinstance(end, int) else end


def _sources(
    first: Linked, second: Linked, forth: Mapping[int, int], variant: str
) -> Iterator[Key]:
    ends = Targets(first, second, forth)
    for one, other in forth.items():
        for kind, outcome in ends.outcomes(one, other):
            yield "#source", kind, variant, outcome


class Targets:
    """Where the relations of two layers lead to, whose spans are paired by `forth` (positions)."""

    def __init__(self, first: Linked, second: Linked, forth: Mapping[int, int]) -> None:
        self._first, self._second, self._forth = first, second, forth
        self._here, self._there = _targets(first), _targets(second)

    def outcomes(self, one: int, other: int) -> Iterator[tuple[str, str]]:
        """Yield, for each kind of relation that goes out from these two spans, in order of kinds,
        whether they lead to the "same" or to "different" targets, or go out in the "first" or in
        the "second" layer alone."""
        mine, theirs = self._here.get(one, {}), self._there.get(other, {})
        for kind in sorted(mine.keys() | theirs.keys()):
            if kind not in theirs:
                yield kind, "first"
            elif kind not in mine:
                yield kind, "second"
            else:
                yield kind, "same" if self._same(mine[kind], theirs[kind]) else "different"

    def _same(self, mine: Sequence[End], theirs: Sequence[End]) -> bool:
        """Tell whether every target of one is one of the other's, and the other way round."""
        return all(any(self._meet(one, other) for other in theirs) for one in mine) and all(
            any(self._meet(one, other) for one in mine) for other in theirs
        )

    def _meet(self, one: End, other: End) -> bool:
        if _led(one, self._forth) == other:
            return True
        entity = _entity(one, self._first.marks)
        return entity is not None and entity == _entity(other, self._second.marks)


def _targets(layer: Linked) -> dict[int, dict[str, list[End]]]:
    """Return, by the position of a source, the targets of each kind of relation."""
    found: dict[int, dict[str, list[End]]] = {}
    for relation in layer.relations:
        if isinstance(relation.source, int):
            kinds = found.setdefault(relation.source, {})
            kinds.setdefault(relation.kind, []).append(relation.target)
    return found


def _entity(end: End, marks: Sequence[Mark]) -> str | None:
    return marks[end].entity if isinstance(end, int) else end
