"""An article as it is read for suggestions: everything found in it, and where."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from annotations.suggest.cues import Cue, cues
from annotations.suggest.lexicon import Kind, Lexicon
from annotations.suggest.mentions import Mention, mentions
from annotations.suggest.names import Matcher
from annotations.suggest.tokens import Tokens
from annotations.text import sentences
from annotations.text.quotemarks import scan

Range = tuple[int, int]

_LONGEST_SENTENCE = 3_000
_STOPS = frozenset(".,;:!?…–—()[]")


class Reading:
    """A text with its tokens, sentences, quoted stretches, mentions and cues. What stands inside
    a stretch is the speaker's: its cues are kept apart."""

    def __init__(self, text: str, lexicon: Lexicon | None, matcher: Matcher) -> None:
        self.text, self.lexicon = text, lexicon
        self.tokens = Tokens(text)
        marks = scan(text)
        self.stretches: list[Range] = marks.outermost()
        self._edges = {at for start, end in marks.pairs for at in (start, end - 1)}
        outer = set(self.stretches)
        self.inner: list[Range] = sorted(pair for pair in marks.pairs if pair not in outer)
        self._stretch_starts = [start for start, _ in self.stretches]
        self.sentences: list[Range] = [
            piece
            for sentence in sentences.apart(text, self.stretches)
            for piece in self._pieces(*sentence)
        ]
        self._sentence_starts = [start for start, _ in self.sentences]
        found = cues(self.tokens, lexicon) if lexicon else ()
        self.cues: list[Cue] = []
        self.inner_cues: list[Cue] = []
        for cue in found:
            (self.inner_cues if self.stretch_over(cue.start) else self.cues).append(cue)
        self._cue_firsts = [cue.first for cue in self.cues]
        starts = {self.tokens.at(start) for start, _ in self.sentences}
        self.mentions: list[Mention] = mentions(self.tokens, matcher, lexicon, starts)
        self._mention_firsts = [mention.first for mention in self.mentions]
        self._mentions_to = {mention.end: mention for mention in self.mentions}

    def _pieces(self, start: int, end: int) -> Iterator[Range]:
        """A sentence as it is; one without end, between words, so that no look around a cue costs
        more than so much."""
        while end - start > _LONGEST_SENTENCE:
            over = self.stretch_over(start + _LONGEST_SENTENCE)
            at = self.tokens.at(over[1] if over else start + _LONGEST_SENTENCE)
            cut = self.tokens.starts[at] if at < len(self.tokens) else end
            if cut >= end:
                break
            yield start, cut
            start = cut
        yield start, end

    @cached_property
    def paragraph_starts(self) -> list[int]:
        return [start for start, _ in sentences.paragraphs(self.text)]

    def sentence_at(self, offset: int) -> Range:
        return self.sentences[bisect_right(self._sentence_starts, offset) - 1]

    def paragraph_of(self, offset: int) -> int:
        return bisect_right(self.paragraph_starts, offset) - 1

    def stretch_over(self, offset: int) -> Range | None:
        """The stretch that an offset stands in."""
        place = bisect_right(self._stretch_starts, offset) - 1
        found = self.stretches[place] if place >= 0 else None
        return found if found and offset < found[1] else None

    def stretches_in(self, start: int, end: int) -> list[Range]:
        """The stretches that begin in a part of the text."""
        first, last = (bisect_left(self._stretch_starts, at) for at in (start, end))
        return self.stretches[first:last]

    def cues_in(self, first: int, end: int) -> list[Cue]:
        """The cues outside of stretches that begin at these tokens."""
        return self.cues[bisect_left(self._cue_firsts, first) : bisect_left(self._cue_firsts, end)]

    def mentions_in(self, first: int, end: int) -> list[Mention]:
        """The mentions that begin at these tokens."""
        one, other = (bisect_left(self._mention_firsts, at) for at in (first, end))
        return self.mentions[one:other]

    def mention_to(self, end: int) -> Mention | None:
        """The mention that ends before a token."""
        return self._mentions_to.get(end)

    def is_stop(self, index: int) -> bool:
        """The token ends a run of words: punctuation, a quotation mark, an end of the text."""
        tokens = self.tokens
        if not 0 <= index < len(tokens) or tokens.folded[index] in _STOPS:
            return True
        return tokens.starts[index] in self._edges

    def has(self, kind: Kind, index: int) -> bool:
        """The token is a word of this kind."""
        return self.lexicon is not None and self.lexicon.has(kind, self.tokens.word(index))

    def range_of(self, first: int, end: int) -> Range:
        """Where the tokens `[first, end)` stand in the text."""
        return self.tokens.starts[first], self.tokens.ends[end - 1]
