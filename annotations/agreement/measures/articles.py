"""All counts of two layers of one article in one row: spans, funnel, links, boundaries."""

from collections.abc import Iterator

from annotations.agreement.measures import boundaries, entities, funnel, relations
from annotations.agreement.measures.relations import Linked
from annotations.agreement.measures.scores import TooLarge
from annotations.agreement.measures.tally import (
    CROWDED,
    MATCHINGS,
    VARIANTS,
    Counts,
    of_matchings,
    paired,
)


def count(length: int, first: Linked, second: Linked, text: str | None = None) -> Counts:
    """Return the counts of an article of `length` code points, to be summed and asked by the
    figures of each module; links at both of `tally.MATCHINGS`, boundaries of overlapping spans,
    and with the text the strings between them.

    Spans are paired once for all of them. An article too crowded to be matched has the
    row CROWDED, and takes no part in any figure.
    """
    try:
        parts = list(_parts(length, first, second, text))
    except TooLarge:
        return CROWDED
    return {key: number for part in parts for key, number in part.items()}


def _parts(length: int, first: Linked, second: Linked, text: str | None) -> Iterator[Counts]:
    found = paired(first.marks, second.marks, VARIANTS)
    by_variant = dict(zip(VARIANTS, found, strict=True))
    yield of_matchings(length, first.marks, second.marks, found)
    yield funnel.count(first.marks, second.marks)
    yield boundaries.count(first.marks, second.marks, by_variant["overlap"], text)
    for variant in MATCHINGS:
        yield entities.count(first.marks, second.marks, by_variant[variant], variant)
        yield relations.count(first, second, by_variant[variant], variant)
