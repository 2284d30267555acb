"""The text of a document in WebAnno TSV 3, from its sentences and the offsets of their tokens."""

from collections.abc import Iterator, Sequence

from annotations.exchange.formats.annotated import Loss, Utf16, lost
from annotations.exchange.formats.webanno_rows import Row, Sentence
from annotations.limits import LIMITS

MOST_GAP = 10_000
"""Characters between two sentences that the offsets may leave out."""


class Text:
    """The text of the document, as it grows by sentences, and where their rows stand in it.

    What the offsets leave out between two sentences is filled with line breaks, before the first
    with spaces. Where a sentence begins before the last one ends, or very far behind it, a line
    break parts them, and the offsets hold within each.
    """

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._parts: list[str] = []
        self.length = self._units = 0
        self._first = True

    def __str__(self) -> str:
        return "".join(self._parts)

    def add(self, sentence: Sentence) -> Iterator[tuple[Row, int, int]]:
        """The sentence is part of the text; yield its rows with the code points they cover."""
        text = "\n".join(sentence.lines) if sentence.lines else _words(sentence.rows)
        begin = _begin(sentence.rows, text)
        self._part(sentence, begin)
        base, counting, units = self.length, Utf16(text), _units(text)
        self._put(text)
        self._units = units + (self._units + 1 if begin is None else begin)
        is_told = False
        for row in sentence.rows:
            ends = row.start - (begin or 0), row.end - (begin or 0)
            if not 0 <= ends[0] <= ends[1] <= units:
                self._losses.append(lost(row.place, "webanno_outside", row=row.unit))
                continue
            start, end = map(counting.code_points, ends)
            if row.words != text[start:end] and not is_told:
                is_told = True
                values = {"row": row.unit, "words": row.words[:60]}
                self._losses.append(lost(row.place, "webanno_words", kept=True, **values))
            yield row, base + start, base + end

    def _part(self, sentence: Sentence, begin: int | None) -> None:
        """Put what stands between the sentence and that before it."""
        gap = 1 if begin is None else begin - self._units
        if begin is not None and not 0 <= gap <= MOST_GAP:
            self._losses.append(lost(sentence.place, "webanno_gap", kept=True))
            gap = 1
        if begin is None and self._first:
            gap = 0
        self._put((" " if self._first else "\n") * gap)
        self._first = False

    def _put(self, text: str) -> None:
        self.length += len(text)
        if self.length > LIMITS.article_code_points:
            self._parts = []
        elif text:
            self._parts.append(text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _begin(rows: Sequence[Row], text: str) -> int | None:
    """Where the text of these rows begins, in units of the file: its first token may stand
    behind white space."""
    token = next((row for row in rows if row.is_token), None)
    if token is None:
        return None
    before = len(text) - len(text.lstrip())
    return token.start - (before if text.startswith(token.words, before) else 0)


def _words(rows: Sequence[Row]) -> str:
    """The tokens at their offsets, with spaces between them."""
    parts: list[str] = []
    at: int | None = None
    for row in rows:
        if row.is_token:
            gap = 0 if at is None else min(max(0, row.start - at), MOST_GAP)
            parts.append(" " * gap + row.words)
            at = row.end
    return "".join(parts)
