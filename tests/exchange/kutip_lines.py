"""Lines of kutip/1: small ones written by hand, and random ones that are all the format allows."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article, Corpus
from annotations.exchange import outgoing
from annotations.exchange.formats import kutip
from annotations.exchange.heirs import with_heirs
from annotations.exchange.members import members
from annotations.exchange.services import Report, import_layers
from annotations.schema.spec import Attribute, builtin_document, parse
from annotations.spans.remarks import FLAGS
from tests import factories

SPEC = parse(builtin_document())
TEXT = "Menteri Laras menolak. “Kami,” katanya, “tidak akan mundur 🚢.” Warga bersorak."
MAYBE_MOMENT = "2026-03-20T08:00:00Z"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def span(text: str, *pieces: str, label: str = "ACTOR", **fields: Any) -> dict[str, Any]:
    """A span over the first occurrences of these pieces of the text, in order."""
    fragments, at = [], 0
    for piece in pieces:
        at = text.index(piece, at)
        fragments.append([at, at + len(piece)])
        at += len(piece)
    made = {"id": str(uuid4()), "label": label, "fragments": fragments, "text": list(pieces)}
    return made | {"attributes": {}, "entity": None, "notes": []} | fields


def note(text: str = "Ragu.", author: str = "annotator_a", **fields: Any) -> dict[str, Any]:
    return {"at": MAYBE_MOMENT, "author": author, "id": str(uuid4()), "text": text} | fields


def waiver(text: str, *pieces: str, reason: str = "Judul.", **fields: Any) -> dict[str, Any]:
    """A waiver of the first occurrences of these pieces of the text, in order."""
    words = span(text, *pieces, label="QUOTE")
    kept = {key: words[key] for key in ("fragments", "id", "label", "text")}
    return kept | {"reason": reason} | fields


def settlement(
    of: Sequence[tuple[str, dict[str, Any]]],
    decision: str = "none",
    result: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A settlement of these spans or relations of annotators; `result` is one, too."""

    def named(one: dict[str, Any]) -> dict[str, Any]:
        return {"relation" if "type" in one else "span": one["id"]}

    came: dict[str, Any] | None = result and named(result)
    if came and "relation" in came:
        came = {"relations": [came["relation"]]}
    made = {"at": MAYBE_MOMENT, "author": "hakim", "id": str(uuid4()), "reason": "Jelas."}
    said = {"decision": decision, "result": came, "took": None}
    return made | said | {"of": [{"annotator": name} | named(one) for name, one in of]} | fields


def relation(
    kind: str, source: dict[str, Any], target: dict[str, Any], **more: Any
) -> dict[str, Any]:
    made = {"id": str(uuid4()), "type": kind, "from": source, "to": target, "attributes": {}}
    return made | more


def layer(annotator: str = "annotator_a", *spans: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "annotator": annotator,
        "kind": "annotator",
        "notes": [],
        "relations": [],
        "spans": list(spans),
        "status": "submitted",
        "submitted_at": MAYBE_MOMENT,
    } | fields


def line(text: str = TEXT, *layers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A whole line over the text, as an export would have it."""
    digest = sha256(text)
    return {
        "article": {
            "author": "",
            "external_id": None,
            "id": str(uuid5(NAMESPACE_URL, f"kutip:article:{digest}")),
            "language": "id",
            "metadata": {},
            "published": None,
            "sha256": digest,
            "source": "",
            "text": text,
            "title": "",
            "url": "",
        },
        "entities": [],
        "format": "kutip/1",
        "layers": list(layers),
        "offset_unit": "codepoint",
        "schema": {"key": "atribusi", "version": "1.0"},
    } | fields


def compact(document: Any) -> bytes:
    """The one form of a document in kutip/1, without its LF."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def write_file(folder: Path, *documents: Any, name: str = "layers.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(compact(document) + b"\n" for document in documents))
    return path


def load(campaign: Campaign, file: Path, by: User | None = None) -> Report:
    return import_layers(campaign, file, load=uuid4(), by=by)


def exported(campaign: Campaign, *, include_open: bool = True) -> bytes:
    """The campaign as the exporter writes it."""
    statuses = outgoing.WITH_OPEN if include_open else outgoing.SUBMITTED
    out = bytearray()
    with outgoing.snapshot():
        found = members(campaign, statuses)
        for one in outgoing.lines(campaign, found, outgoing.Tally()):
            kutip.write(one, out)
    return bytes(out)


