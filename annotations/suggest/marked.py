"""Quotes that stand between quotation marks, with a cue beside them."""

from dataclasses import dataclass

from annotations.suggest import reasons, speakers
from annotations.suggest.cues import Cue
from annotations.suggest.quotes import Draft, Quote, reason_of, stands_alone, type_of
from annotations.suggest.reading import Range, Reading
from annotations.suggest.records import Part, Reason

_NEAR = 7
"""How many words may stand between a quotation and the cue beside it."""
_BEFORE_COLON = 20
_LEAD = 300
"""The most code points of a sentence that go before its quoted part and belong to it."""
_SO = ("demikian", "begitu", "demikianlah")


@dataclass(frozen=True, slots=True)
class Tag:
    """The speaking clause behind a stretch: its cue, its speaker, the token behind both."""

    cue: Cue
    speaker: Part | None
    end: int


def add_marked(draft: Draft) -> None:
    """Every stretch with a cue right behind it, or right before it, is in the draft."""
    for stretch in draft.reading.stretches:
        if draft.is_taken(stretch):
            continue
        tag = tag_behind(draft.reading, stretch)
        if tag:
            _add_tagged(draft, stretch, tag)
        else:
            _add_introduced(draft, stretch)


def tag_behind(reading: Reading, stretch: Range) -> Tag | None:
    """The speaking clause right behind a stretch: `“…,” kata Ina`, `“…,” she said`."""
    tokens = reading.tokens
    at = tokens.at(stretch[1])
    at += tokens.word(at) == ","
    at += tokens.word(at) in _SO
    if at >= len(tokens) or _begins_anew(reading, stretch, at):
        return None
    for cue in reading.cues_in(at, at + _NEAR):
        if cue.first == at:
            speaker, end = speakers.behind(reading, cue)
            return Tag(cue, speaker, end)
        if any(reading.is_stop(index) for index in range(at, cue.first)):
            return None
        if cue.form.use in ("tag", "source") or not _pauses(reading, stretch):
            return None
        speaker = speakers.before(reading, cue, at)
        if speaker and speakers.begins_at(reading, speaker, at):
            return Tag(cue, speaker, cue.end)
    return None


def _begins_anew(reading: Reading, stretch: Range, at: int) -> bool:
    """What follows the stretch is another paragraph, or a sentence of its own."""
    tokens = reading.tokens
    between = reading.text[stretch[1] : tokens.starts[at]]
    if "\n" in between or "\r" in between or reading.is_stop(at):
        return True
    last = reading.text[stretch[1] - 2]
    if not tokens.is_capital(at) or last not in ".?!…":
        return False
    return last == "." or not reading.mentions_in(at, at + 1)


def _pauses(reading: Reading, stretch: Range) -> bool:
    """The words between the marks end in a way that lets a speaking clause follow."""
    return (
        reading.text[stretch[1] - 2] in ",?!…–—" or reading.text[stretch[1] : stretch[1] + 1] == ","
    )


def _add_tagged(draft: Draft, stretch: Range, tag: Tag) -> None:
    reading = draft.reading
    governing = _governing(draft, stretch)
    if governing:
        # the sentence has a verb of saying before the marks: that one introduces all of it
        draft.speakers[tag.cue.first] = tag.speaker
        return
    start = _start_with_lead(draft, stretch)
    following = _continuation(draft, stretch, tag) if start == stretch[0] else None
    fragments = ((start, stretch[1]), following) if following else ((start, stretch[1]),)
    sentence = reasons.SPLIT if following else reasons.MARKS_AND_CUE
    draft.add(
        Quote(
            fragments,
            type_of(reading, *fragments[0]) if start == stretch[0] else "mixed",
            0.95 if tag.speaker else 0.85,
            reason_of(reading, sentence, tag.cue),
            tag.cue,
            tag.speaker,
        ),
        *reading.cues_in(reading.tokens.at(start), reading.tokens.at(stretch[0])),
    )


def _governing(draft: Draft, stretch: Range) -> Cue | None:
    """A cue earlier in the sentence whose clause takes the stretch in: before any other marks."""
    found = _opening_cue(draft, stretch)
    if found is None or found.form.use != "clause" or stands_alone(draft.reading, stretch):
        return None
    return found


