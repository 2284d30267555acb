"""TEI P5: valid by the schema of the TEI Consortium, and all that it holds comes back from it."""

import functools
import lzma
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers.losses import Part
from annotations.exchange.writers.tei import WRITER
from annotations.exchange.writers.xml_text import escaped, known, quoted
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, note, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, everything, lines, out, unzipped

SCHEMA = Path(__file__).parents[2] / "vectors" / "tei_all-3.0.0.rng.xz"
RNG = "{http://relaxng.org/ns/structure/1.0}"
TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
RANGE = re.compile(r"#string-range\(text,(\d+),(\d+)\)")
USED = frozenset(
    [
        "TEI",
        "ab",
        "author",
        "bibl",
        "binary",
        "body",
        "date",
        "f",
        "fileDesc",
        "fs",
        "idno",
        "item",
        "langUsage",
        "language",
        "link",
        "linkGrp",
        "list",
        "name",
        "p",
        "profileDesc",
        "publicationStmt",
        "publisher",
        "resp",
        "respStmt",
        "sourceDesc",
        "span",
        "spanGrp",
        "string",
        "teiHeader",
        "text",
        "title",
        "titleStmt",
    ]
)


@functools.cache
def schema() -> Any:
    """The schema with no elements but these: what it accepts the whole one accepts, which takes
    seconds to compile."""
    grammar = etree.fromstring(lzma.decompress(SCHEMA.read_bytes()))
    for element in [*grammar.iter(f"{RNG}element")]:
        if element.get("name") not in USED:
            element.getparent().replace(element, etree.Element(f"{RNG}notAllowed"))
    return etree.RelaxNG(grammar)


def judged(data: bytes) -> Any:
    """The file, valid. `standOff` came with TEI 4.0: what is in it may stand behind the body, too,
    and is judged there."""
    root = etree.fromstring(data)
    assert [child.tag for child in root if child.tag != f"{TEI}standOff"] == [
        f"{TEI}teiHeader",
        f"{TEI}text",
    ]
    moved = etree.fromstring(data)
    text = moved.find(f"{TEI}text")
    for apart in moved.findall(f"{TEI}standOff"):
        assert apart.getnext() is text
        assert len(apart) > 0
        text.extend(apart)
        moved.remove(apart)
    assert schema().validate(moved), schema().error_log
    return root


def files(given: list[Line]) -> list[Any]:
    return [judged(data) for data in unzipped(out(WRITER, given)[0]).values()]


def features(root: Any, element: Any) -> dict[str, str | bool]:
    """The attributes to which the element leads."""
    if element.get("ana") is None:
        return {}
    [structure] = [
        each for each in root.iter(f"{TEI}fs") if f"#{each.get(ID)}" == element.get("ana")
    ]
    found: dict[str, str | bool] = {}
    for feature in structure:
        [value] = feature
        is_text = value.tag == f"{TEI}string"
        found[feature.get("name")] = (value.text or "") if is_text else value.get("value") == "true"
    return found


def uuid(pointer: str | None) -> str | None:
    return pointer and pointer.split("-", 1)[1]


def check(root: Any, group: Any, whole: LayerRecord, text: str) -> None:
    """All that the layer says of spans is in the group."""
    assert len(group) == len(whole.spans)
    for element, one in zip(group, whole.spans, strict=True):
        places = [
            tuple(map(int, RANGE.fullmatch(at).groups())) for at in element.get("target").split()
        ]
        assert [(start, start + length) for start, length in places] == [*one.fragments]
        assert [text[start : start + length] for start, length in places] == [*one.text]
        assert (uuid(element.get(ID)), element.text) == (one.id, one.label)
        assert features(root, element) == one.attributes
        assert uuid(element.get("corresp")) == one.entity


