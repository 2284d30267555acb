"""What stands between quotation marks and was given to no cue, and what is quoted in a quote."""

from annotations.suggest import reasons
from annotations.suggest.quotes import Draft, Quote, reason_of, stands_alone, type_of
from annotations.suggest.reading import Range, Reading
from annotations.suggest.records import Part, Reason
from annotations.suggest.speakers import before

_SCARE = 2
"""The most words of a scare quote."""


def add_leftover(draft: Draft) -> None:
    """Every stretch is in the draft."""
    neighbour: tuple[int, Part | None] | None = None
    speakers = {quote.fragments[0]: quote.speaker for quote in draft.quotes}
    for stretch in draft.reading.stretches:
        paragraph = draft.reading.paragraph_of(stretch[0])
        if draft.is_taken(stretch):
            neighbour = paragraph, speakers.get(stretch)
            continue
        beside = neighbour[1] if neighbour and neighbour[0] == paragraph else None
        draft.add(_alone(draft.reading, stretch, beside))


def _alone(reading: Reading, stretch: Range, beside: Part | None) -> Quote:
    first, end = reading.tokens.at(stretch[0]), reading.tokens.at(stretch[1])
    words = sum(reading.tokens.is_word(index) for index in range(first, end))
    opens = reading.sentence_at(stretch[0])[0] == stretch[0]
    kind = type_of(reading, *stretch)
    if opens and kind == "direct" and words > _SCARE:
        if beside:
            return Quote((stretch,), kind, 0.7, Reason(reasons.NEIGHBOUR), None, beside)
        return Quote((stretch,), kind, 0.6, Reason(reasons.MARKS_ALONE))
    if words <= _SCARE:
        scare = {"scare": True}
        return Quote((stretch,), "mixed", 0.3, Reason(reasons.SCARE), extra=scare)
    return Quote((stretch,), kind, 0.45, Reason(reasons.MARKS_ALONE))


def add_nested(draft: Draft) -> None:
    """A pair of marks inside another pair, with a cue right before it, is in the draft."""
    reading, tokens = draft.reading, draft.reading.tokens
    cues = {cue.end: cue for cue in reading.inner_cues}
    for pair in reading.inner:
        at = tokens.at(pair[0])
        cue = next((cues[end] for end in range(at, at - 5, -1) if end in cues), None)
        if cue is None or (not stands_alone(reading, pair) and cue.end != at):
            continue
        outer = reading.stretch_over(pair[0])
        floor = tokens.at(outer[0] + 1) if outer else 0
        reason = reason_of(reading, reasons.NESTED, cue)
        draft.quotes.append(Quote((pair,), "direct", 0.6, reason, cue, before(reading, cue, floor)))
