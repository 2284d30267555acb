"""Quotation marks: which belong together, and which stand alone.

Curly, low-high, guillemets (either way round), corner brackets, and straight ones, double and
single. Positions are code points. `js/lib/quotemarks.js` is the same algorithm; both read
`tests/vectors/quotemarks.json`.

A sign that is no mark is left out of both lists:

- an apostrophe: between letters (don't, Jum'at, l’État), before what elision leaves ('tis, ’90s),
  behind a word where no single mark is open (Rabi‘), or where a better closing one follows before
  anything opens (‘the Jones’ house is big,’);
- a prime: behind a number (5'10", 12") where no mark is open, or where a better one follows;
- a gershayim: between Hebrew letters.

A quotation ends with its paragraph, unless the next one opens with the same marks again. A line
that begins in lower case goes on with the paragraph before it.
"""

import re
import unicodedata
from dataclasses import dataclass

from annotations.text.sentences import SPACE, paragraphs

_CLOSED_BY = {
    "“": "”“",
    "„": "”“",
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "‘": "’‘",
    "‚": "’‘",
    "‛": "’",
    '"': '"',
    "'": "'",
}
_CLOSES = {
    closer: tuple(opener for opener, closers in _CLOSED_BY.items() if closer in closers)
    for closer in "”“«»‹›」』’‘\"'"
}
_CLOSES_AT_A_PINCH = {'"': ("“", "„", "‟"), "”": ('"',), "'": ("‘", "‚", "‛"), "’": ("'",)}
_OPENERS = "“„‟«‹「『‘‚‛"
_OPENS_AT_A_PINCH = "\"'”»›"
_SINGLE = "'’‘‚‛"
_APOSTROPHES = "'’‘"
_DOUBLE = '"”“„‟'