def _opening_cue(draft: Draft, stretch: Range) -> Cue | None:
    """The last cue that introduces something before the first marks of the sentence."""
    reading = draft.reading
    start, _ = reading.sentence_at(stretch[0])
    marks = [*reading.stretches_in(start, stretch[0]), stretch][0]
    found = reading.cues_in(reading.tokens.at(start), reading.tokens.at(marks[0]))
    free = [
        cue for cue in found if cue.form.use not in ("tag", "source") and not draft.is_used(cue)
    ]
    return free[-1] if free else None


def _start_with_lead(draft: Draft, stretch: Range) -> int:
    """Where the quoted sentence begins: what goes before its marks is the speaker's too."""
    reading, tokens = draft.reading, draft.reading.tokens
    first, end = _lead(draft, stretch), tokens.at(stretch[0])
    while first < end and (tokens.folded[first] in ",;–—" or reading.has("and", first)):
        first += 1
    if first >= end or stretch[0] - tokens.starts[first] > _LEAD:
        return stretch[0]
    if stands_alone(reading, stretch) and tokens.word(end - 1) in (",", ":"):
        return stretch[0]
    for marks in [*reading.stretches_in(tokens.starts[first], stretch[0]), stretch]:
        if reading.has("because", tokens.at(marks[0]) - 1):
            return marks[0]
    return tokens.starts[first]


def _lead(draft: Draft, stretch: Range) -> int:
    """The token behind all that is somebody else's in the sentence, or said already."""
    reading, tokens = draft.reading, draft.reading.tokens
    start, _ = reading.sentence_at(stretch[0])
    others = reading.stretches_in(start, stretch[0])
    if _opening_cue(draft, stretch):
        return tokens.at(others[-1][1] if others else stretch[0])
    said = [draft.taken[other[0]][1] for other in others if draft.is_taken(other)]
    used = [
        cue
        for cue in reading.cues_in(tokens.at(start), tokens.at(stretch[0]))
        if draft.is_used(cue)
    ]
    return tokens.at(stretch[0]) if used else tokens.at(max([start, *said]))


def _continuation(draft: Draft, stretch: Range, tag: Tag) -> Range | None:
    """The next stretch, where it goes on with the sentence that the tag interrupted."""
    reading, tokens = draft.reading, draft.reading.tokens
    _, end = reading.sentence_at(tag.cue.start)
    following = reading.stretches_in(tokens.starts[tag.end - 1], end + 1)[:1]
    for other in following:
        same = reading.paragraph_of(other[0]) == reading.paragraph_of(stretch[0])
        apart = reading.cues_in(tag.end, tokens.at(other[0]))
        if same and not apart and not draft.is_taken(other) and _goes_on(reading, stretch, other):
            return None if tag_behind(reading, other) else other
    return None


def _goes_on(reading: Reading, stretch: Range, other: Range) -> bool:
    """The first ends with a comma, or the second begins in lower case."""
    begins = reading.text[other[0] + 1 : other[1]].lstrip()[:1]
    return begins.islower() or "," in reading.text[stretch[1] - 2 : stretch[1] + 1]


def _add_introduced(draft: Draft, stretch: Range) -> None:
    """A stretch behind a cue: `Ina berkata, “…”`, `she told reporters: “…”`."""
    reading, tokens = draft.reading, draft.reading.tokens
    at = tokens.at(stretch[0])
    first = tokens.at(reading.sentence_at(stretch[0])[0])
    cue = _introducing(draft, max(first, at - _BEFORE_COLON), at, stretch)
    colon = tokens.word(at - 1) == ":" and at > first
    kind = type_of(reading, *stretch)
    if cue:
        reason = reason_of(reading, reasons.MARKS_AND_CUE, cue)
        speaker = speakers.of(reading, cue)
        draft.add(Quote((stretch,), kind, 0.9 if colon else 0.85, reason, cue, speaker))
    elif colon:
        draft.add(Quote((stretch,), kind, 0.7, Reason(reasons.COLON)))


def _introducing(draft: Draft, first: int, at: int, stretch: Range) -> Cue | None:
    reading, tokens = draft.reading, draft.reading.tokens
    found = [cue for cue in reading.cues_in(first, at) if not draft.is_used(cue)]
    if not found or found[-1].form.use in ("tag", "source"):
        return None
    cue = found[-1]
    between = range(cue.end, at - 1)
    if tokens.word(at - 1) == ":":
        return cue
    if tokens.word(at - 1) == ",":
        near = len(between) <= _NEAR and not any(reading.is_stop(index) for index in between)
        return cue if near else None
    return cue if cue.end == at and stands_alone(reading, stretch) else None
