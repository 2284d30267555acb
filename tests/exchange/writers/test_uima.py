"""UIMA, as XMI and as JSON: cassis reads it, and what goes out comes back through our own reader."""

import json
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from cassis import Cas, load_cas_from_json, load_cas_from_xmi, load_typesystem
from hypothesis import given, settings

from annotations.exchange.formats import uima
from annotations.exchange.formats.annotated import DATABASE, Annotated, TaggedLayer
from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers import uima_json, uima_xmi
from annotations.exchange.writers.cas_types import ANNOTATION
from annotations.exchange.writers.losses import Part
from annotations.exchange.writers.shape import Writer, between_spans, described, who
from annotations.schema.spec import parse
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import (
    Tagged,
    counted,
    drawn_lines,
    lines,
    out,
    read_back,
    tagged,
    unzipped,
)

WRITERS = (uima_xmi.WRITER, uima_json.WRITER)
both = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.key)
# cassis calls a feature `type` otherwise in Python, and says so
pytestmark = pytest.mark.filterwarnings("ignore:Trying to add feature:UserWarning")


def loaded(data: bytes) -> dict[str, Cas]:
    """Every file as cassis reads it, by its name without ending."""
    files = unzipped(data)
    types = files.pop(uima_xmi.TYPES, None)
    system = load_typesystem(BytesIO(types)) if types else None
    return {
        name.rpartition(".")[0]: load_cas_from_xmi(BytesIO(file), typesystem=system)
        if system
        else load_cas_from_json(BytesIO(file))
        for name, file in files.items()
    }


def spans_of(cas: Cas) -> list[Any]:
    """The spans, each first fragment, in order; cassis turns offsets into code points."""
    parts = {one.Dependent.xmiID for one in cas.select("kutip.Part")}
    shown = [one for one in cas.select(ANNOTATION) if one.type.name.startswith("webanno.custom.")]
    first = [one for one in shown if one.xmiID not in parts and not hasattr(one, "Governor")]
    return sorted(first, key=lambda one: one.xmiID)


def fragments(cas: Cas, one: Any) -> tuple[tuple[int, int], ...]:
    more = [each.Dependent for each in cas.select("kutip.Part") if each.Governor is one]
    return tuple((each.begin, each.end) for each in (one, *sorted(more, key=lambda e: e.xmiID)))


