"""A quote in the making: what is proposed, before it becomes a suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotations.suggest.cues import Cue
from annotations.suggest.reading import Range, Reading
from annotations.suggest.records import Part, Reason
from annotations.text.fragments import Fragments

Type = Literal["direct", "mixed", "indirect", "reported"]

_ENDS = ".?!…"


@dataclass(frozen=True, slots=True)
class Quote:
    """What is said, how sure that is and why; its cue and speaker where they were found."""

    fragments: Fragments
    type: Type
    score: float
    reason: Reason
    cue: Cue | None = None
    speaker: Part | None = None
    extra: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The quotes found so far in a reading, with the cues and stretches that they use up."""

    reading: Reading
    quotes: list[Quote] = field(default_factory=list)
    speakers: dict[int, Part | None] = field(default_factory=dict)
    taken: dict[int, Range] = field(default_factory=dict)

    def add(self, quote: Quote, *cues: Cue) -> None:
        """The quote is proposed; its cues and the stretches inside it are used up."""
        self.quotes.append(quote)
        for cue in (*cues, *([quote.cue] if quote.cue else [])):
            self.speakers[cue.first] = quote.speaker
        for start, end in quote.fragments:
            for stretch in self.reading.stretches_in(start, end):
                self.taken[stretch[0]] = (quote.fragments[0][0], quote.fragments[-1][1])

    def is_used(self, cue: Cue) -> bool:
        return cue.first in self.speakers

    def is_taken(self, stretch: Range) -> bool:
        return stretch[0] in self.taken


def type_of(reading: Reading, start: int, end: int) -> Type:
    """How a part of the text quotes: directly when it is nothing but a quoted stretch that could
    stand alone, mixed when some of it stands between marks, else indirectly."""
    inside = reading.stretches_in(start, end)
    if inside == [(start, end)] and stands_alone(reading, inside[0]):
        return "direct"
    return "mixed" if inside else "indirect"


def stands_alone(reading: Reading, stretch: Range) -> bool:
    """The words between the marks are a sentence of their own, or a beginning of one."""
    words = reading.text[stretch[0] + 1 : stretch[1] - 1].strip("“”‘’\"'«» \xa0")
    return bool(words) and (not words[0].islower() or words[-1] in _ENDS)


def reason_of(reading: Reading, sentence: str, cue: Cue) -> Reason:
    """The reason that names a cue as it stands in the text."""
    return Reason(sentence, {"cue": reading.text[cue.start : cue.stop]})
