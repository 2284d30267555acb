"""Files of other tools, as bytes in memory, and what a reader makes of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO

from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Annotated, Found, TaggedLayer
from annotations.exchange.reasons import sentence

Reader = Callable[[Sequence[Source]], Iterator[Found]]


def sources(files: Mapping[str, str | bytes]) -> list[Source]:
    return [_source(name, _bytes(data)) for name, data in files.items()]


def read(reader: Reader, files: Mapping[str, str | bytes]) -> list[Annotated]:
    """The articles of files in which none is refused."""
    found = list(reader(sources(files)))
    refused = [one for one in found if isinstance(one, LineRefusal)]
    assert refused == []
    return [one for one in found if isinstance(one, Annotated)]


def layer(reader: Reader, files: Mapping[str, str | bytes]) -> TaggedLayer:
    """The one layer of the one article, from which nothing was lost."""
    [one] = read(reader, files)
    assert one.losses == []
    [only] = one.layers
    return only


def spans(one: TaggedLayer, text: str) -> list[tuple[str, list[str]]]:
    """Label and words of every span, in order."""
    found = sorted(one.spans.values(), key=lambda span: span.fragments)
    return [(span.label, [text[start:end] for start, end in span.fragments]) for span in found]


def relations(one: TaggedLayer) -> set[tuple[str, str, str]]:
    return {(r.type, r.source, r.target) for r in one.relations.values()}


def said(found: Sequence[Found]) -> list[tuple[str, int, bool]]:
    """Code, line and "kept" of everything that is not as the files have it; each has a sentence."""
    told = []
    for one in found:
        if isinstance(one, LineRefusal):
            assert sentence(one.reason.code, one.reason.values)
            told.append((one.reason.code, one.place.line, False))
            continue
        for loss in one.losses:
            assert sentence(loss.reason.code, loss.reason.values)
            told.append((loss.reason.code, loss.place.line, loss.kept))
    return told


def _source(name: str, data: bytes) -> Source:
    return Source(name, len(data), lambda: BytesIO(data))


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