@both
def test_cassis_reads_places_attributes_fragments_and_relations(writer: Writer) -> None:
    ship = span(TEXT, "🚢")
    quote = span(TEXT, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE")
    quote |= {"attributes": {"type": "direct", "complete": False}}
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": ship["id"]})
    data, report = out(writer, lines(line(TEXT, layer("ani", ship, quote, relations=[said]))))
    [(name, cas)] = loaded(data).items()
    assert name.startswith("ani/")
    assert cas.sofa_string == TEXT
    one, two = spans_of(cas)
    assert (one.type.name, one.get_covered_text()) == ("webanno.custom.ACTOR", "🚢")
    assert (two.type.name, two.get_covered_text()) == ("webanno.custom.QUOTE", "“Kami,”")
    assert fragments(cas, two) == tuple(map(tuple, quote["fragments"]))
    assert (two["type_"], two["complete"], two["medium"]) == ("direct", "false", None)
    [joined] = cas.select("webanno.custom.SPEAKER")
    assert (joined.Governor, joined.Dependent) == (two, one)
    assert counted(report) == {"layer_status": 1}


def test_offsets_in_the_file_count_utf16_units() -> None:
    whole = layer("ani", span("🚢🚢 Laras", "Laras"))
    [data] = unzipped(out(uima_json.WRITER, lines(line("🚢🚢 Laras", whole)))[0]).values()
    [actor] = [
        one for one in json.loads(data)["%FEATURE_STRUCTURES"] if one["%TYPE"].endswith("ACTOR")
    ]
    assert (actor["begin"], actor["end"]) == (5, 10)


@both
@settings(deadline=None, max_examples=25)
@given(drawn=campaigns())
def test_cassis_and_our_reader_find_what_went_out(writer: Writer, drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(writer, given)
    _judge_by_cassis(loaded(data), given)
    back = read_back(uima.read, {f"x.zip/{name}": file for name, file in unzipped(data).items()})
    _judge_by_reader(back, given, known=writer is uima_xmi.WRITER)
    assert not {Part.UNWRITABLE, Part.NAMES} & report.lost.keys()


def _judge_by_cassis(found: Mapping[str, Cas], given: list[Line]) -> None:
    there = {f"{who(each)}/{one.article.id}": (one, each) for one in given for each in one.layers}
    assert found.keys() == there.keys()
    for name, cas in found.items():
        one, whole = there[name]
        assert cas.sofa_string == one.article.text
        spans = spans_of(cas)
        assert [
            (each.type.name.rpartition(".")[2], fragments(cas, each), _values(each))
            for each in spans
        ] == [(each.label, tuple(each.fragments), _said(each)) for each in whole.spans]
        assert all(
            one.article.text[each.begin : each.end] == each.get_covered_text() for each in spans
        )


def _values(one: Any) -> dict[str, str]:
    mine = sorted(each.name for each in one.type.features if not each.name.startswith("kutip"))
    return {"type" if name == "type_" else name: one[name] for name in mine if one[name]}


def _said(one: Any) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else str(value).lower()
        for name, value in sorted(one.attributes.items())
    }


def _judge_by_reader(back: list[Annotated], given: list[Line], *, known: bool) -> None:
    there = {(one.article.text, who(each)): (one, each) for one in given for each in one.layers}
    found = {(one.draft.text, one.layers[0].annotator): one for one in back}
    assert found.keys() == there.keys()
    for key, one in found.items():
        line, whole = there[key]
        [again] = one.layers
        assert tagged(again) == Counter((s.label, tuple(s.fragments)) for s in whole.spans)
        assert _joins(again) == _joined(whole)
        assert Counter(str(sorted(s.attributes.items())) for s in again.spans.values()) == Counter(
            str(sorted(_said(s).items())) for s in whole.spans
        )
        names = {each.id: each.name for each in line.entities}
        references = [s.reference for s in again.spans.values() if s.reference]
        assert Counter((r.database, r.key, r.name) for r in references) == Counter(
            (DATABASE, s.entity, names[s.entity]) for s in whole.spans if s.entity
        )
        fields = {name: getattr(one.draft, name) for name in described(line) if name != "published"}
        assert fields == {n: v for n, v in described(line).items() if n != "published"}


def _joined(whole: LayerRecord) -> Counter[tuple[str, Tagged, Tagged]]:
    at = {each.id: (each.label, tuple(each.fragments)) for each in whole.spans}
    return Counter((r.type, at[source], at[target]) for r, source, target in between_spans(whole))


def _joins(again: TaggedLayer) -> Counter[tuple[str, Tagged, Tagged]]:
    at = {id: (each.label, each.fragments) for id, each in again.spans.items()}
    return Counter((r.type, at[r.source], at[r.target]) for r in again.relations.values())


@both
def test_names_that_uima_does_not_know_are_written_otherwise_and_counted(writer: Writer) -> None:
    """Of two that would be one the second has a number."""
    attributes = [
        {"key": key, "kind": "text", "name": {"en": key}} for key in ("begin", "a b", "ü")
    ]
    labels = [
        {"name": {"en": key}, "colour": "#000", "letter": "x", "line": "solid"}
        | {"key": key, "shortcut": key, "attributes": attributes}
        for key in ("Kutipan langsung", "Kutipan_20_langsung", "2")
    ]
    spec = parse(
        {"key": "x", "version": "1", "name": {"en": "x"}, "labels": labels, "relations": []}
    )
    said = {"begin": "1", "a b": '2 < 3 & "4"\n', "ü": "5"}
    spans = [span(TEXT, "Laras", label=label["key"], attributes=said) for label in labels]
    data, report = out(writer, lines(line(TEXT, layer("ani", *spans))), spec)
    [cas] = loaded(data).values()
    found = [(one.type.name.rpartition(".")[2], _values(one)) for one in spans_of(cas)]
    values = {"a_20_b": said["a b"], "begin_2": "1", "x_fc_": "5"}
    assert found == [
        ("Kutipan_20_langsung", values),
        ("Kutipan_20_langsung_2", values),
        ("x2", values),
    ]
    assert report.count(Part.NAMES) == 3


def test_what_xml_cannot_hold_is_replaced_and_counted() -> None:
    text = "Sa\x01tu \ufffe🚢 dua"
    data, report = out(uima_xmi.WRITER, lines(line(text, layer("ani", span(text, "dua")))))
    [cas] = loaded(data).values()
    assert cas.sofa_string == "Sa\ufffdtu \ufffd🚢 dua"
    assert [one.get_covered_text() for one in spans_of(cas)] == ["dua"]
    assert report.count(Part.UNWRITABLE) == 2


def test_parts_that_lead_in_circles_stay_spans_of_their_own() -> None:
    """A file that says it is ours may say anything."""
    data, _ = out(
        uima_json.WRITER, lines(line(TEXT, layer("ani", span(TEXT, "Menteri", "Laras", "Kami"))))
    )
    [(name, file)] = unzipped(data).items()
    document = json.loads(file)
    one, two = [x for x in document["%FEATURE_STRUCTURES"] if x["%TYPE"] == "kutip.Part"]
    two |= {"@Governor": one["@Dependent"], "@Dependent": one["@Governor"]}
    document["%FEATURE_STRUCTURES"].append(one | {"%ID": 99, "@Dependent": one["@Governor"]})
    [back] = read_back(uima.read, {name: json.dumps(document)})
    assert sorted(len(each.fragments) for each in back.layers[0].spans.values()) == [1, 2]
