"""Where the boundaries of matched spans differ, over a whole run."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from annotations.agreement import heads, keys, pieces
from annotations.agreement.measures.boundaries import Between, Distances, distances, strings
from annotations.agreement.measures.tally import Key
from annotations.agreement.models import AgreementRun


@dataclass(frozen=True, slots=True)
class Edges:
    """Signed distances at both edges, and the strings in the differences, the commonest first. Which of two
    layers is the first says nothing of people: a sign tells only against the other sign."""

    start: Distances
    end: Distances
    strings: Sequence[Between]


def edges(run: AgreementRun, labels: Collection[str]) -> Edges:
    """Return the boundaries of overlapping spans of these labels. One query, four where the pieces of the
    run are not there."""
    wanted = [heads.edges(label) for label in labels]
    kept = pieces.kept(run, wanted)
    counts: Counter[Key] = Counter()
    for piece in [pieces.made(run, wanted)] if kept is None else kept:
        for head in wanted:
            counts.update(keys.unpacked(piece[head]) if head in piece else {})
    every = strings(counts, most=len(counts))
    return Edges(distances(counts, "start"), distances(counts, "end"), every)
