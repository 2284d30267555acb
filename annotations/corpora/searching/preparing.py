"""What is stored of articles that become searchable, made from their texts. The database is asked for
nothing but the stems of words that were not met before."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from annotations.corpora.searching.lexemes import days, places
from annotations.corpora.searching.lexemes import field as field_lexeme
from annotations.corpora.searching.likeness import Signature, signatures
from annotations.corpora.searching.numbering import Lexemes, Numbers
from annotations.corpora.searching.reading import Known
from annotations.corpora.searching.stems import asked, base
from annotations.corpora.searching.vocabulary import Vocabulary, Words
from annotations.text.names import fold

_AT_ONCE = 100

Row = tuple[int, int, bytes, str]
"""Of `article_search`: the keys of the article and of its corpus, a tsvector as it is sent, the title."""

Facets = Counter[tuple[str, str]]
"""How many articles have a value, by field and value."""

Part = Sequence[tuple[Known, Words]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is stored of one step. `rows` are in the order of the articles, `signed` has the
    signatures by their keys; short ones have none."""

    rows: list[Row] = field(default_factory=list)
    signed: dict[int, Signature] = field(default_factory=dict)
    facets: Facets = field(default_factory=Counter)


def prepare(corpus_id: int, articles: Sequence[Known], vocabulary: Vocabulary) -> Prepared:
    """Return what is stored of articles. The vocabulary is that of those before."""
    vocabulary.make_room()
    made = Prepared(facets=facets(articles))
    for part in _parts(articles, vocabulary):
        made.rows.extend(_rows(corpus_id, part, vocabulary.lexemes))
        made.signed.update(_signed(part))
    return made


def rows(corpus_id: int, articles: Sequence[Known]) -> list[Row]:
    """Return the rows of articles, as `Prepared` has them."""
    vocabulary = Vocabulary()
    parts = _parts(articles, vocabulary)
    return [row for part in parts for row in _rows(corpus_id, part, vocabulary.lexemes)]


def facets(articles: Sequence[Known]) -> Facets:
    """Return how many of the articles have which language and which source."""
    counts = Counter(("language", article.language) for article in articles)
    return counts + Counter(("source", article.source) for article in articles if article.source)


def _parts(articles: Sequence[Known], vocabulary: Vocabulary) -> Iterator[Part]:
    """Yield the articles by the hundred, with what is in them."""
    for at in range(0, len(articles), _AT_ONCE):
        few = articles[at : at + _AT_ONCE]
        words = vocabulary.words(
            [(f"{one.title}\n{one.text}", f"{one.author}\n{one.source}") for one in few]
        )
        yield [*zip(few, words, strict=True)]


def _rows(corpus_id: int, part: Part, lexemes: Lexemes) -> Iterator[Row]:
    _know_stems(part, lexemes)
    for article, words in part:
        fields = _fields(corpus_id, article)
        vector = lexemes.vector(base(article.language), words.found_by, fields)
        yield article.id, corpus_id, vector, fold(article.title)


def _know_stems(part: Part, lexemes: Lexemes) -> None:
    by_tag: dict[str, list[Numbers]] = defaultdict(list)
    for article, words in part:
        by_tag[base(article.language)].append(words.found_by)
    for tag, numbers in by_tag.items():
        fresh = lexemes.unstemmed(tag, np.concatenate(numbers))
        if fresh:
            lexemes.give_stems(tag, fresh, asked(tag, [*fresh.values()]))


def _signed(part: Part) -> Iterator[tuple[int, Signature]]:
    found = signatures([words.said for _, words in part])
    for (article, _), signature in zip(part, found, strict=True):
        if signature is not None:
            yield article.id, signature


def _fields(corpus_id: int, article: Known) -> Iterator[str]:
    yield from places(corpus_id, article.id)
    yield field_lexeme("language", article.language)
    for name, value in (("source", article.source), ("author", article.author)):
        if value:
            yield field_lexeme(name, value)
    yield from days(article.published)
