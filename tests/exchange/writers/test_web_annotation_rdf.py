"""W3C Web Annotation as RDF, read by PyLD without a net: all it asks for is the context in the ZIP.

What the context calls things is compared with the ontology of the Web Annotation Vocabulary
(`tests/vectors/oa.nq`), which has the terms with their domains and ranges.
"""

import functools
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from pyld import jsonld

from annotations.exchange.records import LayerRecord, Line, NoteRecord
from annotations.exchange.writers.shape import who
from annotations.exchange.writers.web_annotation import AROUND, CONTEXT, OWN_CONTEXT, WRITER
from tests.exchange.kutip_lines import Drawn, campaigns
from tests.exchange.writers.judging import drawn_lines, everything, out, unzipped

ONTOLOGY = Path(__file__).parents[2] / "vectors" / "oa.nq"
SAMPLES = Path(
    os.environ.get("KUTIP_DATA", "/nowhere"),
    *("data", "w3c-web-annotation-schemas", "tools", "samples", "correct"),
)
OA, XSD = "http://www.w3.org/ns/oa#", "http://www.w3.org/2001/XMLSchema#"
RDF, RDFS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#"
STREAMS, FOAF = "http://www.w3.org/ns/activitystreams#", "http://xmlns.com/foaf/0.1/"
TERMS = "http://purl.org/dc/terms/"
TYPE = f"{RDF}type"
UNKNOWN = "urn:unknown:"
BASE = "http://page.invalid/"
"""Whatever is read as a name beside it is none."""
LINE = re.compile(r"<([^>]*)> <([^>]*)> <([^>]*)>")


class Triple(NamedTuple):
    subject: str
    predicate: str
    object: str


@functools.cache
def ontology() -> frozenset[Triple]:
    found = map(LINE.match, ONTOLOGY.read_text(encoding="utf-8").splitlines())
    return frozenset(Triple(*line.groups()) for line in found if line)


@functools.cache
def said(subject: str, predicate: str) -> frozenset[str]:
    return frozenset(t.object for t in ontology() if t[:2] == (subject, predicate))


@functools.cache
def context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OWN_CONTEXT.read_text(encoding="utf-8"))["@context"]
    return found


def iri(term: str) -> str:
    """What the context calls a term; one that it does not know is itself."""
    called = context().get(term, term)
    name: str = called["@id"] if isinstance(called, dict) else called
    before, _, after = name.partition(":")
    return f"{context()[before]}{after}" if before in context() else name


