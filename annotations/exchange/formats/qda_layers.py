"""Codings of a REFI-QDA text as layers, one for each user who coded, and memos as notes."""

import re
from collections.abc import Callable, Sequence

from annotations.corpora.readers.drafts import Place
from annotations.exchange.formats.annotated import Bounds, Loss, TaggedLayer, TaggedSpan, Tagging
from annotations.exchange.formats.qda_codebook import NOBODY, Codebook
from annotations.exchange.formats.qda_counting import Ballot, Offsets, Text, Way
from annotations.exchange.formats.qda_project import Coding, Selection, TextSource
from annotations.limits import LIMITS

PATH = "path"
"""The attribute that says where among the codes the code of a span stands."""
MOST_NOTES = LIMITS.article_code_points
"""Code points of all notes of an article: many places may refer to the same long memo."""

_LEAST = 100
"""What a note counts at least, as it has to be looked up."""
_POSITION = re.compile(r"\s*([0-9]{1,9})\s*")


def bounds_of(selection: Selection) -> Bounds | None:
    """Where a selection is said to stand, and the words it is named after; None for no numbers."""
    start, end = map(_POSITION.fullmatch, (selection.start, selection.end))
    if start is None or end is None:
        return None
    return Bounds(int(start[1]), int(end[1]), selection.name or None)