def article_of(corpus: Corpus, document: dict[str, Any]) -> Article:
    """The article of a line is in the corpus, with all that the line says of it."""
    given = document["article"]
    names = ("author", "external_id", "language", "metadata", "source", "title", "url")
    fields = {name: given[name] for name in names}
    published = given["published"] and datetime.fromisoformat(given["published"])
    return factories.article(corpus, given["text"], **fields, published=published)


# random lines -------------------------------------------------------------------------------------

SEVERAL = str.maketrans(
    {
        "1": "\r\n",
        "2": "e\u0301",
        "3": "👩\u200d👩\u200d👧",
        "4": "🇮🇩",
    }
)
"""Signs of more than one code point, by what stands for them while a text is drawn in one go."""
TEXTS = st.text(
    'abcXYZ .,1234\n\t“”–é\u2028\xa0\\"🚢مב\ufeff\u200d/\x7f\x85\U0010fffd|;<&>]=',
    min_size=6,
    max_size=40,
).map(lambda drawn: drawn.translate(SEVERAL))
WORDS = st.text("abcdefghé🚢-", min_size=1, max_size=8)
NAMES = st.text(st.sampled_from("abcØ한🚢“|;,:=<&'\""), min_size=1, max_size=6)
MOMENTS = st.none() | st.datetimes(
    datetime.fromisoformat("1950-01-01"),
    datetime.fromisoformat("2099-01-01"),
    timezones=st.just(UTC),
).map(lambda moment: moment.isoformat().replace("+00:00", "Z"))
METADATA = st.dictionaries(
    st.text("abcZé🚢", min_size=1, max_size=3),
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.just(0.5)
    | NAMES
    | st.lists(st.integers(0, 9), max_size=2)
    | st.dictionaries(NAMES, st.integers(0, 9), max_size=2),
    max_size=3,
)


# a strategy is made once: made anew for each value, making and checking it takes most of the time
WORDINGS = st.sampled_from(
    [
        "Ragu.",
        '“A”: "b",\r\n{c} 🚢',
        " é\u2028",
        "a|b\tc; d, e",
        "]]> <b>&amp;</b>",
        "=1+1",
        "'",
        "x\ny ",
    ]
)
"""What people write: with all that parts something in some format."""
BOOLEANS, UUIDS = st.booleans(), st.uuids().map(str)
KINDS = {"bool": BOOLEANS, "text": WORDINGS}
ALIASES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["full", "short", "role"]),
            "language": st.sampled_from(["", "id", "en"]),
            "text": NAMES,
        }
    ),
    max_size=3,
    unique_by=lambda alias: tuple(sorted(alias.items())),
)
NOTES = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.sampled_from(
                ["1950-01-01T00:00:00Z", MAYBE_MOMENT, "2026-03-20T08:00:00.000001Z"]
            ),
            "author": st.sampled_from(["ani", "budi", "tamu"]),
            "id": UUIDS,
            "text": WORDINGS,
        }
    ),
    max_size=2,
)
TYPES = st.sampled_from(["person", "organisation", "concept"])
STATUSES = st.sampled_from(["submitted", "open", "reopened", "skipped"])
FLAGGED = st.sampled_from([[], [FLAGS[0]], [*FLAGS[1:]], [*FLAGS]])
CONFIDENCE = st.sampled_from([None, None, 1, 2, 3])
REASONS = st.just("") | WORDINGS
LABELS = st.sampled_from(SPEC.labels)
ENDS = st.sampled_from([2, 2, 2, 4, 6])
DECISIONS = ("take", "merge", "none", "equal")
SETTLED_AT = st.sampled_from([MAYBE_MOMENT, "2026-03-20T08:00:00.000001Z"])
URLS = st.sampled_from(["", "https://contoh.example/berita?a=1&b=2"])


@lru_cache
def _offsets(length: int, count: int) -> st.SearchStrategy[list[int]]:
    """So many different offsets of a text, in order."""
    one = st.integers(0, length)
    return st.lists(one, min_size=count, max_size=count, unique=True).map(sorted)


