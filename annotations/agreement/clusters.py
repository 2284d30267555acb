"""Whether two annotators hold the same mentions for one entity, whatever each calls it: B-cubed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from django.db import connection

from annotations.agreement.keys import unpacked
from annotations.agreement.measures.entities import Cells, b_cubed
from annotations.agreement.measures.fscore import mean_and_spread
from annotations.agreement.measures.questions import Figure, Names
from annotations.agreement.measures.scores import NO_BOTH
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.models import AgreementRun

_AT_ONCE = 2_000

_OPENED = """
SELECT p.first_id, p.second_id, p.first_revision, p.second_revision, f.username, s.username, p.opened
  FROM agreement_pair p
  JOIN assignment one ON one.id = p.first_id JOIN account f ON f.id = one.annotator_id
  JOIN assignment other ON other.id = p.second_id JOIN account s ON s.id = other.annotator_id
 WHERE p.campaign_id = %s AND p.version = %s AND p.opened IS NOT NULL
   AND p.first_id = ANY(%s) AND p.second_id = ANY(%s)"""

VARIANT = "overlap"

Met = Mapping[str, Mapping[Names, Cells]]


def figures(run: AgreementRun, labels: Sequence[str]) -> list[Figure]:
    """Return B-cubed of the entities of overlapping spans, label by label: the mean over the pairs of
    annotators, then each pair. Clusters reach over articles, so it has no interval by resampling
    those. Layers that changed since the run are left out. One query."""
    met = _met(run) if labels else {}
    return [each for label in labels for each in _of_label(label, met.get(label, {}))]


def _of_label(label: str, between: Mapping[Names, Cells]) -> Iterator[Figure]:
    each = [_of_pair(label, names, cells) for names, cells in sorted(between.items())]
    known = np.array([[one.value] for one in each if one.value is not None])
    n, coverage = sum(one.n for one in each), _coverage(between)
    if len(known):
        mean, spread = (float(number[0]) for number in mean_and_spread(known))
        yield _figure(label, value=mean, sd=spread, n=n, coverage=coverage)
    else:
        yield _figure(label, n=n, coverage=coverage, undefined=NO_BOTH)
    yield from each


def _of_pair(label: str, names: Names, cells: Cells) -> Figure:
    found = b_cubed(cells)
    coverage = found.n / found.mentions if found.mentions else None
    undefined = NO_BOTH if found.undefined else None
    return _figure(
        label, pair=names, value=found.value, n=found.n, coverage=coverage, undefined=undefined
    )


def _figure(
    label: str,
    *,
    n: int,
    coverage: float | None,
    pair: Names | None = None,
    value: float | None = None,
    sd: float | None = None,
    undefined: str | None = None,
) -> Figure:
    return Figure(
        measure="b_cubed",
        variant=VARIANT,
        label=label,
        matched=VARIANT,
        pair=pair,
        value=value,
        n=n,
        sd=sd,
        coverage=coverage,
        undefined=undefined,
    )


def _coverage(between: Mapping[Names, Cells]) -> float | None:
    every = [(pair, number) for cells in between.values() for pair, number in cells.items()]
    mentions = sum(number for _, number in every)
    both = sum(number for pair, number in every if all(pair))
    return both / mentions if mentions else None


def _met(run: AgreementRun) -> Met:
    """Return, by label and pair of annotators, how often two identities met."""
    layers = run.layers["assignments"]
    used = dict(zip(layers, run.layers["revisions"], strict=True))
    found: defaultdict[str, defaultdict[Names, Counter[tuple[str, str]]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [run.campaign_id, VERSION, layers, layers])
        while rows := cursor.fetchmany(_AT_ONCE):
            for first, second, *revisions, one, other, stored in rows:
                if revisions != [used[first], used[second]]:
                    continue
                for key, number in unpacked(bytes(stored)).items():
                    if key[0] == "#entity":
                        a, b = key[3:] if one <= other else key[:2:-1]
                        names = (one, other) if one <= other else (other, one)
                        found[key[1]][names][a, b] += number
    return found
