"""JSON: an array of articles, one article, or several in a row, each an object as in `jsonl`."""

from collections.abc import Iterator

from annotations.corpora.readers.drafts import LineRefusal, Reading, UnfitError
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.objects import Record, objects_of
from annotations.corpora.readers.sources import Source


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every object, or its refusal."""
    return map(_article, objects_of(source))


def _article(item: Record) -> Reading:
    if item.value is None:
        return item.refused()
    try:
        return draft(item.value, item.place, item.encoding)
    except UnfitError as unfit:
        return LineRefusal(item.place, unfit.reason, item.encoding)
