"""Entities of matched spans, by their identity in the registry: exact, and as clusters.

An alias and the full name have one identity, so that "Korut" and "Korea Utara" agree; what was
merged must come with the identity it goes on under. Exact asks for the same identity; B-cubed
(Bagga and Baldwin 1998, "Algorithms for scoring coreference chains") asks whether the mentions
that one holds for one entity are those the other does, whatever the entity is called.

Additive: `count` is what one article adds, the others are figures of summed counts; clusters span
articles, as entities do.

| key | counts |
|---|---|
| ("#entity", label, variant, one, other) | matched spans with these two identities, "" for none |
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.scores import NO_MATCH, Score
from annotations.agreement.measures.shares import Share
from annotations.agreement.measures.tally import Counts, Key, Mark, headed

NONE = ""
Cells = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class BCubed(Score):
    """The harmonic mean of `precision` (of the second's clusters against the first's) and
    `recall`, over the `n` mentions both linked, of `mentions` that either did."""

    precision: float | None = None
    recall: float | None = None
    mentions: int = 0


def count(
    first: Sequence[Mark], second: Sequence[Mark], matching: Matching, variant: str
) -> Counts:
    """Return the counts of two layers of one article, whose marks `matching` pairs. Spans that
    neither linked are not counted."""
    counts: Counter[Key] = Counter()
    for one, other in zip(matching.first.tolist(), matching.second.tolist(), strict=True):
        met = first[one].entity or NONE, second[other].entity or NONE
        if any(met):
            counts["#entity", first[one].label, variant, *met] += 1
    return counts


def cells(counts: Mapping[Key, int], variant: str, labels: Iterable[str] | None = None) -> Cells:
    """Return how often two identities met, over these labels or all."""
    wanted = None if labels is None else set(labels)
    found: Counter[tuple[str, str]] = Counter()
    for key, number in headed(counts, "#entity", 5):
        if key[2] == variant and (wanted is None or key[1] in wanted):
            found[key[3], key[4]] += number
    return found


def same_entity(met: Cells) -> Share:
    """Return how often the identity is the same, of the matched spans both linked; its coverage is
    over those that either did."""
    same = sum(number for (one, other), number in met.items() if one == other != NONE)
    return Share.out_of(same, _linked(met), sum(met.values()), NO_MATCH)


def entity_f1(met: Cells) -> F1:
    """Return F1 of the links of matched spans: a link only one of them made is an error too."""
    same = sum(number for (one, other), number in met.items() if one == other != NONE)
    first = sum(number for (one, _), number in met.items() if one != NONE)
    second = sum(number for (_, other), number in met.items() if other != NONE)
    return F1.from_counts(same, first, second)


def b_cubed(met: Cells) -> BCubed:
    """Return B-cubed over the matched spans both linked; undefined when there are none."""
    both = {pair: number for pair, number in met.items() if NONE not in pair}
    total, mentions = sum(both.values()), sum(met.values())
    if not total:
        return BCubed(None, 0, NO_MATCH, mentions=mentions)
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (one, other), number in both.items():
        firsts[one] += number
        seconds[other] += number
    squares = [(one, other, number**2) for (one, other), number in both.items()]
    precision = sum(square / seconds[other] for _, other, square in squares) / total
    recall = sum(square / firsts[one] for one, _, square in squares) / total
    value = 2 * precision * recall / (precision + recall)
    return BCubed(value, total, None, precision, recall, mentions)


def outcome(one: str, other: str) -> str:
    """Return what came of two identities: "same", "different", the side ("first", "second") that has
    one alone, or "" where neither has."""
    if NONE in (one, other):
        return "first" if one else "second" if other else ""
    return "same" if one == other else "different"


def _linked(met: Cells) -> int:
    return sum(number for pair, number in met.items() if NONE not in pair)
