"""What a line must fit before anything is written: names, offsets, texts, domains."""

from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.fitting import ALIAS_KINDS, ENTITY_TYPES, FittedLine, Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.records import article_key, made_uuid, many_uuid_bytes, uuid_bytes
from annotations.registry.models import AliasKind, EntityType
from tests.exchange.kutip_lines import SPEC, TEXT, compact, layer, line, relation, span

QUOTE = span(TEXT, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE")
ACTOR = span(TEXT, "Menteri Laras")
STANCE = span(TEXT, "menolak", label="STANCE")
ENTITY = {"aliases": [], "id": str(uuid4()), "name": "Laras", "type": "person"}


def fit(document: dict[str, Any]) -> FittedLine:
    return Fitter(SPEC).line(kutip.read(compact(document)))


def refused(document: dict[str, Any]) -> str:
    """The code of the refusal."""
    with pytest.raises(UnfitError) as unfit:
        fit(document)
    return unfit.value.reason.code


def with_span(**change: Any) -> dict[str, Any]:
    return line(TEXT, layer("a", QUOTE | change))


def end(one: dict[str, Any]) -> dict[str, Any]:
    return {"span": one["id"]}


def test_a_good_line_fits() -> None:
    speaker = relation("SPEAKER", end(QUOTE), end(ACTOR))
    holder = relation("HOLDER", end(STANCE), {"entity": ENTITY["id"]})
    via = relation("VIA", {"article": True}, end(ACTOR))
    spans = (QUOTE, ACTOR | {"entity": ENTITY["id"]}, STANCE)
    good = line(TEXT, layer("a", *spans, relations=[speaker, holder, via]), entities=[ENTITY])
    fitted = fit(good)
    assert fitted.sha256.hex() == good["article"]["sha256"]
    assert fitted.links == frozenset()


def test_completeness_is_not_asked_for() -> None:
    """A stance without holder or polarity breaks the schema's constraints, and may come in."""
    assert fit(line(TEXT, layer("a", STANCE))).layers


@pytest.mark.parametrize(
    ("fragments", "text"),
    [
        ([[0, 7]], ["menteri"]),
        ([[0, 7]], ["Menteri", "Laras"]),
        ([[0, 7], [8, 13]], ["Menteri"]),
        ([], []),
        ([[7, 0]], [""]),
        ([[3, 3]], [""]),
        ([[-7, -1]], ["rsorak"]),
        ([[0, 10_000]], [TEXT]),
        ([[0, 10**30]], [TEXT]),
        ([[8, 13], [0, 7]], ["Laras", "Menteri"]),
        ([[0, 7], [7, 8]], ["Menteri", " "]),
        ([[0, 7], [5, 13]], ["Menteri", "ri Laras"]),
    ],
)
def test_offsets_that_lie_are_refused(fragments: list[list[int]], text: list[str]) -> None:
    assert refused(with_span(fragments=fragments, text=text)) in ("layer_fragments", "layer_text")


def test_offsets_in_utf_16_are_refused() -> None:
    """Behind the ship every UTF-16 offset is one too many."""
    last = span(TEXT, "Warga bersorak", label="CUE")
    start, stop = last["fragments"][0]
    moved = last | {"fragments": [[start + 1, stop + 1]]}
    assert refused(line(TEXT, layer("a", moved))) == "layer_text"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"label": "NOBODY"}, "layer_label"),
        ({"attributes": {"colour": "red"}}, "layer_attribute"),
        ({"attributes": {"type": "shouted"}}, "layer_value"),
        ({"attributes": {"type": True}}, "layer_value"),
        ({"attributes": {"scare": "true"}}, "layer_value"),
        ({"entity": ENTITY["id"]}, "layer_no_entity"),
        ({"id": ""}, "layer_id_empty"),
        ({"id": "x" * 201}, "field_too_long"),
        ({"id": "a\u202eb"}, "layer_character"),
    ],
)
def test_a_span_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(with_span(**change)) == code


def test_an_attribute_of_another_label_is_refused_however_often_it_was_right() -> None:
    right = QUOTE | {"attributes": {"type": "direct"}}
    wrong = ACTOR | {"attributes": {"type": "direct"}}
    assert refused(line(TEXT, layer("a", right), layer("b", wrong))) == "layer_attribute"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "silver"}, "layer_kind"),
        ({"status": "waiting"}, "layer_status"),
        ({"status": "loading"}, "layer_status"),
        ({"annotator": "a\nb"}, "layer_character"),
        ({"submitted_at": "yesterday"}, "layer_submitted_at"),
        ({"submitted_at": "2026-03-20T08:00:00"}, "layer_submitted_at"),
        ({"submitted_at": "9999-12-31T23:59:59-23:00"}, "layer_submitted_at"),
    ],
)
def test_a_layer_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(line(TEXT, layer("a") | change)) == code


def test_one_layer_stands_once_in_a_line() -> None:
    assert refused(line(TEXT, layer("ani"), layer("Ani"))) == "layer_twice"
    assert fit(line(TEXT, layer("ani"), layer("ani", kind="gold"))).layers


def test_an_id_stands_once_in_a_layer() -> None:
    other = span(TEXT, "Laras") | {"id": ACTOR["id"].upper()}
    assert refused(line(TEXT, layer("a", ACTOR, other))) == "layer_id_twice"
    twice = [relation("SPEAKER", end(QUOTE), end(ACTOR), id="r") for _ in range(2)]
    assert refused(line(TEXT, layer("a", QUOTE, ACTOR, relations=twice))) == "layer_id_twice"
    assert fit(line(TEXT, layer("a", ACTOR), layer("b", ACTOR))).layers


