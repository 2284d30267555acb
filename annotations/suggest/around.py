"""Quotes that a speaking clause interrupts or closes: `…, kata Ina, …`."""

from annotations.suggest import reasons, speakers
from annotations.suggest.clauses import LONGEST, SHORTEST, bounded, end_of_clause
from annotations.suggest.cues import Cue
from annotations.suggest.quotes import Draft, Quote, reason_of
from annotations.suggest.reading import Range, Reading
from annotations.suggest.records import Part

_SUBJECT = 6
"""The most words between the comma and a verb of saying."""
_ASIDE = 6
"""The most words behind one that add when or where."""


def add_around(draft: Draft) -> None:
    """Every cue that stands between commas, or at the end of a sentence, has its quote in the
    draft; the cues inside such a quote are the speaker's."""
    for cue in draft.reading.cues:
        if not draft.is_used(cue):
            _add_around(draft, cue)


def _add_around(draft: Draft, cue: Cue) -> None:
    reading = draft.reading
    found = _interrupting(reading, cue)
    if found is None:
        return
    comma, speaker, end = found
    head = _head(draft, cue, comma)
    if head is None:
        return
    tail = _tail(reading, cue, end)
    fragments = (head, tail) if tail else (head,)
    if sum(len(reading.text[start:end].split()) for start, end in fragments) < SHORTEST:
        return
    draft.add(
        Quote(
            fragments,
            "mixed" if any(reading.stretches_in(*part) for part in fragments) else "indirect",
            0.65,
            reason_of(reading, reasons.AROUND, cue),
            cue,
            speaker,
        ),
        *(
            inner
            for start, stop in fragments
            for inner in reading.cues_in(reading.tokens.at(start), reading.tokens.at(stop))
        ),
    )


def _interrupting(reading: Reading, cue: Cue) -> tuple[int, Part | None, int] | None:
    """The comma before a speaking clause, its speaker, the token behind it: of a cue that stands
    between commas, or at the end of its sentence."""
    tokens = reading.tokens
    if cue.form.use in ("tag", "source"):
        if tokens.word(cue.first - 1) != ",":
            return None
        speaker, end = speakers.behind(reading, cue)
        return (cue.first - 1, speaker, end) if speaker and reading.is_stop(end) else None
    if cue.form.use != "clause":
        return None
    floor = max(0, cue.first - _SUBJECT)
    commas = [i for i in range(cue.first - 1, floor - 1, -1) if tokens.folded[i] == ","]
    if not commas or commas[0] == cue.first - 1:
        return None
    aside = _end_of_aside(reading, cue.end)
    between = range(commas[0] + 1, cue.first)
    if aside is None or any(reading.is_stop(i) or reading.has("aside", i) for i in between):
        return None
    speaker = speakers.before(reading, cue, commas[0] + 1)
    if speaker is None or not speakers.begins_at(reading, speaker, commas[0] + 1):
        return None
    return commas[0], speaker, aside


def _end_of_aside(reading: Reading, first: int) -> int | None:
    """Where the words behind a verb end that add only when or where: `said on Monday,`."""
    for end in range(first, first + (_ASIDE if reading.has("aside", first) else 1)):
        if reading.is_stop(end):
            return end
    return None


def _head(draft: Draft, cue: Cue, comma: int) -> Range | None:
    """The part of the sentence before the speaking clause."""
    reading, tokens = draft.reading, draft.reading.tokens
    start, _ = reading.sentence_at(cue.start)
    floor = tokens.at(start)
    used = [other.end for other in reading.cues_in(floor, comma) if draft.is_used(other)]
    first = max([floor, *used])
    stops = [i for i in range(max(first, comma - LONGEST), comma) if tokens.folded[i] in ";:–—"]
    first = max([first, *(i + 1 for i in stops)])
    while first < comma and (tokens.folded[first] == "," or reading.has("and", first)):
        first += 1
    if used or first >= comma:
        return None
    return bounded(reading, tokens.starts[first], tokens.ends[comma - 1], shortest=1)


def _tail(reading: Reading, cue: Cue, end: int) -> Range | None:
    """The part of the sentence behind the speaking clause."""
    tokens = reading.tokens
    if tokens.word(end) != "," or reading.has("after", end + 1):
        return None
    if end + 1 >= len(tokens) or reading.cues_in(end + 1, end + 2):
        return None
    return bounded(
        reading, tokens.starts[end + 1], end_of_clause(reading, cue, end + 1), shortest=1
    )