@settings(deadline=None, max_examples=80)
@given(campaigns())
@example(everything())
def test_what_goes_out_stands_in_the_file(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    for root, one in zip(files(given), given, strict=True):
        text = root.findtext(f".//{TEI}ab")
        assert text == one.article.text
        groups = root.findall(f"{TEI}standOff/{TEI}spanGrp")
        layers = [group for group in groups if group.get("type") != "notes"]
        people = {
            f"#{each.get(ID)}": each.findtext(f"{TEI}name") for each in root.iter(f"{TEI}respStmt")
        }
        assert [(people[each.get("resp")], each.get("type")) for each in layers] == [
            (whole.annotator, whole.kind) for whole in one.layers
        ]
        for group, whole in zip(layers, one.layers, strict=True):
            check(root, group, whole, text)
        links = [
            (
                uuid(each.get(ID)),
                each.get("type"),
                *map(end, each.get("target").split()),
                features(root, each),
            )
            for each in root.iter(f"{TEI}link")
        ]
        assert links == [
            (r.id, r.type, r.source.span, r.target.span or r.target.entity, r.attributes)
            for whole in one.layers
            for r in whole.relations
        ]
        notes = [each.text for group in groups if group.get("type") == "notes" for each in group]
        assert notes == [
            written.text
            for whole in one.layers
            for written in (*whole.notes, *(n for each in whole.spans for n in each.notes))
        ]
        names = [[each.text for each in item] for item in root.iter(f"{TEI}item")]
        assert names == [[e.name, *(alias.text for alias in e.aliases)] for e in one.entities]
        article, [source] = one.article, root.iter(f"{TEI}bibl")
        told = [source.findtext(f"{TEI}{tag}") for tag in ("title", "author", "publisher", "date")]
        known = [article.title, article.author, article.source, article.published]
        assert [one or None for one in told] == [one or None for one in known]


def end(pointer: str) -> str | None:
    return None if pointer == "#text" else uuid(pointer)


def test_ids_that_stand_in_two_layers_stay_apart() -> None:
    one, other = span(TEXT, "Laras"), span(TEXT, "Warga")
    said = relation("SPEAKER", {"span": one["id"]}, {"span": other["id"]})
    twice = [layer(name, one, other, relations=[said]) for name in ("ani", "budi")]
    [root] = files(lines(line(TEXT, *twice)))
    ids = [element.get(ID) for element in root.iter() if element.get(ID)]
    assert len(ids) == len(set(ids))
    assert {
        pointer for link in root.iter(f"{TEI}link") for pointer in link.get("target").split()
    } <= {f"#{id}" for id in ids}


def test_a_text_with_carriage_returns_is_the_same_for_a_parser() -> None:
    text = "Satu\r\ndua\rtiga \u2028\x85]]> <b>&amp;"
    [root] = files(lines(line(text, layer("ani", span(text, "dua\r")))))
    assert root.findtext(f".//{TEI}ab") == text


def test_what_xml_cannot_write_is_replaced_and_counted() -> None:
    whole = layer("ani", span(TEXT, "Laras"), notes=[note("a\x0b\x00b\ufffe")])
    document = line(TEXT, whole)
    document["article"]["language"] = "bahasa Indonesia"
    data, report = out(WRITER, lines(document))
    [root] = map(judged, unzipped(data).values())
    assert [each.text for each in root.iter(f"{TEI}span")] == ["ACTOR", "a\ufffd\ufffdb\ufffd"]
    assert counted(report)["unwritable_characters"] == 3
    language = next(root.iter(f"{TEI}language"))
    assert (language.get("ident"), language.text) == ("und", "bahasa Indonesia")


def test_names_have_the_letters_that_xml_knows() -> None:
    one = span(TEXT, "Laras", attributes={"2. jenis": "a b", "scare": False})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", one))))
    [root] = map(judged, unzipped(data).values())
    [element] = root.iter(f"{TEI}span")
    assert features(root, element) == {"_2_2e__20_jenis": "a b", "scare": False}
    assert report.count(Part.NAMES) == 1


@given(st.text(max_size=20))
def test_any_text_is_known_to_a_parser(text: str) -> None:
    written, lost = known(text)
    assert len(written) == len(text)
    root = etree.fromstring(f"<a b={quoted(written)}>{escaped(written)}</a>".encode())
    assert (root.text or "", root.get("b")) == (written, written)
    assert (written == text) == (lost == 0)


def test_the_schema_refuses_what_is_none() -> None:
    [data] = unzipped(out(WRITER, lines(line(TEXT, layer("ani", span(TEXT, "Laras")))))[0]).values()
    with pytest.raises(AssertionError):
        judged(data.replace(b"<span ", b'<span start="8" '))