def _values(attributes: Sequence[Attribute]) -> st.SearchStrategy[dict[str, str | bool]]:
    """Values of some of these attributes."""
    known = {
        attribute.key: KINDS[attribute.kind]
        if attribute.kind in KINDS
        else st.sampled_from(["?", *(value.key for value in attribute.values)])
        for attribute in attributes
    }
    return st.fixed_dictionaries({}, optional=known)


VALUES = {label.key: _values(label.attributes) for label in SPEC.labels}


@dataclass(frozen=True)
class Drawn:
    """A campaign's worth of lines, in the order and form of an export."""

    lines: Sequence[dict[str, Any]]

    def bytes(self) -> bytes:
        return b"".join(compact(each) + b"\n" for each in self.lines)


@st.composite
def campaigns(
    draw: st.DrawFn,
    annotators: Sequence[str] = ("ani", "budi"),
    least: int = 0,
    *,
    merges: bool = False,
) -> Drawn:
    """`least`: how many layers each article has at least. `merges`: some entities were merged into
    others."""
    texts = draw(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3, unique=True))
    entities = draw(st.lists(_entities(), max_size=3, unique_by=lambda entity: entity["id"]))
    if merges:
        for number, merged in enumerate(entities[1:]):
            if draw(BOOLEANS):
                merged["merged_into"] = entities[draw(st.integers(0, number))]["id"]
    lines = [draw(_lines(text, entities, annotators, i, least)) for i, text in enumerate(texts)]
    return Drawn(sorted(lines, key=lambda each: UUID(each["article"]["id"]).bytes))


@st.composite
def _entities(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "aliases": sorted(draw(ALIASES), key=lambda a: (a["kind"], a["language"], a["text"])),
        "id": draw(UUIDS),
        "name": draw(NAMES),
        "type": draw(TYPES),
    }


@st.composite
def _lines(
    draw: st.DrawFn,
    text: str,
    entities: Sequence[Any],
    annotators: Sequence[str],
    number: int,
    least: int,
) -> dict[str, Any]:
    who = draw(st.lists(st.sampled_from(annotators), min_size=least, max_size=2, unique=True))
    layers = [draw(_layers(text, entities, name, "annotator")) for name in who]
    if draw(BOOLEANS):
        gold = draw(_layers(text, entities, "hakim", "gold"))
        layers.append(gold | draw(_settlements(layers, gold)))
    layers.sort(key=lambda each: (each["kind"], each["annotator"]))
    linked = {s["entity"] for each in layers for s in each["spans"]} | {
        r["to"].get("entity") for each in layers for r in each["relations"]
    }
    into = {one["id"]: one["merged_into"] for one in entities if "merged_into" in one}
    made = line(text, *layers)
    made["entities"] = sorted(
        (entity for entity in entities if entity["id"] in with_heirs(linked, into)),
        key=lambda entity: entity["id"],
    )
    made["article"] |= {
        "author": draw(NAMES),
        "external_id": f"a{number}" if draw(BOOLEANS) else None,
        "metadata": draw(METADATA),
        "published": draw(MOMENTS),
        "source": draw(NAMES),
        "title": draw(NAMES),
        "url": draw(URLS),
    }
    return made


@st.composite
def _layers(
    draw: st.DrawFn, text: str, entities: Sequence[Any], annotator: str, kind: str
) -> dict[str, Any]:
    spans = draw(st.lists(_spans(text, entities), max_size=5))
    spans.sort(key=_text_order)
    relations = draw(_relations(spans, entities))
    for each in spans:
        each |= draw(_remarks())
    return layer(
        annotator,
        *spans,
        kind=kind,
        relations=sorted(relations, key=lambda each: UUID(each["id"]).bytes),
        status=draw(STATUSES),
        submitted_at=draw(MOMENTS),
        **draw(_remarks()),
        **draw(_waivers(text)),
        **(draw(_messages(spans)) if kind == "annotator" else {}),
    )


@st.composite
def _remarks(draw: st.DrawFn) -> dict[str, Any]:
    """Nothing, as mostly, or notes, flags and confidence: these only where there are any."""
    if not draw(BOOLEANS):
        return {"notes": []}
    notes = draw(NOTES)
    notes.sort(key=lambda each: (datetime.fromisoformat(each["at"]), UUID(each["id"]).bytes))
    flags, confidence = draw(FLAGGED), draw(CONFIDENCE)
    return (
        {"notes": notes}
        | ({"flags": flags} if flags else {})
        | ({"confidence": confidence} if confidence else {})
    )