_MARK = re.compile("[“”„‟«»‹›「」『』‘’‚‛\"']")
# nothing, white space, the controls of writing direction
_EDGE = re.compile(f"[{SPACE}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]?")
_BETWEEN = re.compile(f"[{SPACE}]*")
_GOES_ON = re.compile("[ \xa0]")
_BRACKETS = "([{（［〔【"
_ELIDED = re.compile(
    r"(?:[0-9][0-9]s|n|s|t|k|m|em|tis|twas|twere|til|till|cause|bout|round|neath|cos|cuz)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_YEAR = re.compile(r"[0-9][0-9](?![A-Za-z0-9])")
_NUMBER = re.compile(r"(?:^|[^0-9.,])[0-9]{1,3}\Z")
_MAY_DROP = re.compile(r"[sxz]\Z|in\Z", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Marks:
    """`pairs`: each stretch from an opening mark to behind its closing one, inner ones included,
    in the order of their closing. `alone`: the positions of marks without a partner."""

    pairs: tuple[tuple[int, int], ...]
    alone: tuple[int, ...]

    def outermost(self) -> list[tuple[int, int]]:
        """The pairs that stand in no other pair, in text order: the quoted stretches."""
        outer: list[tuple[int, int]] = []
        for start, end in sorted(self.pairs, key=lambda pair: (pair[0], -pair[1])):
            if not outer or start >= outer[-1][1]:
                outer.append((start, end))
        return outer


def scan(text: str) -> Marks:
    """The quotation marks of a text. Pairs are nested or apart, never crossed. A mark that opens a
    quotation again at the beginning of a paragraph is neither a pair nor alone. Linear in the
    text."""
    opened = _Opened()
    for start, end in paragraphs(text):
        first = opened.reopened(text, start, end)
        signs = [_Sign(text, found.start()) for found in _MARK.finditer(text, first, end)]
        for sign, better in zip(signs, _better_ahead(signs), strict=True):
            opened.meet(sign, better_ahead=better)
    opened.keep(0)
    return Marks(tuple(opened.pairs), tuple(sorted(opened.alone)))


def _is_word(character: str) -> bool:
    """A letter, mark or digit of a script that parts its words and has apostrophes."""
    if not character or "\u0e00" <= character <= "\u0eff" or "\u1000" <= character <= "\u109f":
        return False
    if "\u1780" <= character <= "\u17ff" or character >= "\u2e80":
        return False
    return unicodedata.category(character)[0] in "LMN"


class _Sign:
    """A sign that may be a mark, with what its neighbours tell of it."""

    __slots__ = ("after", "at", "before", "leads", "mark", "text", "trails")

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at, self.mark = text, at, text[at]
        self.before, self.after = text[at - 1 : at], text[at + 1 : at + 2]
        opens_before = self.before in _BRACKETS or self.before in _OPENERS
        self.leads = (self.edge_before or opens_before) and not self.edge_after
        self.trails = not self.edge_before and not _is_word(self.after)

    @property
    def edge_before(self) -> bool:
        return _EDGE.fullmatch(self.before) is not None

    @property
    def edge_after(self) -> bool:
        return _EDGE.fullmatch(self.after) is not None

    def is_apostrophe(self) -> bool:
        if self.mark not in _APOSTROPHES:
            return False
        if _is_word(self.before):
            return _is_word(self.after)
        if not (self.edge_before or self.before in _BRACKETS):
            return False
        if self.mark == "’":
            return _is_word(self.after)
        year = self.mark == "'" and _YEAR.match(self.text, self.at + 1)
        return bool(year or _ELIDED.match(self.text, self.at + 1))

    def ends_word(self) -> bool:
        """It stands behind a word like an apostrophe: what goin’, the Jones’ and Rabi‘ have."""
        return self.mark in _APOSTROPHES and _is_word(self.before) and not _is_word(self.after)

    def begins_something(self) -> bool:
        """A letter, number or picture comes next."""
        return bool(self.after) and unicodedata.category(self.after)[0] not in "PZC"

    def is_gershayim(self) -> bool:
        return (
            self.mark == '"'
            and "\u05d0" <= self.before <= "\u05ea"
            and "\u05d0" <= self.after <= "\u05ea"
        )

    def is_prime(self) -> bool:
        """It may stand for feet or inches."""
        window = self.text[max(0, self.at - 4) : self.at]
        return self.mark in "'\"’”" and _NUMBER.search(window) is not None

    def is_weak(self) -> bool:
        """It may close a quotation, and it may as well belong to the word before it."""
        if not (_GOES_ON.fullmatch(self.after) and _is_word(self.text[self.at + 2 : self.at + 3])):
            return False
        drops = self.mark in "'’" and _MAY_DROP.search(self.text, max(0, self.at - 2), self.at)
        return bool(drops) or (self.mark in "'\"" and self.is_prime())


def _better_ahead(signs: list[_Sign]) -> list[bool]:
    """For each sign: whether one that surely closes follows before any that opens, of its kind."""
    ahead = {_SINGLE: False, _DOUBLE: False}
    found: list[bool] = []
    for sign in reversed(signs):
        kind = _SINGLE if sign.mark in _SINGLE else _DOUBLE
        found.append(ahead[kind])
        if sign.is_apostrophe():
            continue
        if sign.leads:
            ahead[kind] = False
        elif sign.trails and not sign.is_weak():
            ahead[kind] = True
    return found[::-1]


class _Opened:
    """The marks that are open at some point of a text, outermost first, and what was found."""

    def __init__(self) -> None:
        self.pairs: list[tuple[int, int]] = []
        self.alone: list[int] = []
        self._stack: list[tuple[str, int]] = []
        self._places: dict[str, list[int]] = {mark: [] for mark in _CLOSED_BY}

    def reopened(self, text: str, start: int, end: int) -> int:
        """Go on with the quotations that this paragraph opens again, and with no other. Returns
        where the rest of the paragraph begins."""
        for count, (mark, _) in enumerate(self._stack):
            at = _end_of_space(text, start)
            if at >= end or text[at] != mark:
                self.keep(count)
                break
            start = at + 1
        return start

    def meet(self, sign: _Sign, *, better_ahead: bool) -> None:
        if sign.is_apostrophe() or sign.is_gershayim():
            return
        place = self._closed_by(sign)
        if place is None:
            self._begin(sign)
        elif not (better_ahead and sign.is_weak()):
            self._close(place, sign.at)

    def keep(self, count: int) -> None:
        """All but the outermost `count` stay without a partner."""
        while len(self._stack) > count:
            mark, at = self._stack.pop()
            self._places[mark].pop()
            self.alone.append(at)

    def _closed_by(self, sign: _Sign) -> int | None:
        """Which open mark this one closes: the newest that fits."""
        place = self._newest(_CLOSES.get(sign.mark, ()))
        if sign.mark in _OPENERS:
            last = place is not None and place == len(self._stack) - 1
            return place if last and sign.trails and not sign.leads else None
        if place is not None:
            return None if sign.leads and sign.mark in "\"'" else place
        after_word = sign.mark in _SINGLE and _is_word(sign.before)
        if not sign.trails or after_word or sign.is_prime():
            return None
        return self._newest(_CLOSES_AT_A_PINCH.get(sign.mark, ()))

    def _newest(self, marks: tuple[str, ...]) -> int | None:
        places = [self._places[mark][-1] for mark in marks if self._places[mark]]
        return max(places) if places else None

    def _begin(self, sign: _Sign) -> None:
        if _may_open(sign):
            self._places[sign.mark].append(len(self._stack))
            self._stack.append((sign.mark, sign.at))
        elif not (sign.is_prime() or sign.ends_word()):
            self.alone.append(sign.at)

    def _close(self, place: int, at: int) -> None:
        self.keep(place + 1)
        mark, start = self._stack.pop()
        self._places[mark].pop()
        self.pairs.append((start, at + 1))


def _may_open(sign: _Sign) -> bool:
    if sign.mark in _OPENERS:
        return not (sign.mark == "‘" and sign.ends_word())
    if sign.mark not in _OPENS_AT_A_PINCH:
        return False
    if sign.leads:
        return True
    if sign.mark == '"':
        return sign.edge_before or sign.begins_something()
    return sign.mark == "'" and sign.begins_something() and not _is_word(sign.before)


def _end_of_space(text: str, start: int) -> int:
    found = _BETWEEN.match(text, start)
    return found.end() if found else start
