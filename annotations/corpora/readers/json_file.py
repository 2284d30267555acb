"""JSON: an array of articles, one article, or several in a row, each an object as in `jsonl`."""

from collections.abc import Iterator
from functools import partial

from annotations.corpora.readers import keyed
from annotations.corpora.readers.drafts import Reading
from annotations.corpora.readers.objects import objects_of
from annotations.corpora.readers.sources import Source


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every object, or its refusal."""
    return keyed.articles(source, partial(objects_of, source))
