"""Which counts of a run are kept together: what one page asks for, another does without."""

from annotations.agreement.measures.tally import Key

KNOWN = "known"
"""The head of what is known of pairs."""
FUNNEL, SOURCES, LINKED = "#funnel", "#source", "#linked"
EDGES = "edges "
"""How the heads of boundaries begin."""


def spans(label: str) -> str:
    """Return the head of the counts of a label's spans."""
    return f"spans {label}"


def values(label: str) -> str:
    """Return the head of the values that met on a label's spans."""
    return f"values {label}"


def edges(label: str) -> str:
    """Return the head of the boundaries of a label's spans."""
    return f"{EDGES}{label}"


def head_of(key: Key) -> str | None:
    """Return the head under which a count stands; None where no page asks for it."""
    if key[0] in (FUNNEL, SOURCES, LINKED):
        return key[0]
    if key[1:2] == ("value",):
        return values(key[0])
    placed = key[0] and key[1:] in (("first",), ("second",))
    return spans(key[0]) if placed or (key[0] and key[1:2] == ("matched",)) else None
