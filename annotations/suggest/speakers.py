"""Who stands by a cue: the speaker, behind it or before it."""

from collections.abc import Iterator

from annotations.suggest.cues import Cue
from annotations.suggest.lexicon import Kind, Lexicon
from annotations.suggest.mentions import Mention
from annotations.suggest.reading import Reading
from annotations.suggest.records import Part

_LONGEST = 7
"""The most words of a speaker who is described, not named."""
_FARTHEST = 40
"""How many words before a cue its speaker is looked for."""
_BY = ("oleh", "by")
_NOT_BEFORE: tuple[Kind, ...] = ("aside", "and", "det")


def clitic_of(cue: Cue) -> Part | None:
    """The clitic on the cue is an actor of its own; who it is, is for people to say."""
    return Part("ACTOR", (cue.clitic,), {"form": "clitic"}) if cue.clitic else None


def behind(reading: Reading, cue: Cue) -> tuple[Part | None, int]:
    """The speaker who follows the cue (kata Ina), and the token behind what names them."""
    if cue.clitic:
        return clitic_of(cue), cue.end
    first = cue.end + (reading.tokens.word(cue.end) in _BY)
    end = _end_of_words(reading, first)
    inside = reading.mentions_in(first, end)
    leading = inside[0] if inside and inside[0].first == first else None
    if leading is None or leading.entity is None:
        other = _in_apposition(reading, leading.end if leading else end)
        if other:
            return _named(reading, other), other.end
    if leading:
        return _named(reading, leading), leading.end
    if inside and inside[-1].end == end and inside[-1].ground != "pronoun":
        return _named(reading, inside[-1]), end
    return _described(reading, first, end), end


def of(reading: Reading, cue: Cue) -> Part | None:
    """The speaker of a cue that introduces what follows it: behind a passive, else before it in
    its clause, which begins with the sentence or behind the cue before."""
    if cue.clitic:
        return clitic_of(cue)
    lexicon = reading.lexicon
    if lexicon and lexicon.language == "id" and cue.form.form.startswith("di"):
        return behind(reading, cue)[0]
    first = reading.tokens.at(reading.sentence_at(cue.start)[0])
    floor = max([first, *(other.end for other in reading.cues_in(first, cue.first))])
    return before(reading, cue, floor)


def before(reading: Reading, cue: Cue, floor: int) -> Part | None:
    """The speaker who comes before the cue (Ina mengatakan), not before the token `floor`."""
    segments = _segments(reading, cue, max(floor, cue.first - _FARTHEST))
    first, end = next(segments, (0, 0))
    if reading.has("and", end - 1) and end > first:
        return None
    relative = end - first == 1 and reading.has("who", first)
    end -= reading.has("who", end - 1) and not relative
    if first < end and not relative:
        return _subject(reading, first, end)
    farthest: Part | None = None
    for first, end in segments:
        mention = reading.mention_to(end)
        whole = mention is not None and mention.first <= _behind_det(reading, first)
        meant = whole or (relative and not reading.has("aside", first))
        if mention and mention.ground != "pronoun" and meant:
            return _named(reading, mention)
        farthest = _subject(reading, first, end) or farthest
    return farthest


def begins_at(reading: Reading, speaker: Part, index: int) -> bool:
    """The speaker is named from this token on."""
    start, tokens = speaker.fragments[0][0], reading.tokens
    return start in (tokens.starts[index], tokens.starts[_behind_det(reading, index)])


def _segments(reading: Reading, cue: Cue, floor: int) -> Iterator[tuple[int, int]]:
    """The words before a cue, cut at commas, the nearest first, without modifiers behind them."""
    end = cue.first
    while True:
        end = _without_modifiers(reading, floor, end)
        first = _start_of_segment(reading, floor, end)
        yield first, end
        if first <= floor or reading.tokens.word(first - 1) != ",":
            return
        end = first - 1


def _start_of_segment(reading: Reading, floor: int, end: int) -> int:
    first = end
    while first > floor:
        mention = reading.mention_to(first)
        if mention and mention.first >= floor:
            first = mention.first
        elif reading.is_stop(first - 1):
            break
        else:
            first -= 1
    return first


def _without_modifiers(reading: Reading, floor: int, end: int) -> int:
    lexicon = reading.lexicon
    while lexicon and end > floor and not reading.mention_to(end):
        if not _is_modifier(lexicon, reading.tokens.folded[end - 1]):
            break
        end -= 1
    return end


def _is_modifier(lexicon: Lexicon, word: str) -> bool:
    adverb = lexicon.language == "en" and word.endswith("ly")
    return adverb or word in ("-", "'", "’") or lexicon.has("modifier", word)


def _subject(reading: Reading, first: int, end: int) -> Part | None:
    """Who these words name: the mention they begin with, or end with, else all of them."""
    while first < end and (reading.has("and", first) or reading.tokens.word(first) == "that"):
        first += 1
    begin = _behind_det(reading, first)
    last = reading.mention_to(end)
    if last and last.first >= first and (last.first <= begin or _is_meant(reading, last)):
        return _named(reading, last)
    if reading.has("aside", first):
        return _named(reading, last) if last and last.ground == "pronoun" else None
    leading = _leading(reading, begin)
    if leading and not _owns(reading, leading) and _is_sure(leading):
        return _named(reading, leading)
    other = last or leading
    return _described(reading, first, end) or (_named(reading, other) if other else None)


def _is_sure(mention: Mention) -> bool:
    """One capital at the beginning of a sentence makes no name: Serikat pengemudi."""
    return mention.ground != "name" or mention.end - mention.first > 1


def leading(reading: Reading, first: int) -> Part | None:
    """Who is named from a token on."""
    found = _leading(reading, _behind_det(reading, first))
    return _named(reading, found) if found else None


def _behind_det(reading: Reading, first: int) -> int:
    return first + reading.has("det", first)


def _is_meant(reading: Reading, last: Mention) -> bool:
    """The name at the end of a description, not what it only mentions: pelatih Otto, not warga
    di Wangkal."""
    at = last.first - 1
    return last.personal and not any(reading.has(kind, at) for kind in _NOT_BEFORE)


def _leading(reading: Reading, first: int) -> Mention | None:
    found = reading.mentions_in(first, first + 1)
    return found[0] if found else None


def _owns(reading: Reading, mention: Mention) -> bool:
    """`Ina’s sister` is not Ina."""
    return reading.tokens.word(mention.end) in ("'", "’")


def _end_of_words(reading: Reading, first: int) -> int:
    end, lexicon = first, reading.lexicon
    while not reading.is_stop(end) and end - first < 2 * _LONGEST:
        if end > first and lexicon and lexicon.has("after", reading.tokens.folded[end]):
            break
        end += 1
    return end


def _in_apposition(reading: Reading, end: int) -> Mention | None:
    """The name between commas behind a description: `the director, Ina,`."""
    if reading.tokens.word(end) != ",":
        return None
    found = _leading(reading, end + 1)
    if found is None or found.ground == "pronoun" or not reading.is_stop(found.end):
        return None
    return found


def _named(reading: Reading, mention: Mention) -> Part:
    place = reading.range_of(mention.first, mention.end)
    return Part("ACTOR", (place,), {"form": mention.form}, mention.entity)


def _described(reading: Reading, first: int, end: int) -> Part | None:
    if not first < end <= first + _LONGEST or reading.has("and", first):
        return None
    return Part("ACTOR", (reading.range_of(first, end),), {"form": "description"})
