"""W3C Web Annotation as RDF: PyLD reads it, and the vocabulary of W3C knows every term.

W3C's context itself can be had from w3.org alone. The one that stands for it here is made from the
ontology of the Web Annotation Vocabulary (`tests/vectors/oa.nq`), which has the terms with their
domains and ranges; only the names that JSON has otherwise are written down.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given, settings
from pyld import jsonld

from annotations.exchange.writers.web_annotation import CONTEXT, WRITER
from tests.exchange.kutip_lines import Drawn, campaigns
from tests.exchange.writers.judging import drawn_lines, out, unzipped

ONTOLOGY = Path(__file__).parents[2] / "vectors" / "oa.nq"
OA, XSD = "http://www.w3.org/ns/oa#", "http://www.w3.org/2001/XMLSchema#"
RDF, RDFS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#"
STREAMS, FOAF = "http://www.w3.org/ns/activitystreams#", "http://xmlns.com/foaf/0.1/"
UNKNOWN = "urn:unknown:"
LINE = re.compile(r"<([^>]*)> <([^>]*)> <([^>]*)>")
# section "JSON-LD Context" of the Recommendation: what is not called as in the ontology
RENAMED = {
    **{
        name: {"@id": f"{OA}has{name.title()}", "@type": "@id"}
        for name in ("body", "target", "source", "selector")
    },
    "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
    "value": f"{RDF}value",
    "creator": {"@id": "http://purl.org/dc/terms/creator", "@type": "@id"},
    "Person": f"{FOAF}Person",
    "nickname": f"{FOAF}nick",
    "label": f"{RDFS}label",
    "AnnotationCollection": f"{STREAMS}OrderedCollection",
    "AnnotationPage": f"{STREAMS}OrderedCollectionPage",
    "partOf": {"@id": f"{STREAMS}partOf", "@type": "@id"},
    "startIndex": {"@id": f"{STREAMS}startIndex", "@type": f"{XSD}nonNegativeInteger"},
    "items": {"@id": f"{STREAMS}items", "@type": "@id", "@container": "@list"},
    "id": "@id",
    "type": "@type",
}


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


def term(iri: str) -> dict[str, str]:
    datatypes = [each for each in said(iri, f"{RDFS}range") if each.startswith(XSD)]
    return {"@id": iri} | ({"@type": datatypes[0]} if datatypes else {})


@functools.cache
def context() -> dict[str, Any]:
    """Whatever is no term is unknown, not left out as JSON-LD has it."""
    known = {each.subject for each in ontology() if each.subject.removeprefix(OA).isalpha()}
    terms = {iri.removeprefix(OA): term(iri) for iri in known}
    return {"@context": {"@vocab": UNKNOWN} | terms | RENAMED}


def loader(url: str, _options: Any) -> dict[str, Any]:
    """There is no net: the annotations name one context."""
    assert url == CONTEXT
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": context(),
    }


def triples(page: Any) -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = jsonld.to_rdf(page, {"documentLoader": loader})["@default"]
    return found


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


@settings(deadline=None, max_examples=30)
@given(campaigns(least=1))
def test_the_vocabulary_of_w3c_knows_every_term(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    files = unzipped(out(WRITER, given)[0])
    pages = [triples(json.loads(files[name])) for name in files if name.endswith(".jsonld")]
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
    assert len(wrong(triples(page))) >= 5
