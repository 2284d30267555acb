"""Quotes that follow their cue: `Ina mengatakan …`, `menurut Ina, …`, `Ina menyebut … “…”`."""

from annotations.suggest import reasons, speakers
from annotations.suggest.clauses import LONGEST, bounded, end_of_clause
from annotations.suggest.cues import Cue
from annotations.suggest.quotes import Draft, Quote, Type, reason_of, type_of
from annotations.suggest.reading import Range, Reading
from annotations.suggest.records import Part

_THAT_WITHIN = 6
"""How many words behind a cue `that` may stand; behind words that add when or where, more."""
_THAT_BEYOND = 15
_ACT_WITHIN = 9
"""How many words behind a cue the verb of what is wanted may stand."""
_PREPOSITIONS = frozenset(("about", "of", "to", "in", "on", "at", "by", "for", "from", "with"))


def add_following(draft: Draft) -> None:
    """Every cue that is not used yet has its quote in the draft, where one can be seen."""
    last: tuple[Range, Part | None] | None = None
    for cue in draft.reading.cues:
        sentence = draft.reading.sentence_at(cue.start)
        shared = last[1] if last and last[0] == sentence else None
        if not draft.is_used(cue):
            _add(draft, cue, shared)
        last = sentence, draft.speakers.get(cue.first) or shared


def _add(draft: Draft, cue: Cue, shared: Part | None) -> None:
    if cue.form.use == "mark":
        _add_marks_only(draft, cue, shared)
    elif cue.form.use in ("source", "tag"):
        _add_from_source(draft, cue)
    else:
        _add_clause(draft, cue, shared)


def _add_clause(draft: Draft, cue: Cue, shared: Part | None) -> None:
    reading = draft.reading
    first = _first_said(reading, cue)
    found = _content(reading, cue, first)
    if found is None or (cue.form.use == "clause" and _is_aside(reading, first)):
        return
    kind: Type = type_of(reading, *found)
    if cue.form.use == "act" and kind == "indirect":
        kind = "reported"
    speaker = speakers.of(reading, cue) or _shared(reading, cue, shared)
    certain = 0.1 * reading.has("that", first - 1) + 0.1 * (speaker is not None)
    draft.add(
        Quote(
            (found,),
            kind,
            0.55 + certain,
            reason_of(reading, reasons.FOLLOWS, cue),
            cue,
            speaker,
        )
    )


def _shared(reading: Reading, cue: Cue, shared: Part | None) -> Part | None:
    """The speaker of the sentence so far, for a cue that has no subject of its own."""
    if not _is_joined(reading, cue):
        return None
    start, _ = reading.sentence_at(cue.start)
    return shared or speakers.leading(reading, reading.tokens.at(start))


def _is_joined(reading: Reading, cue: Cue) -> bool:
    index = cue.first - 1
    while reading.has("modifier", index) and not reading.has("and", index):
        index -= 1
    return reading.has("and", index) or reading.tokens.word(index) == ","


def _is_aside(reading: Reading, first: int) -> bool:
    """English says `about the cable` behind a verb of saying, and quotes nothing."""
    lexicon = reading.lexicon
    english = lexicon is not None and lexicon.language == "en"
    return english and reading.has("aside", first) and reading.tokens.word(first) in _PREPOSITIONS


def _first_said(reading: Reading, cue: Cue) -> int:
    """The token with which the content begins: behind `that`; an act at its verb."""
    tokens = reading.tokens
    if cue.form.use == "act":
        return _first_of_act(reading, cue)
    aside = reading.has("aside", cue.end)
    farthest = cue.end + (_THAT_BEYOND if aside else _THAT_WITHIN)
    for index in range(cue.end, min(farthest, len(tokens))):
        if reading.is_stop(index) and not (aside and tokens.folded[index] == ","):
            break
        if reading.cues_in(index, index + 1):
            break
        if reading.has("that", index):
            return index + 1
    pauses = not cue.negated and cue.form.verb_class in ("say", "claim")
    return cue.end + (tokens.word(cue.end) == ":" or (pauses and tokens.word(cue.end) == ","))


def _first_of_act(reading: Reading, cue: Cue) -> int:
    if reading.has("that", cue.end):
        return cue.end + 1
    for index in range(cue.end, min(cue.end + _ACT_WITHIN, len(reading.tokens))):
        if reading.is_stop(index):
            break
        if reading.has("to", index):
            is_verb = reading.lexicon is not None and reading.lexicon.language == "en"
            return index if is_verb else index + 1
    addressee = reading.mentions_in(cue.end, cue.end + 1)
    return addressee[0].end if addressee else cue.end


def _content(reading: Reading, cue: Cue, first: int) -> Range | None:
    tokens = reading.tokens
    if first >= len(tokens) or tokens.folded[first] in ".,;:)…" or reading.has("void", cue.end):
        return None
    return bounded(reading, tokens.starts[first], end_of_clause(reading, cue, first))


def _add_from_source(draft: Draft, cue: Cue) -> None:
    reading, tokens = draft.reading, draft.reading.tokens
    speaker, end = speakers.behind(reading, cue)
    opens = _opens(reading, cue)
    if speaker is None or not (opens or reading.has("and", cue.first - 1)):
        return
    if cue.form.use == "tag" and not opens:
        return
    if tokens.word(end) == ",":
        end += 1
    elif not _ends_clearly(reading, cue, end):
        return
    found = _content(reading, cue, end)
    if found is None:
        return
    kind = type_of(reading, *found)
    draft.add(Quote((found,), kind, 0.75, reason_of(reading, reasons.FOLLOWS, cue), cue, speaker))


def _ends_clearly(reading: Reading, cue: Cue, end: int) -> bool:
    """The source is a name, a pronoun or a clitic, or marks open right behind it."""
    named = reading.mentions_in(cue.end, cue.end + 1)
    at = reading.tokens.ends[end - 1]
    return bool(cue.clitic or named or reading.stretches_in(at, at + 2))


def _opens(reading: Reading, cue: Cue) -> bool:
    return cue.first == reading.tokens.at(reading.sentence_at(cue.start)[0])


def _add_marks_only(draft: Draft, cue: Cue, shared: Part | None) -> None:
    reading = draft.reading
    end = end_of_clause(reading, cue, cue.end)
    free = [s for s in reading.stretches_in(cue.stop, end) if not draft.is_taken(s)]
    if not free or free[0][0] - cue.stop > LONGEST:
        return
    speaker = speakers.of(reading, cue) or _shared(reading, cue, shared)
    reason = reason_of(reading, reasons.MARKS_AND_CUE, cue)
    draft.add(Quote((free[0],), type_of(reading, *free[0]), 0.75, reason, cue, speaker))