def reading(own: Mapping[str, Any]) -> dict[str, Any]:
    """There is no net: the annotations name one context, and this stands for it."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        assert url == CONTEXT
        known = {"contextUrl": None, "documentUrl": url, "document": {"@context": own}}
        return {"contentType": "application/ld+json"} | known

    return {"documentLoader": load, "base": BASE}


def triples(page: Any, **more: str) -> Sequence[dict[str, Any]]:
    options = reading({**context(), **more})
    found: Sequence[dict[str, Any]] = jsonld.to_rdf(page, options).get("@default", [])
    return found


def pages_of(given: Sequence[Line]) -> dict[str, Any]:
    """The pages by the names of their files; the context is the one that stands in the ZIP."""
    files = unzipped(out(WRITER, given)[0])
    assert files.pop("context.jsonld") == OWN_CONTEXT.read_bytes()
    return {name: json.loads(files[name]) for name in files if name.startswith("annotations/")}


# what the vocabulary says ---------------------------------------------------------------------------


def is_a(kinds: frozenset[str], wanted: str) -> bool:
    """Whether one of the classes is the wanted one, or is under it."""
    return wanted in kinds or any(is_a(said(kind, f"{RDFS}subClassOf"), wanted) for kind in kinds)


def wrong(found: Sequence[dict[str, Any]]) -> list[str]:
    """What the vocabulary does not know or does not allow."""
    kinds: dict[str, frozenset[str]] = {}
    for one in found:
        subject, predicate, object = values(one)
        if predicate == f"{RDF}type":
            kinds[subject] = kinds.get(subject, frozenset()) | {object}
    return [what for one in found for what in wrong_in(one, kinds)]


def wrong_in(one: dict[str, Any], kinds: Mapping[str, frozenset[str]]) -> Iterator[str]:
    subject, predicate, object = values(one)
    for name in (predicate, object):
        if name.startswith(UNKNOWN) or (name.startswith(OA) and not said(name, f"{RDF}type")):
            yield f"unknown: {name}"
    for domain in said(predicate, f"{RDFS}domain"):
        if not is_a(kinds.get(subject, frozenset()), domain):
            yield f"{predicate} of what is no {domain}"
    known = kinds.get(object, frozenset()) | said(object, f"{RDF}type")
    for wanted in said(predicate, f"{RDFS}range"):
        if one["object"].get("datatype") != wanted and not is_a(known, wanted):
            yield f"{predicate} leads to what is no {wanted}"


def values(one: dict[str, Any]) -> list[str]:
    return [one[key]["value"] for key in ("subject", "predicate", "object")]


@settings(deadline=None, max_examples=15)
@given(campaigns(least=1))
def test_the_vocabulary_of_w3c_allows_every_triple(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    pages = [triples(page, **{"@vocab": UNKNOWN}) for page in pages_of(given).values()]
    assert [wrong(page) for page in pages] == [[]] * len(pages)
    starts = [one for page in pages for one in page if one["predicate"]["value"] == f"{OA}start"]
    layers = [layer for one in given for layer in one.layers]
    assert len(starts) == sum(len(span.fragments) for layer in layers for span in layer.spans)


def test_it_refuses_what_the_vocabulary_does_not_know() -> None:
    page = {
        "@context": CONTEXT,
        "id": "urn:a",
        "type": "TextualBody",
        "motivation": "labelling",
        "colour": "red",
        "target": {"id": "urn:b", "selector": {"id": "urn:c", "type": "TextualBody", "start": 1}},
    }
    assert len(wrong(triples(page, **{"@vocab": UNKNOWN}))) >= 5


BESIDE = {OA, f"{OA}autoDirection"}
"""The direction `auto` stands in the Data Model and is forgotten in the ontology."""


def test_the_context_has_every_term_of_the_vocabulary_and_no_other() -> None:
    known = {each.subject for each in ontology() if each.subject.removeprefix(OA).isalpha()}
    assert {called for called in map(iri, context()) if called.startswith(OA)} == known | BESIDE


def test_the_context_takes_values_for_what_the_vocabulary_says_they_are() -> None:
    """A name where the range is a class, a literal of its type where it is one of XML Schema."""
    checked = 0
    for term, called in context().items():
        kind = called.get("@type") if isinstance(called, dict) else None
        for wanted in said(iri(term), f"{RDFS}range"):
            checked += 1
            is_text = wanted == f"{XSD}string"
            assert (kind is None) if is_text else kind in {wanted.replace(XSD, "xsd:"), *NAMES}
            assert (kind in NAMES) == (not wanted.startswith(XSD))
    assert checked > 15


NAMES = {"@id", "@vocab"}


# what the pages say ---------------------------------------------------------------------------------

Node = tuple[tuple[str, Any], ...]
"""What is said of a thing without a name: predicates, each with a name, a literal or a node."""


def node(*said: tuple[str, Any]) -> Node:
    return tuple(sorted(said, key=repr))


def literal(value: object, datatype: str = "string") -> tuple[str, str]:
    return str(value), f"{XSD}{datatype}"


class Graph:
    """A page read as RDF."""

    def __init__(self, page: Any) -> None:
        self._said: dict[str, list[tuple[str, Any]]] = {}
        for one in triples(page):
            subject, predicate, _ = values(one)
            self._said.setdefault(subject, []).append((predicate, one["object"]))

    def names(self) -> set[str]:
        return {name for name in self._said if not name.startswith("_:")}

    def of(self, subject: str) -> Node:
        return node(*((name, self._object(one)) for name, one in self._said.get(subject, ())))

    def _object(self, one: Mapping[str, str]) -> Any:
        if one["type"] == "literal":
            return one["value"], one["datatype"]
        return self.of(one["value"]) if one["type"] == "blank node" else one["value"]


def urn(id: str) -> str:
    return f"urn:uuid:{id}"


def person(name: str) -> tuple[str, Node]:
    return f"{TERMS}creator", node((TYPE, f"{FOAF}Person"), (f"{FOAF}nick", literal(name)))


def body(purpose: str, kind: str, *more: tuple[str, Any]) -> tuple[str, Node]:
    about = (TYPE, f"{OA}{kind}"), (f"{OA}hasPurpose", f"{OA}{purpose}")
    return f"{OA}hasBody", node(*about, *more)


def tag(purpose: str, text: str, *more: tuple[str, Any]) -> tuple[str, Node]:
    return body(purpose, "TextualBody", (f"{RDF}value", literal(text)), *more)


def resource(purpose: str, id: str) -> tuple[str, Node]:
    return body(purpose, "SpecificResource", (f"{OA}hasSource", urn(id)))


def tags(attributes: Mapping[str, str | bool]) -> Iterator[tuple[str, Node]]:
    for name, value in attributes.items():
        yield tag("tagging", f"{name}={value if isinstance(value, str) else str(value).lower()}")


def comment(note: NoteRecord) -> tuple[str, Node]:
    made = f"{TERMS}created", literal(note.at, "dateTime")
    return tag("commenting", note.text, person(note.author), made)


def target(line: Line, start: int, end: int) -> tuple[str, Node]:
    text = line.article.text
    bounds = (("start", start), ("end", end))
    words = (
        ("exact", text[start:end]),
        ("prefix", text[max(0, start - AROUND) : start]),
        ("suffix", text[end : end + AROUND]),
    )
    position = [(f"{OA}{name}", literal(at, "nonNegativeInteger")) for name, at in bounds]
    quoted = [(f"{OA}{name}", literal(word)) for name, word in words]
    return f"{OA}hasTarget", node(
        (TYPE, f"{OA}SpecificResource"),
        (f"{OA}hasSource", urn(line.article.id)),
        (f"{OA}hasSelector", node((TYPE, f"{OA}TextPositionSelector"), *position)),
        (f"{OA}hasSelector", node((TYPE, f"{OA}TextQuoteSelector"), *quoted)),
    )


def expected(line: Line, layer: LayerRecord) -> dict[str, Node]:
    """What a page is to say of the spans and relations of its layer."""

    def about(motivation: str, *more: tuple[str, Any]) -> Node:
        motivated = f"{OA}motivatedBy", f"{OA}{motivation}"
        return node((TYPE, f"{OA}Annotation"), motivated, person(layer.annotator), *more)

    found = {}
    for span in layer.spans:
        linked = [resource("identifying", span.entity)] if span.entity else []
        targets = [target(line, *fragment) for fragment in span.fragments]
        notes = map(comment, span.notes)
        told = tag("classifying", span.label), *tags(span.attributes), *linked, *notes
        found[urn(span.id)] = about("classifying", *told, *targets)
    for one in layer.relations:
        start = f"{OA}hasTarget", urn(one.source.span or line.article.id)
        led = resource("linking", one.target.span or one.target.entity or "")
        told = tag("classifying", one.type), *tags(one.attributes), led
        found[urn(one.id)] = about("linking", *told, start)
    return found


def as_list(names: Sequence[str]) -> Any:
    """As RDF has lists."""
    if not names:
        return f"{RDF}nil"
    return node((f"{RDF}first", names[0]), (f"{RDF}rest", as_list(names[1:])))


def says_what_went_out(given: Sequence[Line]) -> None:
    pages = list(pages_of(given).values())
    layers = [(line, layer) for line in given for layer in line.layers]
    for page, (line, layer) in zip(pages, layers, strict=True):
        graph, annotations = Graph(page), expected(line, layer)
        whole = f"urn:kutip:layers:{quote(who(layer), safe='')}"
        own = f"{whole}:{line.article.id}"
        assert graph.names() == {whole, own, *annotations}
        assert {name: graph.of(name) for name in annotations} == annotations
        assert graph.of(whole) == node(
            (TYPE, f"{STREAMS}OrderedCollection"), (f"{RDFS}label", literal(who(layer)))
        )
        assert graph.of(own) == node(
            (TYPE, f"{STREAMS}OrderedCollectionPage"),
            (f"{STREAMS}partOf", whole),
            (f"{STREAMS}startIndex", literal(0, "nonNegativeInteger")),
            (f"{STREAMS}items", as_list(list(annotations))),
        )


@settings(deadline=None, max_examples=15)
@given(campaigns(least=1))
def test_a_page_says_as_rdf_what_went_out_and_nothing_else(drawn: Drawn) -> None:
    says_what_went_out(drawn_lines(drawn))


def test_a_page_says_one_of_everything() -> None:
    says_what_went_out(drawn_lines(everything()))


# what would be dropped without a word ---------------------------------------------------------------


def written(given: Any) -> Iterator[str]:
    """What stands in JSON: the name of each property, as often as it has values. Names of things are
    not counted, as they may stand by themselves."""
    for key, value in given.items():
        several = value if isinstance(value, list) else [value]
        if key not in {"@context", "id"}:
            yield from [iri(key)] * len(several)
            for one in several:
                yield from written(one) if isinstance(one, dict) else ()


def read(expanded: Any) -> Iterator[str]:
    """The same of what was made of it."""
    for name, value in expanded.items():
        if name == "@id":
            continue
        for one in value if isinstance(value, list) else [value]:
            items = one["@list"] if isinstance(one, dict) and "@list" in one else [one]
            yield from [name] * len(items)
            for item in items:
                yield from read(item) if isinstance(item, dict) and "@value" not in item else ()


def nameless(expanded: Any) -> Iterator[str]:
    """What is to be the name of something, and is none."""
    if isinstance(expanded, list):
        for one in expanded:
            yield from nameless(one)
    elif isinstance(expanded, dict):
        kinds = () if "@value" in expanded else expanded.get("@type", ())
        names = [expanded.get("@id", ""), *kinds]
        yield from [name.removeprefix(BASE) for name in names if name.startswith(BASE)]
        for value in expanded.values():
            yield from nameless(value)


def dropped(page: Any) -> list[str]:
    expanded = jsonld.expand(page, reading(context()))
    made = Counter(name for one in expanded for name in read(one))
    return [*(Counter(written(page)) - made), *nameless(expanded)]


@settings(deadline=None, max_examples=15)
@given(campaigns(least=1))
def test_no_term_of_a_page_is_dropped(drawn: Drawn) -> None:
    for page in pages_of(drawn_lines(drawn)).values():
        assert dropped(page) == []


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("colour",), "red", "colour"),
        (("items", 0, "colour"), "red", "colour"),
        (("items", 0, "body", 0, "colour"), "red", "colour"),
        (("items", 0, "target", 0, "selector", 0, "colour"), "red", "colour"),
        (("items", 0, "type"), "Remark", "Remark"),
        (("items", 0, "motivation"), "labelling", "labelling"),
        (("items", 0, "body", 0, "purpose"), "labelling", "labelling"),
    ],
)
def test_a_term_that_is_dropped_is_seen(path: Sequence[str | int], value: str, found: str) -> None:
    page = next(iter(pages_of(drawn_lines(everything())).values()))
    at = page
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert dropped(page) == [found]


LATER_DROPPED = {"Composite", "List", "Independents"}
"""W3C's samples have these of a draft; the Recommendations do not."""


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples stand in KUTIP_DATA")
def test_the_context_knows_the_terms_of_w3cs_samples() -> None:
    samples = sorted(SAMPLES.glob("*.json"))
    assert len(samples) > 20
    for sample in samples:
        page = json.loads(sample.read_text(encoding="utf-8")) | {"@context": CONTEXT}
        assert set(dropped(page)) <= LATER_DROPPED
