"""CoNLL columns with BIO tags: a token on each line, a blank line behind each sentence.

The token stands first, its tag last; columns are parted by tabs or, in a file without any, by
spaces. Tags are B-, I- and O, and E- (L-) and S- (U-) where a file has them; an I- behind another
label or an O begins a span, as in IOB1. Documents begin at `-DOCSTART-` or `# newdoc` (whose `id`
becomes the external id); a file without either is one document, cut between sentences where it
gets longer than an article should be.

The text is that of the `# text = ` lines where the tokens stand in it, else the tokens with a space
between them; each sentence is a line. The folder is the annotator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.lines import Line, lines_of, source_encoding
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Annotated, Found, Loss, Tagging, annotator_of

NOBODY = "conll"
"""Who tagged what lies in no folder."""
ENDINGS = (".conll", ".conllu", ".bio", ".iob", ".iob2", ".conll03", ".txt", ".tsv")
LONGEST = 100_000
"""Code points after which a file without documents goes on in another article."""

_BEGIN, _END, _ONLY = "B", frozenset("EL"), frozenset("SU")


@dataclass(slots=True)
class _Token:
    words: str
    tag: str
    place: Place


@dataclass(slots=True)
class _Document:
    """What is read of one document so far."""

    place: Place
    id: str = ""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[tuple[int, int, str, Place]] = field(default_factory=list)

    def add(self, tokens: Sequence[_Token], said: str) -> None:
        """One more sentence."""
        text, places = _laid_out(tokens, said)
        for first, last, label in _runs([token.tag for token in tokens]):
            start, end = places[first][0] + self.length, places[last][1] + self.length
            self.spans.append((start, end, label, tokens[first].place))
        self.pieces.append(text)
        self.length += len(text) + 1


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each document with its layer. A line without a tag column is lost, and named."""
    for source in sources:
        if source.suffix in ENDINGS:
            yield from _Reading(source).documents()


class _Reading:
    """One file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._losses: list[Loss] = []
        self._number = 0
        self._document = _Document(Place(source.name, 1, 0))
        self._marked = False

    def documents(self) -> Iterator[Found]:
        encoding = source_encoding(self._source)
        tokens: list[_Token] = []
        said = ""
        for line in lines_of(self._source, encoding):
            text = line.text.rstrip("\r\n")
            if line.fault:
                self._losses.append(Loss(line.fault.place, line.fault.reason))
            elif text.startswith(("# ", "-DOCSTART-")):
                said = text[9:] if text.startswith("# text = ") else said
                if text.startswith(("# newdoc", "-DOCSTART-")):
                    yield from self._next_document(line, text)
            elif text.strip():
                tokens += self._token(line, text)
            elif tokens:
                yield from self._sentence(tokens, said)
                tokens, said = [], ""
        if tokens:
            yield from self._sentence(tokens, said)
        yield from self._finish(str(encoding))

    def _sentence(self, tokens: list[_Token], said: str) -> Iterator[Found]:
        if not self._marked and self._document.length > LONGEST:
            yield from self._finish("")
            self._document = _Document(tokens[0].place)
        self._document.add(tokens, said)

    def _next_document(self, line: Line, text: str) -> Iterator[Found]:
        self._marked = True
        yield from self._finish("")
        self._document = _Document(Place(self._source.name, line.number, line.byte))
        if text.startswith("# newdoc id = "):
            self._document.id = text[14:].strip()

    def _token(self, line: Line, text: str) -> Iterator[_Token]:
        place = Place(self._source.name, line.number, line.byte)
        cells = text.split("\t") if "\t" in text else text.split()
        if len(cells) < 2 or not cells[0].strip():
            self._losses.append(Loss(place, UnfitError("conll_line", line=text[:60]).reason))
            return
        yield _Token(cells[0].strip(), cells[-1].strip(), place)

    def _finish(self, encoding: str) -> Iterator[Found]:
        """The document that ends here, if it holds anything."""
        document, losses = self._document, self._losses
        self._losses = []
        if not document.pieces:
            return
        self._number += 1
        title = self._source.stem if self._number == 1 else f"{self._source.stem} ({self._number})"
        record = {"text": "\n".join(document.pieces) + "\n", "title": title}
        if document.id:
            record["external_id"] = document.id
        try:
            article = draft(record, document.place, encoding)
        except UnfitError as unfit:
            yield LineRefusal(document.place, unfit.reason)
            return
        annotator = annotator_of(self._source.name, NOBODY)
        tagging = Tagging(annotator, article.text, losses)
        for number, (start, end, label, place) in enumerate(document.spans):
            tagging.span(str(number), label, [(start, end)], place)
        yield Annotated(article, [tagging.layer], losses)


def _laid_out(tokens: Sequence[_Token], said: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence, and where its tokens stand in it."""
    places, at = [], 0
    for token in tokens:
        start = said.find(token.words, at)
        if start < 0 or said[at:start].strip():
            return _spaced(tokens)
        at = start + len(token.words)
        places.append((start, at))
    return said, places


def _spaced(tokens: Sequence[_Token]) -> tuple[str, list[tuple[int, int]]]:
    places, at = [], 0
    for token in tokens:
        places.append((at, at + len(token.words)))
        at += len(token.words) + 1
    return " ".join(token.words for token in tokens), places


def _runs(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First token, last token and label of each span."""
    begun: int | None = None
    label = ""
    for number, tag in enumerate((*tags, "O")):
        mark, _, name = tag.partition("-")
        begins = bool(name) and (mark == _BEGIN or mark in _ONLY or begun is None or name != label)
        if begun is not None and (begins or not name):
            yield begun, number - 1, label
            begun = None
        if begins:
            begun, label = number, name
        if begun is not None and (mark in _END or mark in _ONLY):
            yield begun, number, label
            begun = None