@pytest.mark.parametrize(
    ("kind", "source", "target", "code"),
    [
        ("NOTHING", end(QUOTE), end(ACTOR), "layer_relation"),
        ("SPEAKER", end(ACTOR), end(ACTOR), "layer_from"),
        ("SPEAKER", {"article": True}, end(ACTOR), "layer_from"),
        ("SPEAKER", {"span": "nowhere"}, end(ACTOR), "layer_from"),
        ("SPEAKER", {"entity": ENTITY["id"]}, end(ACTOR), "layer_from"),
        ("SPEAKER", end(QUOTE), end(QUOTE), "layer_to"),
        ("SPEAKER", end(QUOTE), {"span": "nowhere"}, "layer_to"),
        ("SPEAKER", end(QUOTE), {"article": True}, "layer_to"),
        ("SPEAKER", end(QUOTE), {"entity": ENTITY["id"]}, "layer_to"),
        ("NESTED_IN", end(QUOTE), end(QUOTE), "layer_loop"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(
    kind: str, source: dict[str, Any], target: dict[str, Any], code: str
) -> None:
    bad = relation(kind, source, target)
    assert refused(line(TEXT, layer("a", QUOTE, ACTOR, relations=[bad]), entities=[ENTITY])) == code


def test_the_same_relation_stands_once() -> None:
    twice = [relation("SPEAKER", end(QUOTE), end(ACTOR)) for _ in range(2)]
    document = line(TEXT, layer("a", QUOTE, ACTOR, relations=twice))
    assert refused(document) == "layer_relation_twice"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "laras"}, "layer_entity_id"),
        ({"name": ""}, "layer_name"),
        ({"name": "Laras  Prabasari"}, "layer_name"),
        ({"name": "Lar\u202eas"}, "layer_character"),
        ({"type": "god"}, "layer_entity_type"),
        ({"aliases": [{"kind": "pet", "language": "", "text": "Ras"}]}, "layer_alias_kind"),
        ({"aliases": [{"kind": "short", "language": "", "text": ""}]}, "layer_name"),
        ({"aliases": [{"kind": "short", "language": "i" * 36, "text": "Ras"}]}, "field_too_long"),
    ],
)
def test_an_entity_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(line(TEXT, entities=[ENTITY | change])) == code


def test_a_merged_entity_stands_with_the_one_it_goes_on_as() -> None:
    heir = ENTITY | {"id": str(uuid4()), "name": "Laras Prabasari"}
    merged = ENTITY | {"merged_into": heir["id"].upper()}
    assert fit(line(TEXT, entities=[merged, heir])).links == frozenset()
    assert refused(line(TEXT, entities=[merged])) == "layer_heir_unknown"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_entity_goes_on_as_itself(size: int) -> None:
    ids = [str(uuid4()) for _ in range(size)]
    ring = [ENTITY | {"id": one, "merged_into": ids[i - 1]} for i, one in enumerate(ids)]
    assert refused(line(TEXT, entities=ring)) == "layer_heir_circle"


@pytest.mark.parametrize("odd", ["", "laras", 7])
def test_a_pointer_is_an_id(odd: object) -> None:
    with pytest.raises(UnfitError):
        fit(line(TEXT, entities=[ENTITY | {"merged_into": odd}]))


def test_entities_that_are_only_named_are_remembered() -> None:
    linked = ACTOR | {"entity": ENTITY["id"].upper()}
    assert fit(line(TEXT, layer("a", linked))).links == {ENTITY["id"]}
    assert refused(line(TEXT, layer("a", ACTOR | {"entity": "laras"}))) == "layer_entity_id"


def test_the_schema_and_the_hash_must_be_those_of_the_campaign_and_the_text() -> None:
    assert refused(line() | {"schema": {"key": "atribusi", "version": "2.0"}}) == "layer_schema"
    document = line()
    document["article"]["sha256"] = "0" * 64
    assert refused(document) == "layer_sha256"


def test_an_id_that_is_no_uuid_becomes_one_by_the_rule() -> None:
    document = line(TEXT, layer("ani", ACTOR | {"id": "T1"}, QUOTE))
    fitted = fit(document)
    space = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
    expected = uuid5(space, f"kutip:{document['article']['sha256']}:ani:T1")
    assert fitted.layers[0].ids["T1"] == (str(expected), expected.bytes)
    assert made_uuid(document["article"]["sha256"], "ani", "T1") == expected


@pytest.mark.parametrize(
    "raw",
    [
        "T1",
        "90693d831b17407e8566b0741f5400f1",
        "{baeb1eb8-5e06-402b-852d-245ec10be2b8}",
        "d84bb66c-b02b-4af0-8f4e-850e7a31a1eg",
        "0000000-00000-0000-0000-000000000000",
        "00000000-0000-0000-0000-00000000 000",
        "00000000-0000-0000-0000-0000_0000000",
        "٠" * 8 + "-0000-0000-0000-000000000000",
    ],
)
def test_only_the_form_of_the_rfc_is_a_uuid(raw: str) -> None:
    assert uuid_bytes(raw) is None
    for many in ([raw], [raw, raw], [str(uuid4()), raw], [raw, str(uuid4())]):
        assert many_uuid_bytes(many) is None


def test_a_uuid_is_known_in_either_case() -> None:
    one = uuid4()
    assert uuid_bytes(str(one)) == uuid_bytes(str(one).upper()) == one.bytes
    assert many_uuid_bytes([str(one), str(one).upper()]) == [one.bytes, one.bytes]


def test_an_article_has_the_same_id_everywhere() -> None:
    document = line()
    key = article_key(bytes.fromhex(document["article"]["sha256"]))
    assert str(UUID(bytes=key)) == document["article"]["id"]


def test_the_lists_of_types_are_those_of_the_registry() -> None:
    assert set(EntityType.values) == ENTITY_TYPES
    assert set(AliasKind.values) == ALIAS_KINDS
