"""What articles of a corpus can be looked for by, without typing."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.corpora.models import Corpus
from annotations.corpora.searching.models import CorpusFacet

SOURCES_OFFERED = 200
LANGUAGES_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters offer, the most frequent first."""

    sources: Sequence[str]
    languages: Sequence[str]


def offered(corpus: Corpus) -> Offered:
    """Return what can be chosen in the filters. Two queries."""
    found = CorpusFacet.objects.filter(corpus=corpus, articles__gt=0).order_by("-articles", "value")
    by = {
        field: list(found.filter(field=field).values_list("value", flat=True)[:most])
        for field, most in (("source", SOURCES_OFFERED), ("language", LANGUAGES_OFFERED))
    }
    return Offered(by["source"], by["language"])
