"""Code points under the spans of two layers, label by label: what u-alpha is summed from.

Plain loops over sorted fragments: most articles have a few dozen, where arrays only cost time.
"""

from collections.abc import Iterable, Mapping, Sequence

Stretch = tuple[int, int]


def fused(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the stretches in order, those that overlap as one; touching ones stay two, because
    a boundary that was drawn is kept."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def shared(first: Sequence[Stretch], second: Sequence[Stretch]) -> int:
    """Return how many code points two lists of fused stretches have in common."""
    total = one = other = 0
    while one < len(first) and other < len(second):
        (a, b), (c, d) = first[one], second[other]
        total += max(0, min(b, d) - max(a, c))
        if b <= d:
            one += 1
        if d <= b:
            other += 1
    return total


def sums(first: Iterable[Stretch], second: Iterable[Stretch]) -> Mapping[str, int]:
    """Return the counts of one label (`tally`): "marked", "squares" and "differing"."""
    one, other = fused(first), fused(second)
    lengths = [end - start for start, end in (*one, *other)]
    marked = sum(lengths)
    return {
        "marked": marked,
        "squares": sum(length * length for length in lengths),
        "differing": marked - 2 * shared(one, other),
    }
