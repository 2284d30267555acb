"""Where the words that somebody said end."""

from annotations.suggest.cues import Cue
from annotations.suggest.reading import Range, Reading

LONGEST = 600
"""The most code points of a quote without marks."""
SHORTEST = 3
"""The fewest words of one."""
_BEHIND = frozenset(".,;:!–— \xa0\n\r\t\x85\u2028\u2029")


def end_of_clause(reading: Reading, cue: Cue, first: int) -> int:
    """Where what is said ends: with its sentence, or before another speaking clause joined to
    it."""
    tokens = reading.tokens
    _, end = reading.sentence_at(cue.start)
    for other in reading.cues_in(max(first, cue.end), tokens.at(end)):
        if other.form.use in ("tag", "source"):
            joint = other.first - 1
            if tokens.word(joint) == "," or reading.has("and", joint):
                return _before(reading, joint)
            stretch = reading.stretch_over(tokens.starts[joint])
            if stretch:
                return stretch[1]
        elif reading.has("and", other.first - 1):
            return _before(reading, other.first - 1)
    return end


def _before(reading: Reading, index: int) -> int:
    """Where the words before a joint end."""
    while index > 0 and (reading.tokens.word(index - 1) == "," or reading.has("and", index - 1)):
        index -= 1
    return reading.tokens.starts[index]


def bounded(reading: Reading, start: int, end: int, *, shortest: int = SHORTEST) -> Range | None:
    """The range without what does not belong to a quote at its end; None where too little or too
    much is left."""
    stretches = reading.stretches_in(start, end)
    closed = {stretch[1] for stretch in stretches}
    while end > start and end not in closed and reading.text[end - 1] in _BEHIND:
        end -= 1
    words = reading.tokens.at(end) - reading.tokens.at(start)
    enough = words >= shortest or bool(stretches)
    return (start, end) if enough and 0 < end - start <= LONGEST else None