class Layers:
    """The layers of one text. `said` gives the words of a note."""

    def __init__(
        self,
        book: Codebook,
        source: TextSource,
        text: Text,
        ballot: Ballot,
        said: Callable[[TextSource], str],
        losses: list[Loss],
    ) -> None:
        self._book, self._source, self._text, self._said = book, source, text, said
        self._losses, self._ballot = losses, ballot
        self._taggings: dict[str, Tagging] = {}
        self._remarks: list[tuple[str, str, Place]] = []
        self._room = MOST_NOTES

    def read(self) -> list[TaggedLayer]:
        places = [(one, bounds_of(one)) for one in self._source.selections]
        about = [(note, _bounds_in(note)) for note in self._book.notes(self._source)]
        told = [bounds for _, bounds in places if bounds]
        offsets = self._offsets([*told, *(bounds for _, ends in about for bounds in ends)])
        for selection, bounds in places:
            if bounds is None:
                self._nobody.lose(selection.place, "qda_position", selection=_called(selection))
            else:
                self._selection(selection, _ends(bounds, offsets))
        self._about_all()
        for note, noted in about:
            self._noted(note, [_ends(bounds, offsets) for bounds in noted])
        self._remarked()
        return [tagging.layer for tagging in self._taggings.values()]

    def _offsets(self, bounds: Sequence[Bounds]) -> Offsets:
        """What turns positions into code points; the losses say where that changes them, and where
        nothing in the project tells which way is right."""
        plain = Offsets(self._text, Way())
        if not bounds or self._text.counts_one_way:
            return plain
        way = self._text.seen(self._ballot.chosen())
        offsets = Offsets(self._text, way)
        ends = [end for one in bounds for end in (one.start, one.end)]

        def differs(other: Offsets) -> bool:
            return any(other.code_points(end) != offsets.code_points(end) for end in ends)

        if differs(plain):
            counted = {
                "offsets_utf16": way.utf16,
                "qda_breaks": way.breaks != Way().breaks,
                "qda_mark": way.mark,
            }
            for code in filter(counted.__getitem__, counted):
                self._nobody.lose(self._source.place, code, kept=True)
        if self._ballot.is_open(self._text, differs):
            self._nobody.lose(self._source.place, "qda_unit", kept=True)
        return offsets

    @property
    def _nobody(self) -> Tagging:
        """What takes losses alone."""
        return Tagging(NOBODY, self._text.words, self._losses)

    def _tagging(self, user: str) -> Tagging:
        if user not in self._taggings:
            self._taggings[user] = Tagging(user, self._text.words, self._losses)
        return self._taggings[user]

    # --- spans --------------------------------------------------------------------------------

    def _selection(self, selection: Selection, ends: tuple[int, int]) -> None:
        spans = [
            (self._coding(coding, f"{selection.guid}:{number}", ends), coding)
            for number, coding in enumerate(selection.codings)
        ]
        memos = self._memos(selection)
        for span, coding in spans:
            for words in (*memos, *self._memos(coding)) if span else ():
                self._note(words, coding.place, self._book.user(coding.user), span)
        if not selection.codings:
            self._uncoded(selection, ends, memos)

    def _coding(self, coding: Coding, otherwise: str, ends: tuple[int, int]) -> TaggedSpan | None:
        tagging = self._tagging(self._book.user(coding.user))
        label = self._book.label(coding.code)
        span = tagging.span(coding.guid or otherwise, label, [ends], coding.place)
        if span and (path := self._book.path(coding.code)):
            tagging.attribute(span, PATH, path, coding.place)
        return span

    def _uncoded(self, selection: Selection, ends: tuple[int, int], memos: Sequence[str]) -> None:
        """A selection without a code is no span; a memo on it is a note of the article."""
        code = "qda_uncoded_memo" if memos else "qda_uncoded"
        self._nobody.lose(selection.place, code, kept=bool(memos), selection=_called(selection))
        for words in memos:
            self._remark(f"{self._quoted(ends)}: {words}", selection.user, selection.place)

    def _quoted(self, ends: tuple[int, int]) -> str:
        start, end = ends
        words = self._text.words[max(0, start) : max(0, min(end, start + 80))]
        return f"“{' '.join(words.split())}”"

    # --- notes --------------------------------------------------------------------------------

    def _memos(self, one: Selection | Coding) -> list[str]:
        own = one.words if isinstance(one, Selection) else ""
        said = (own, *(self._words(note) for note in self._book.notes(one)))
        return [words for words in said if words.strip()]

    def _words(self, note: TextSource) -> str:
        if self._room <= 0:
            return ""
        self._room -= _LEAST
        words = self._said(note).strip()
        named = note.name.strip()
        return words if words.startswith(named) else f"{named}: {words}".rstrip(": ")

    def _note(self, words: str, place: Place, user: str, about: TaggedSpan | None = None) -> None:
        self._room -= len(words)
        if self._room <= 0:
            self._nobody.lose(place, "qda_notes", note=words[:60], limit=MOST_NOTES)
        else:
            self._tagging(user).note(words, place, about)

    def _remark(self, words: str, user: str, place: Place) -> None:
        self._remarks.append((words, self._book.user(user), place))

    def _noted(self, note: TextSource, places: Sequence[tuple[int, int]]) -> None:
        """A note of the text; where it says itself which words it is about, it quotes them."""
        about = ", ".join(map(self._quoted, places))
        words = self._words(note)
        self._remark(f"{about}: {words}" if about else words, note.user, note.place)

    def _about_all(self) -> None:
        """A code of the whole text is a note, as its memos are."""
        source = self._source
        for coding in source.codings:
            label = self._book.path(coding.code) or self._book.label(coding.code)
            self._nobody.lose(coding.place, "qda_whole", kept=True, label=label[:80])
            for words in (label, *self._memos(coding)):
                self._remark(words, coding.user, coding.place)

    def _remarked(self) -> None:
        """What is said of the whole text is a note of the article, in the layer of who said it,
        else in the first one; where nobody coded anything there is none."""
        for words, user, place in self._remarks:
            if not self._taggings:
                self._nobody.lose(place, "qda_memo", note=words[:60])
            elif user in self._taggings:
                self._note(words, place, user)
            else:
                self._note(f"{user}: {words}", place, next(iter(self._taggings)))


def _bounds_in(note: TextSource) -> list[Bounds]:
    """The words that a note says itself it is about, as QualCoder writes it."""
    return [bounds for one in note.selections if (bounds := bounds_of(one))]


def _ends(bounds: Bounds, offsets: Offsets) -> tuple[int, int]:
    return offsets.code_points(bounds.start), offsets.code_points(bounds.end)


def _called(selection: Selection) -> str:
    return (selection.name or selection.guid)[:60]
