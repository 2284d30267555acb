"""CoNLL columns with BIO tags: a word on each line, a blank line behind each sentence.

The word stands first, its tag last, unless a header or `# global.columns` names the columns.
Columns are parted by tabs or, in a file whose first row has none, by spaces. Documents begin at
`-DOCSTART-` or `# newdoc` (whose `id` becomes the external id); a file without either is one
document, cut between sentences where it gets longer than an article may be.

Which tags a file has is found by looking at all of it. Where E- (or L-) and S- (or U-) stand it is
BIOES (BILOU). Where I- begins spans more often than a B- that does not part two of one label, it is
IOB1. Else it is BIO. An I- or E- that continues nothing begins a span; it is said where the tags of
the file do not allow it.

The text is that of the `# text = ` lines where the words make it up, white space aside, else the
words with a space between them; each sentence is a line. The folder is the annotator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import LineRefusal, Place, Reason, UnfitError
from annotations.corpora.readers.lines import source_encoding
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Found,
    Loss,
    Tagging,
    annotator_of,
    article,
    lost,
)
from annotations.exchange.formats.conll_rows import (
    OUTSIDE,
    Columns,
    Item,
    Looked,
    continues,
    items,
    parsed,
)
from annotations.limits import LIMITS

NOBODY = "conll"
"""Who tagged what lies in no folder."""
ENDINGS = (".conll", ".conllu", ".bio", ".iob", ".iob2", ".conll03", ".txt", ".tsv")
MOST = LIMITS.article_code_points
LONGEST = 100_000
"""Code points after which a file without documents goes on in another article, as
long as one that is labelled without waiting."""
MOST_LOSSES = LIMITS.refusals_kept
"""Losses of one document that are named."""

_Marked = tuple[int, int, str, Place]


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each document with its layer. A line without its columns is lost, and named; a file
    whose lines mostly have no tag is refused."""
    for source in sources:
        if source.suffix in ENDINGS:
            try:
                yield from _documents(source)
            except DAMAGED:
                yield source.refused(Reason("zip_damaged"))


def _documents(source: Source) -> Iterator[Found]:
    encoding, columns, looked = source_encoding(source), Columns(), Looked()
    for item in items(source, encoding, columns):
        looked.take(item)
    if looked.tagged and (columns.named or 2 * looked.tagged >= looked.rows):
        yield from _Reading(source, encoding, looked.is_iob1).documents()
    else:
        yield source.refused(Reason("conll_no_tags"))


# --- documents --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Document:
    """What is read of one document so far: sentences, and spans with their places. One that is
    `over` is longer than an article may be, and nothing of it is kept."""

    place: Place
    id: str = ""
    sentences: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[_Marked] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.length > MOST

    def add(self, text: str, spans: Sequence[_Marked]) -> None:
        """One more sentence with the spans in it."""
        at, self.length = self.length, self.length + len(text) + 1
        if self.over:
            self.sentences, self.spans = [], []
        else:
            self.sentences.append(text)
            self.spans += [(start + at, end + at, label, line) for start, end, label, line in spans]

    def lose(self, loss: Loss) -> None:
        if len(self.losses) < MOST_LOSSES:
            self.losses.append(loss)
        elif len(self.losses) == MOST_LOSSES:
            self.losses.append(Loss(loss.place, Reason("conll_more")))