@st.composite
def _waivers(draw: st.DrawFn, text: str) -> dict[str, Any]:
    drawn = draw(st.lists(_spans(text, ()), max_size=2))
    drawn.sort(key=_text_order)
    waivers = [
        {key: each[key] for key in ("fragments", "id", "label", "text")} | {"reason": draw(REASONS)}
        for each in drawn
    ]
    return {"waivers": waivers} if waivers else {}


@st.composite
def _messages(draw: st.DrawFn, spans: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Nothing, as mostly, or notes that somebody asks or answers, about these spans or the article."""
    drawn = draw(NOTES) if draw(BOOLEANS) else []
    for each in drawn:
        each["asks"] = draw(BOOLEANS)
        if spans and draw(BOOLEANS):
            each["span"] = draw(st.sampled_from(spans))["id"]
    drawn.sort(key=lambda each: (datetime.fromisoformat(each["at"]), UUID(each["id"]).bytes))
    return {"messages": drawn} if drawn else {}


@st.composite
def _settlements(
    draw: st.DrawFn, layers: Sequence[dict[str, Any]], gold: dict[str, Any]
) -> dict[str, Any]:
    """Some settlements of what is in these layers, where there is anything."""
    drawn = []
    for sort in ("spans", "relations"):
        members = [(each["annotator"], one) for each in layers for one in each[sort]]
        if not members or draw(BOOLEANS):
            continue
        of = draw(st.lists(st.sampled_from(members), min_size=1, max_size=3, unique_by=_named))
        decision = draw(st.sampled_from(DECISIONS)) if gold[sort] else "none"
        drawn.append(
            settlement(
                of,
                decision,
                None if decision == "none" else draw(st.sampled_from(gold[sort])),
                took=of[-1][0] if decision == "take" else None,
                at=draw(SETTLED_AT),
                id=draw(UUIDS),
                reason=draw(REASONS),
            )
        )
    drawn.sort(key=lambda each: (datetime.fromisoformat(each["at"]), UUID(each["id"]).bytes))
    distinct = {each["id"]: each for each in drawn}
    return {"settlements": [*distinct.values()]} if drawn else {}


def _named(member: tuple[str, dict[str, Any]]) -> tuple[str, str]:
    return member[0], member[1]["id"]


def _text_order(one: dict[str, Any]) -> tuple[int, int, str, bytes]:
    first, last = one["fragments"][0][0], one["fragments"][-1][1]
    return first, last, one["label"], UUID(one["id"]).bytes


@st.composite
def _spans(draw: st.DrawFn, text: str, entities: Sequence[Any]) -> dict[str, Any]:
    label = draw(LABELS)
    ends = draw(_offsets(len(text), draw(ENDS)))
    fragments = [list(pair) for pair in zip(ends[::2], ends[1::2], strict=True)]
    entity = None
    if label.entity and entities and draw(BOOLEANS):
        entity = draw(st.sampled_from(entities))["id"]
    return {
        "attributes": draw(VALUES[label.key]),
        "entity": entity,
        "fragments": fragments,
        "id": draw(UUIDS),
        "label": label.key,
        "notes": [],
        "text": [text[start:end] for start, end in fragments],
    }


@st.composite
def _relations(
    draw: st.DrawFn, spans: Sequence[dict[str, Any]], entities: Sequence[Any]
) -> list[dict[str, Any]]:
    """Some of all the relations that the schema allows between these ends, each once."""
    possible = [
        relation(kind.key, source, target)
        for kind in SPEC.relations
        for source in [
            *({"span": s["id"]} for s in spans if s["label"] in kind.sources),
            *([{"article": True}] if kind.from_article else []),
        ]
        for target in [
            *({"span": s["id"]} for s in spans if s["label"] in kind.targets),
            *({"entity": entity["id"]} for entity in entities if kind.to_entity),
        ]
        if source != target
    ]
    chosen = draw(st.lists(st.sampled_from(possible), max_size=4, unique_by=id)) if possible else []
    return [each | {"id": draw(UUIDS)} for each in chosen]
