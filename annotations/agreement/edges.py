"""Where the boundaries of matched spans differ, over a whole run or a part of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from annotations.agreement.keys import unpacked
from annotations.agreement.measures.boundaries import Between, Distances, distances, strings
from annotations.agreement.measures.tally import VERSION, Key
from annotations.agreement.models import AgreementRun

_AT_ONCE = 2_000

_OPENED = """
SELECT opened FROM agreement_pair
 WHERE campaign_id = %s AND version = %s AND opened IS NOT NULL
   AND first_id = ANY(%s) AND second_id = ANY(%s)"""


@dataclass(frozen=True, slots=True)
class Edges:
    """Signed distances at both edges, and the strings in the differences, the commonest first. Which of two
    layers is the first says nothing of people: a sign tells only against the other sign."""

    start: Distances
    end: Distances
    strings: Sequence[Between]


def edges(run: AgreementRun, labels: Collection[str]) -> Edges:
    """Return the boundaries of overlapping spans of these labels. One query."""
    counts = _counts(run, set(labels))
    every = strings(counts, most=len(counts))
    return Edges(distances(counts, "start"), distances(counts, "end"), every)


def _counts(run: AgreementRun, labels: Collection[str]) -> Counter[Key]:
    layers = run.layers["assignments"]
    counts: Counter[Key] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [run.campaign_id, VERSION, layers, layers])
        while rows := cursor.fetchmany(_AT_ONCE):
            for (stored,) in rows:
                for key, number in unpacked(bytes(stored)).items():
                    if key[0] != "#entity" and key[1] in labels:
                        counts[key] += number
    return counts
