"""The door of the room: what may be labelled in a text."""

from collections.abc import Iterator, Mapping

from annotations.limits import LIMITS
from annotations.suggest import reasons
from annotations.suggest.around import add_around
from annotations.suggest.cues import Cue
from annotations.suggest.following import add_following
from annotations.suggest.leftover import add_leftover, add_nested
from annotations.suggest.lexicon import lexicon_of
from annotations.suggest.marked import add_marked
from annotations.suggest.mentions import Mention
from annotations.suggest.names import matcher_of
from annotations.suggest.quotes import Draft, Quote
from annotations.suggest.reading import Reading
from annotations.suggest.records import Name, Part, Reason, Suggestion
from annotations.text.fragments import Fragments

_GROUNDS: Mapping[str, tuple[str, float]] = {
    "registry": (reasons.REGISTRY, 0.8),
    "definition": (reasons.DEFINITION, 0.8),
    "title": (reasons.TITLE, 0.6),
    "ambiguous": (reasons.AMBIGUOUS, 0.5),
    "role": (reasons.ROLE, 0.5),
    "metonym": (reasons.METONYM, 0.4),
}
"""What is offered as an actor of its own: the reason and the score. Other names and pronouns are
offered as speakers only."""


def suggestions(text: str, language: str, names: tuple[Name, ...]) -> list[Suggestion]:
    """What may be labelled in the first LIMITS.suggestion_code_points of a text, in text order, at
    most LIMITS.suggestions. The same for the same text, language and names; costs in proportion to
    the length of the text."""
    reading = Reading(
        text[: LIMITS.suggestion_code_points], lexicon_of(language), matcher_of(names)
    )
    draft = Draft(reading)
    for add in (add_marked, add_around, add_following, add_leftover, add_nested):
        add(draft)
    found = [*(_of_quote(quote) for quote in draft.quotes), *_actors(reading)]
    found.sort(key=lambda one: (one.fragments[0][0], -one.fragments[-1][1], one.label, -one.score))
    return list(_once(found))[: LIMITS.suggestions]


def _once(found: list[Suggestion]) -> Iterator[Suggestion]:
    """The same words under the same label are one suggestion: that of the higher score."""
    seen: set[tuple[str, Fragments]] = set()
    for one in found:
        if (one.label, one.fragments) not in seen:
            seen.add((one.label, one.fragments))
            yield one


def _of_quote(quote: Quote) -> Suggestion:
    return Suggestion(
        "QUOTE",
        quote.fragments,
        {"type": quote.type, **_of_cue(quote.cue), **quote.extra},
        quote.reason,
        round(quote.score, 2),
        cue=_cue(quote.cue) if quote.cue else None,
        speaker=quote.speaker,
    )


def _of_cue(cue: Cue | None) -> Mapping[str, str]:
    """What a cue tells of its quote."""
    if cue is None:
        return {}
    found = {
        "demand": {"speech_act": "demand"},
        "ask": {"speech_act": "question"},
        "believe": {"medium": "thought"},
        "deny": {"factuality": "denied"},
    }.get(cue.form.verb_class, {})
    return {**found, "factuality": "not_said"} if cue.negated else found


def _cue(cue: Cue) -> Part:
    attributes: dict[str, str | bool] = {"verb_class": cue.form.verb_class}
    if cue.negated:
        attributes["negated"] = True
    return Part("CUE", ((cue.start, cue.stop),), attributes)


def _actors(reading: Reading) -> Iterator[Suggestion]:
    for mention in reading.mentions:
        ground = _GROUNDS.get(mention.ground)
        if ground:
            yield _actor(reading, mention, *ground)


def _actor(reading: Reading, mention: Mention, sentence: str, score: float) -> Suggestion:
    place = reading.range_of(mention.first, mention.end)
    form = {"form": mention.form}
    return Suggestion("ACTOR", (place,), form, Reason(sentence), score, mention.entity)
