"""Spans in context: the places of a campaign's layers where something was labelled, with what
stands around them. For whoever may see the campaign's results; nothing here asks who that is."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from annotations.assignments.models import Campaign, Kind
from annotations.corpora.searching.concordance import MOST, Line, Sort, in_order
from annotations.corpora.searching.matching import pattern, stretch
from annotations.corpora.searching.query import Term
from annotations.corpora.searching.texts import bodies
from annotations.schema.services import label_ids
from annotations.spans.images import fetch

LOOKED_AT = 50_000
"""Spans that are looked at for one list before it stops and says so."""

PART = " … "
"""What stands between the fragments of a span on one line."""

_LAYERS_AT_ONCE, _SPANS_AT_ONCE = 500, 5_000
_FEW = 2_000
"""Where an entity is in no more layers, those are looked at and no others."""
_TEXTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a span must be; "" and None ask for nothing. `label`: a key of the schema; `attribute`:
    its key, with `value` (None: not set); `entities`, `annotator`: keys; `gold`: of gold layers only;
    `terms`: words of the span itself. `statuses` of the layers."""

    statuses: Sequence[str]
    terms: Sequence[Term] = ()
    label: str = ""
    attribute: str = ""
    value: str | bool | None = None
    entities: Collection[int] = ()
    annotator: int | None = None
    gold: bool = False


class SpanLine(Line, frozen=True, gc=False):
    """A span: from its first code point to its last, `hit` its fragments joined by PART; `entity`:
    a key or None; `annotator`: the key of whose layer it is in, `gold`: which is the gold one."""

    label: str
    attributes: dict[str, str | bool]
    entity: int | None
    annotator: int
    gold: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`lines` in order; `more`: there are others; `stopped`: the layer behind which nothing was
    looked at yet, 0 where all were."""

    lines: Sequence[SpanLine]
    more: bool = False
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class _Layer:
    id: int
    article: int
    annotator: int
    kind: str
    spans: int


_decode = msgspec.json.Decoder(dict[str, str | bool]).decode


def concordance(
    campaign: Campaign, wanted: Wanted, *, sort: Sort, after: int = 0, most: int = MOST
) -> Found:
    """Return the first spans that are wanted, `most` at the most, put in order among themselves;
    those of the layers behind the layer `after` (0: of all), in the order of articles. Layers of
    withdrawn articles are left out. LOOKED_AT spans are looked at, whatever the campaign holds."""
    found: list[SpanLine] = []
    looked_at, last = 0, after
    for layers in _handfuls(campaign, wanted, after):
        found += _spans(layers, campaign.schema_id, wanted, most + 1 - len(found))
        looked_at += sum(layer.spans for layer in layers)
        last = layers[-1].id
        if len(found) > most or looked_at >= LOOKED_AT:
            break
    else:
        last = 0
    if len(found) > most:
        return Found(in_order([*_in_context(found[:most])], sort), more=True)
    return Found(in_order([*_in_context(found)], sort), stopped=last)


def _handfuls(campaign: Campaign, wanted: Wanted, after: int) -> Iterator[list[_Layer]]:
    """The layers in order, in pieces of some thousand spans."""
    some: list[_Layer] = []
    spans = 0
    for layer in _layers(campaign, wanted, after):
        some.append(layer)
        spans += layer.spans
        if spans >= _SPANS_AT_ONCE:
            yield some
            some, spans = [], 0
    if some:
        yield some


def _layers(campaign: Campaign, wanted: Wanted, after: int) -> Iterator[_Layer]:
    """One query for each of some hundred layers, and two before the first."""
    place = _place_of(campaign, after)
    among = _layers_of(wanted.entities) if wanted.entities else None
    while True:
        found = fetch(
            _LAYERS.format(statuses=" UNION ALL ".join([_OF_STATUS] * len(wanted.statuses))),
            [
                value
                for status in wanted.statuses
                for value in (
                    *(campaign.corpus_id, status, campaign.pk, *place),
                    *(wanted.annotator, wanted.annotator, wanted.gold, Kind.GOLD, among, among),
                    _LAYERS_AT_ONCE,
                )
            ]
            + [_LAYERS_AT_ONCE],
        )
        yield from (_Layer(*row) for row in found)
        if len(found) < _LAYERS_AT_ONCE:
            return
        place = found[-1][1], found[-1][0]


# the articles of a corpus by the status of their layers stand in an index, in order
_OF_STATUS = """
(SELECT s.id, s.article_id, s.annotator_id, s.kind, s.span_count
   FROM assignment s JOIN article a ON a.id = s.article_id
  WHERE s.corpus_id = %s AND s.status = %s AND s.campaign_id = %s
    AND (s.article_id, s.id) > (%s, %s) AND s.span_count > 0
    AND (%s::bigint IS NULL OR s.annotator_id = %s) AND (NOT %s OR s.kind = %s)
    AND (%s::bigint[] IS NULL OR s.id = ANY(%s::bigint[]))
    AND NOT s.withdrawn AND a.withdrawn_at IS NULL
  ORDER BY s.article_id, s.id LIMIT %s)"""
_LAYERS = "SELECT * FROM ({statuses}) AS layers ORDER BY article_id, id LIMIT %s"


def _place_of(campaign: Campaign, layer: int) -> tuple[int, int]:
    if not layer:
        return 0, 0
    known = campaign.assignments.filter(pk=layer).values_list("article_id", flat=True).first()
    return (known, layer) if known else (0, 0)


def _layers_of(entities: Collection[int]) -> list[int] | None:
    """The layers that name one of these; None where they are many."""
    found = fetch(
        "SELECT DISTINCT assignment_id FROM span WHERE entity_id = ANY(%s) LIMIT %s",
        [list(entities), _FEW + 1],
    )
    return [layer for (layer,) in found] if len(found) <= _FEW else None


_SPANS = """
SELECT k.place, s.label_id, s.fragments, s.text, s.attributes, s.entity_id
  FROM unnest(%(layers)s::bigint[]) WITH ORDINALITY AS k (layer, place)
  JOIN span s ON s.assignment_id = k.layer
 WHERE {conditions}
 ORDER BY k.place, s.fragments[1], s.fragments[cardinality(s.fragments)], s.label_id, s.id
