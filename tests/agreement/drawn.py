"""Layers drawn at random, for the properties every measure must keep."""

from hypothesis import settings
from hypothesis import strategies as st

from annotations.agreement.measures.tally import Mark

# a deadline would measure the machine, which others use too
some = settings(max_examples=60, deadline=None)

LENGTH = 40
LABELS = ("ACTOR", "QUOTE", "STANCE")
VALUES = ("direct", "indirect", "mixed")


@st.composite
def fragments(draw, length=LENGTH):
    """Ordered, disjoint, not touching stretches of a text."""
    count = draw(st.integers(1, 3))
    points = st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count, unique=True)
    cuts = sorted(draw(points))
    return tuple(zip(cuts[::2], cuts[1::2], strict=True))


@st.composite
def marks(draw, labels=LABELS, length=LENGTH):
    values = draw(st.dictionaries(st.just("type"), st.sampled_from(VALUES), max_size=1))
    return Mark(draw(st.sampled_from(labels)), draw(fragments(length)), values)


def layers(labels=LABELS, length=LENGTH, max_size=6):
    return st.lists(marks(labels, length), max_size=max_size)


@st.composite
def segments(draw, values=("a", "b"), length=30):
    """One observer's units of a continuum: disjoint, each with a value."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [(start, end, draw(st.sampled_from(values))) for start, end in pairs]


@st.composite
def overlapping(draw, values=("a", "b", "c"), length=30, min_size=0, max_size=4):
    """One observer's units where they may nest, cross and be repeated."""
    units = []
    for _ in range(draw(st.integers(min_size, max_size))):
        start = draw(st.integers(0, length - 1))
        end = draw(st.integers(start + 1, length))
        units.append((start, end, draw(st.sampled_from(values))))
    return units
