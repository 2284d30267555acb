"""What a corpus holds at a glance: what its articles can be looked for by without typing, and how
many they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from annotations.corpora.models import Corpus

SOURCES_OFFERED = 200
LANGUAGES_OFFERED = 50

_MOST_FREQUENT = """ARRAY(SELECT value FROM corpus_facet
   WHERE corpus_id = s.corpus_id AND field = %s AND articles > 0
   ORDER BY articles DESC, value LIMIT %s)"""
_TAGS = "ARRAY(SELECT {} FROM tag WHERE corpus_id = s.corpus_id ORDER BY name)"
_OFFERED = f"""SELECT {_MOST_FREQUENT}, {_MOST_FREQUENT}, s.articles, s.searchable,
       {_TAGS.format("id")}, {_TAGS.format("name")}
  FROM corpus_summary s WHERE s.corpus_id = %s"""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters offer, the most frequent first, and tags, each with its key, by name; how many
    articles there are that are neither withdrawn nor superseded, and how many can be searched."""

    sources: Sequence[str]
    languages: Sequence[str]
    articles: int
    searchable: int
    tags: Sequence[tuple[int, str]]


def offered(corpus: Corpus) -> Offered:
    """Return what can be chosen in the filters, and the counts of the corpus. One query."""
    most = ("source", SOURCES_OFFERED, "language", LANGUAGES_OFFERED)
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, [*most, corpus.pk])
        [(sources, languages, articles, searchable, keys, names)] = cursor.fetchall()
    tags = list(zip(keys, names, strict=True))
    return Offered(sources, languages, articles, searchable, tags)
