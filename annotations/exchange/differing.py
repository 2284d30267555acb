"""What differs between two exports: two files of kutip/1 lines, read side by side. Pure.

Both are in the order of the format, so memory grows with the largest article only. Articles are told
apart by their public id, that is by their text; layers within one by kind and annotator; spans,
relations, notes, messages, waivers and settlements within a layer by their id; entities by theirs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec

from annotations.exchange.records import LayerRecord, Line

What = Literal[
    "article", "entity", "layer", "span", "relation", "note", "message", "waiver", "settlement"
]
How = Literal["added", "changed", "removed"]

WHATS: Sequence[What] = get_args(What)

Fields = dict[str, Any]


class Unordered(ValueError):
    """The lines are not in the order of the format, or an article stands twice."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that only one side has (`old` or `new` is all of it), or that both have (`old` and
    `new` are the fields that differ). `kind`, `annotator`: of its layer, "" where it is in none.
    `span`: which span a note is about, "" for the article."""

    how: How
    what: What
    article: str
    kind: str = ""
    annotator: str = ""
    id: str = ""
    span: str = ""
    old: Fields | None = None
    new: Fields | None = None


def changes(before: Iterable[Line], after: Iterable[Line]) -> Iterator[Change]:
    """Every change from one export to the other, in the order of the format. Of an article or a layer
    that only one has, all that is in it is named, too. Raises Unordered."""
    for old, new in _side_by_side(_checked(before), _checked(after)):
        yield from _of_article(old, new)


def _checked(lines: Iterable[Line]) -> Iterator[Line]:
    last = ""
    for line in lines:
        if line.article.id <= last:
            raise Unordered(f"the article {line.article.id} stands behind {last}")
        last = line.article.id
        yield line


def _side_by_side(
    before: Iterator[Line], after: Iterator[Line]
) -> Iterator[tuple[Line | None, Line | None]]:
    old, new = next(before, None), next(after, None)
    while old or new:
        if new is None or (old is not None and old.article.id < new.article.id):
            yield old, None
            old = next(before, None)
        elif old is None or new.article.id < old.article.id:
            yield None, new
            new = next(after, None)
        else:
            yield old, new
            old, new = next(before, None), next(after, None)


def _of_article(old: Line | None, new: Line | None) -> Iterator[Change]:
    if old == new:
        return
    one = old or new
    if one is None:
        return
    article = one.article.id
    yield from _compared("article", _article(old), _article(new), article=article)
    yield from _each("entity", _entities(old), _entities(new), article=article)
    olds, news = _layers(old), _layers(new)
    for key in sorted(olds.keys() | news.keys()):
        yield from _of_layer(article, key, olds.get(key), news.get(key))


def _of_layer(
    article: str, key: tuple[str, str], old: LayerRecord | None, new: LayerRecord | None
) -> Iterator[Change]:
    where = {"article": article, "kind": key[0], "annotator": key[1]}
    yield from _compared("layer", _layer(old), _layer(new), **where)
    yield from _each("span", _spans(old), _spans(new), **where)
    yield from _each("relation", _by_id(old, "relations"), _by_id(new, "relations"), **where)
    olds, news = _notes(old), _notes(new)
    for span in sorted(olds.keys() | news.keys()):
        yield from _each("note", olds.get(span, {}), news.get(span, {}), span=span, **where)
    yield from _each("message", _by_id(old, "messages"), _by_id(new, "messages"), **where)
    yield from _each("waiver", _by_id(old, "waivers"), _by_id(new, "waivers"), **where)
    olds_, news_ = _by_id(old, "settlements"), _by_id(new, "settlements")
    yield from _each("settlement", olds_, news_, **where)


def _each(
    what: What, olds: Mapping[str, Fields], news: Mapping[str, Fields], **where: str
) -> Iterator[Change]:
    for key in dict.fromkeys((*olds, *news)):
        yield from _compared(what, olds.get(key), news.get(key), id=key, **where)


def _compared(what: What, old: Fields | None, new: Fields | None, **where: str) -> Iterator[Change]:
    """At most one change. What one side leaves out differs from whatever the other has there."""
    if old == new:
        return
    if old is None or new is None:
        yield Change(
            how="added" if old is None else "removed", what=what, old=old, new=new, **where
        )
        return
    names = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    yield Change(
        how="changed",
        what=what,
        old={name: old.get(name) for name in names},
        new={name: new.get(name) for name in names},
        **where,
    )


# what things are compared by ----------------------------------------------------------------------


def _article(line: Line | None) -> Fields | None:
    """All that a line says of its article. Its text is told by its hash."""
    if line is None:
        return None
    fields = _built(line.article)
    del fields["text"]
    schema = f"{line.schema.key}@{line.schema.version}"
    return fields | {"format": line.format, "schema": schema, "split": line.split}


def _entities(line: Line | None) -> dict[str, Fields]:
    return {} if line is None else {entity.id: _built(entity) for entity in line.entities}


def _layers(line: Line | None) -> dict[tuple[str, str], LayerRecord]:
    layers = () if line is None else line.layers
    return {(layer.kind, layer.annotator): layer for layer in layers}


def _layer(layer: LayerRecord | None) -> Fields | None:
    """What is said of a layer beside the things that have ids of their own."""
    if layer is None:
        return None
    return {
        "confidence": layer.confidence,
        "flags": list(layer.flags),
        "status": layer.status,
        "submitted_at": layer.submitted_at,
    }


def _spans(layer: LayerRecord | None) -> dict[str, Fields]:
    """Spans without their notes."""
    spans = _by_id(layer, "spans")
    for span in spans.values():
        del span["notes"]
    return spans


def _notes(layer: LayerRecord | None) -> dict[str, dict[str, Fields]]:
    """Notes by the span they are about."""
    if layer is None:
        return {}
    about = {"": layer.notes, **{span.id: span.notes for span in layer.spans}}
    return {span: {n.id: _built(n) for n in notes} for span, notes in about.items() if notes}


def _by_id(layer: LayerRecord | None, name: str) -> dict[str, Fields]:
    return {} if layer is None else {one.id: _built(one) for one in getattr(layer, name)}


def _built(record: msgspec.Struct) -> Fields:
    built: Fields = msgspec.to_builtins(record)
    return built