"""


def _spans(
    layers: Sequence[_Layer], schema_id: int, wanted: Wanted, most: int
) -> Iterator[SpanLine]:
    """The spans of some layers, without what stands around them. One query."""
    conditions, values = _conditions(wanted, label_ids(schema_id))
    limit = "" if wanted.terms else f" LIMIT {most:d}"
    rows = fetch(
        _SPANS.format(conditions=conditions) + limit,
        values | {"layers": [layer.id for layer in layers]},
    )
    keys = {pk: key for key, pk in label_ids(schema_id).items()}
    said = _says(wanted.terms)
    for place, label, fragments, text, attributes, entity in rows:
        hit = PART.join(text)
        if said(hit):
            layer = layers[place - 1]
            yield SpanLine(
                layer.article,
                fragments[0],
                fragments[-1],
                "",
                hit,
                "",
                keys[label],
                _decode(attributes),
                entity,
                layer.annotator,
                layer.kind == Kind.GOLD,
            )
            most -= 1
        if not most:
            return


def _conditions(wanted: Wanted, labels: dict[str, int]) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = ["NOT s.removed"]
    values: dict[str, Any] = {}
    if wanted.label:
        conditions.append("s.label_id = %(label)s")
        values["label"] = labels.get(wanted.label, 0)
    if wanted.attribute and wanted.value is None:
        conditions.append("NOT jsonb_exists(s.attributes, %(attribute)s)")
        values["attribute"] = wanted.attribute
    elif wanted.attribute:
        conditions.append("s.attributes @> %(attributes)s::jsonb")
        values["attributes"] = msgspec.json.encode({wanted.attribute: wanted.value}).decode()
    if wanted.entities:
        conditions.append("s.entity_id = ANY(%(entities)s)")
        values["entities"] = list(wanted.entities)
    return " AND ".join(conditions), values


def _says(terms: Sequence[Term]) -> Callable[[str], bool]:
    """Whether words hold all terms, and none of those that must be absent."""
    patterns = [(pattern([replace(term, without=False)]), term.without) for term in terms]
    known = [(found, without) for found, without in patterns if found]
    return lambda words: all((not found.search(words)) is without for found, without in known)


def _in_context(lines: Sequence[SpanLine]) -> Iterator[SpanLine]:
    """The lines with what stands around them. One query for each of some texts."""
    articles = list(dict.fromkeys(line.article for line in lines))
    of: dict[int, list[SpanLine]] = {article: [] for article in articles}
    for line in lines:
        of[line.article].append(line)
    for begin in range(0, len(articles), _TEXTS_AT_ONCE):
        for article, text in sorted(bodies(articles[begin : begin + _TEXTS_AT_ONCE]).items()):
            for line in of[article]:
                _, _, left, _, right = stretch(text, line.start, line.end)
                yield msgspec.structs.replace(line, left=left, right=right)