class _Reading:
    """One file."""

    def __init__(self, source: Source, encoding: Encoding, is_iob1: bool) -> None:
        self._source, self._encoding, self._is_iob1 = source, encoding, is_iob1
        self._number = 0
        self._marked = False
        self._document = _Document(Place(source.name, 1, 0))
        self._rows: list[Item] = []
        self._size = self._lost_before = 0
        self._said = ""

    def documents(self) -> Iterator[Found]:
        for item in items(self._source, self._encoding, Columns()):
            if item.kind in ("blank", "document", "text"):
                yield from self._sentence()
            if item.kind == "document":
                yield from self._next(item.place, item.words)
                self._marked = True
            elif item.kind == "text":
                self._said = item.words
            elif item.kind == "row":
                self._row(item)
            if item.loss:
                self._document.lose(item.loss)
        yield from self._sentence()
        yield from self._finish()

    def _row(self, row: Item) -> None:
        """One more word; a sentence longer than an article is not kept."""
        self._size += len(row.words) + 1
        if self._size <= MOST:
            self._rows.append(row)

    def _sentence(self) -> Iterator[Found]:
        """The sentence that ends here is in the document, or where there is no room left for it
        and the file has no documents, in another one."""
        if not self._rows:
            return
        size = max(self._size, len(self._said) + 1)
        if not self._marked and self._document.length and self._document.length + size > LONGEST:
            losses = self._document.losses[self._lost_before :]
            del self._document.losses[self._lost_before :]
            yield from self._next(self._rows[0].place)
            self._document.losses = losses
        if self._size > MOST:
            self._document.length += self._size
        else:
            self._add()
        self._rows, self._size, self._said = [], 0, ""
        self._lost_before = len(self._document.losses)

    def _add(self) -> None:
        words = [row.words for row in self._rows]
        text, places = " ".join(words), _spaced(words)
        if self._said:
            within = _within(words, self._said)
            if within:
                text, places = self._said, within
            else:
                place = self._rows[0].place
                self._document.lose(lost(place, "conll_text", kept=True, text=self._said[:80]))
        self._document.add(
            text,
            [
                (places[first][0], places[last][1], label, self._rows[first].place)
                for first, last, label in self._runs()
            ],
        )

    def _runs(self) -> Iterator[tuple[int, int, str]]:
        """First word, last word and label of each span."""
        first, before, shown = -1, parsed(OUTSIDE), OUTSIDE
        for number, row in enumerate(self._rows):
            tag = parsed(row.tag)
            if not continues(tag, before):
                if first >= 0:
                    yield first, number - 1, before[1]
                first = number if tag[1] else -1
                self._follow(row, tag[0], shown)
            before, shown = tag, row.tag
        if first >= 0:
            yield first, len(self._rows) - 1, before[1]

    def _follow(self, row: Item, mark: str, before: str) -> None:
        """Say where a tag that should continue a span begins one."""
        if mark == "E" or (mark == "I" and not self._is_iob1):
            values = {"tag": row.tag[:60], "before": before[:60]}
            self._document.lose(lost(row.place, "conll_sequence", kept=True, **values))

    def _next(self, place: Place, id: str = "") -> Iterator[Found]:
        yield from self._finish()
        self._document, self._lost_before = _Document(place, id), 0

    def _finish(self) -> Iterator[Found]:
        """The document that ends here, if it holds anything."""
        document = self._document
        if document.over:
            values = {"length": document.length, "limit": MOST}
            yield LineRefusal(document.place, Reason("text_too_long", values))
        elif document.sentences:
            self._number += 1
            yield self._annotated(document)
        elif document.losses:
            yield LineRefusal(document.place, Reason("conll_empty"))

    def _annotated(self, document: _Document) -> Found:
        stem, encoding = self._source.stem, str(self._encoding)
        title = stem if self._number == 1 else f"{stem} ({self._number})"
        record = {"text": "\n".join((*document.sentences, "")), "title": title}
        if document.id:
            record["external_id"] = document.id
        try:
            draft = article(record, document.place, encoding, document.losses)
        except UnfitError as unfit:
            return LineRefusal(document.place, unfit.reason, encoding)
        annotator = annotator_of(self._source.name, NOBODY)
        tagging = Tagging(annotator, draft.text, document.losses)
        for number, (start, end, label, place) in enumerate(document.spans):
            tagging.span(str(number), label, [(start, end)], place)
        return Annotated(draft, [tagging.layer], document.losses)


def _spaced(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand with a space between them."""
    ends = list(accumulate(len(word) + 1 for word in words))
    return [(end - 1 - len(word), end - 1) for word, end in zip(words, ends, strict=True)]


def _within(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where the words stand in a text that they make up, white space aside; nothing where they do
    not."""
    places, at = [], 0
    for word in (*words, ""):
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(word, at):
            return []
        places.append((at, at + len(word)))
        at += len(word)
    return places[:-1] if at == len(text) else []
