"""What may be chosen, and what becomes of a line: parts, pseudonyms, units, labels, no text."""

import json
import random
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotations.exchange.choices import record
from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.record import Choice, Split
from annotations.exchange.choices.selecting import Selecting
from annotations.exchange.choices.splitting import Told, parted
from annotations.exchange.choices.units import Offsets
from annotations.exchange.formats import kutip
from annotations.exchange.manifest import schema_document
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import written
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    TEXTS,
    Drawn,
    campaigns,
    compact,
    layer,
    line,
    note,
    relation,
    span,
    waiver,
)

BARE = Draft202012Validator(json.loads(schema_document("kutip-offsets/1")))
HIDING = Hiding(b"rahasia")


def chosen(document: dict[str, Any], choice: Choice, **more: Any) -> dict[str, Any]:
    """The line as it is written under the choice."""
    hiding = HIDING if choice.pseudonyms else None
    out = bytearray()
    kutip.write(
        Selecting(choice, hiding, **more).line(kutip.read(compact(document))),
        out,
    )
    found: dict[str, Any] = json.loads(out)
    return found


# the record ---------------------------------------------------------------------------------------


def test_nothing_chosen_is_an_empty_document() -> None:
    assert record.read({}) == Choice()
    assert Choice().document() == {}
    assert Choice().is_whole


def test_one_choice_has_one_document() -> None:
    said = {"labels": ["QUOTE", "ACTOR", "ACTOR"], "layers": ["gold", "annotators"], "text": True}
    assert record.read(said).document() == {"labels": ["ACTOR", "QUOTE"]}
    whole = {
        "articles": {"since": "2026-01-31", "words": "banjir"},
        "split": {"seed": 7, "train": 70, "dev": 10, "test": 20},
        "pseudonyms": True,
    }
    assert record.read(whole).document() == whole


@pytest.mark.parametrize(
    "said",
    [
        *({"layer": []}, {"articles": {"outlet": "x"}}, {"articles": {"since": "2026-13-01"}}),
        *({"layers": []}, {"layers": ["silver"]}, {"offsets": ["utf8"]}, {"text": "no"}),
        *({"split": {"train": 90}}, {"split": {"train": -1}}, {"split": {"seed": 2**63}}),
        *({"labels": "ACTOR"}, {"licence": "x" * 501}, [], None, "x"),
    ],
)
def test_what_cannot_be_chosen(said: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        record.read(said)


@pytest.mark.parametrize(
    "said", [{"include_open": True}, {"articles": {"title": "x"}}, {"licence": "CC0"}]
)
def test_which_lines_there_are_does_not_change_them(said: dict[str, Any]) -> None:
    assert record.read(said).is_whole


# parts --------------------------------------------------------------------------------------------


def told(count: int, *, seed: int = 3) -> list[Told]:
    draw = random.Random(seed)
    return [
        Told(
            draw.randbytes(16),
            draw.choice(("Harian Selat", "Kompas", "Antara", "")),
            draw.choice(("id", "en")),
            draw.choice((None, None, number % 40)),
        )
        for number in range(count)
    ]


def test_parts_are_exact_and_alike_for_outlets_and_languages() -> None:
    articles = told(2_000)
    parts = parted(articles, Split())
    assert Counter(parts.values()) == {"train": 1_600, "dev": 200, "test": 200}
    alone = [one for one in articles if one.story is None]
    for stratum in {(one.language, one.source) for one in alone}:
        mine = [parts[one.uuid] for one in alone if (one.language, one.source) == stratum]
        assert 0.7 < mine.count("train") / len(mine) < 0.9
        assert 0.04 < mine.count("test") / len(mine) < 0.17


def test_a_story_stays_together() -> None:
    articles = told(500)
    parts = parted(articles, Split(train=50, dev=25, test=25))
    for story in range(40):
        assert len({parts[one.uuid] for one in articles if one.story == story}) <= 1
    assert max(abs(Counter(parts.values())[p] - n) for p, n in (("train", 250), ("dev", 125))) < 12


def test_a_story_larger_than_a_part_goes_where_there_is_room() -> None:
    stories = [Told(bytes([n]) * 16, "x", "id", n % 2) for n in range(60)]
    alone = [Told(bytes([n]) * 16, "x", "id", None) for n in range(60, 100)]
    parts = parted([*stories, *alone], Split(train=60, dev=20, test=20))
    assert {parts[one.uuid] for one in stories} == {"train"}
    assert Counter(parts[one.uuid] for one in alone) == {"dev": 20, "test": 20}


def test_neither_order_nor_keys_of_stories_matter_but_the_seed_does() -> None:
    articles = told(300)
    again = [
        Told(a.uuid, a.source, a.language, a.story and a.story + 1_000) for a in reversed(articles)
    ]
    again = [
        Told(a.uuid, a.source, a.language, 7 if b.story == 0 else a.story)
        for a, b in zip(again, reversed(articles), strict=True)
    ]
    assert parted(articles, Split()) == parted(again, Split())
    assert parted(articles, Split()) != parted(articles, Split(seed=2))


def test_a_part_of_nothing_gets_nothing() -> None:
    parts = parted(told(50), Split(train=100, dev=0, test=0))
    assert set(parts.values()) == {"train"}
    assert parted([], Split()) == {}


# units --------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(TEXTS, st.data())
def test_offsets_in_other_units_cut_the_same_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for unit, codec, size in (("utf16", "utf-16-le", 2), ("bytes", "utf-8", 1)):
        [(first, last)] = Offsets(text, unit, (start, end)).of([(start, end)])
        assert text.encode(codec)[first * size : last * size].decode(codec) == text[start:end]


def test_units_stand_beside_code_points() -> None:
    words = span(TEXT, "mundur 🚢", "bersorak")
    found = chosen(
        line(TEXT, layer("ani", words, waivers=[waiver(TEXT, "Warga")])),
        Choice(offsets=("utf16", "bytes")),
    )
    [layer_out] = found["layers"]
    [out] = layer_out["spans"]
    assert out["fragments"] == words["fragments"]
    for name, codec, size in (("utf16", "utf-16-le", 2), ("bytes", "utf-8", 1)):
        for each in (out, *layer_out["waivers"]):
            cut = [
                TEXT.encode(codec)[s * size : e * size].decode(codec)
                for s, e in each[f"fragments_{name}"]
            ]
            assert cut == each["text"]


# labels, attributes, relations, annotators --------------------------------------------------------


@pytest.fixture
def full() -> dict[str, Any]:
    entity = {"aliases": [], "id": str(uuid4()), "name": "Laras", "type": "person"}
    quote = span(TEXT, "“Kami,”", label="QUOTE", attributes={"type": "direct", "x": True})
    actor = span(TEXT, "Laras", entity=entity["id"], notes=[note(author="ani")])
    speaker = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    return line(
        TEXT,
        layer("ani", actor, quote, relations=[speaker], waivers=[waiver(TEXT, "Warga")]),
        layer("budi", span(TEXT, "Menteri Laras"), span(TEXT, "“Kami,”", label="QUOTE")),
        layer("hakim", span(TEXT, "Laras"), kind="gold"),
        entities=[entity],
    )


def test_labels_take_their_relations_entities_and_waivers_along(full: dict[str, Any]) -> None:
    found = chosen(full, Choice(labels=("QUOTE",)))
    assert [len(each["spans"]) for each in found["layers"]] == [1, 1, 0]
    assert (found["layers"][0]["relations"], found["entities"]) == ([], [])
    assert len(found["layers"][0]["waivers"]) == 1
    assert "waivers" not in chosen(full, Choice(labels=("ACTOR",)))["layers"][0]


def test_attributes_and_relations_are_chosen_by_key(full: dict[str, Any]) -> None:
    found = chosen(full, Choice(attributes=("type",), relations=()))
    assert found["layers"][0]["spans"][1]["attributes"] == {"type": "direct"}
    assert found["layers"][0]["relations"] == []


def test_layers_of_several_kinds_stand_side_by_side(full: dict[str, Any]) -> None:
    found = chosen(full, Choice(layers=("gold", "majority", "union"), annotators=("budi",)))
    kinds = [(each["kind"], each["annotator"], len(each["spans"])) for each in found["layers"]]
    assert kinds == [("gold", "hakim", 1), ("majority", "majority", 2), ("union", "union", 2)]


def test_whatever_is_chosen_is_a_line_by_the_schema(full: dict[str, Any]) -> None:
    choice = Choice(
        layers=record.KINDS, offsets=record.UNITS, pseudonyms=True, split=Split(), labels=("QUOTE",)
    )
    found = chosen(full, choice, parts={full["article"]["id"]: "train"})
    Draft202012Validator(json.loads(schema_document())).validate(found)
    assert len(found["layers"]) == 5


def test_who_set_an_article_aside_has_no_vote() -> None:
    layers = [layer("ani", span(TEXT, "Laras")), layer("budi", status="skipped")]
    found = chosen(line(TEXT, *layers), Choice(layers=("majority",)))
    assert len(found["layers"][0]["spans"]) == 1


@settings(max_examples=40, deadline=None)
@given(campaigns())
def test_a_choice_of_everything_changes_nothing(drawn: Drawn) -> None:
    everything = Choice(
        labels=tuple(label.key for label in SPEC.labels),
        relations=tuple(relation.key for relation in SPEC.relations),
    )
    for document in drawn.lines:
        assert chosen(document, everything) == document


# pseudonyms and texts -----------------------------------------------------------------------------


def test_nothing_leads_to_an_annotator(full: dict[str, Any]) -> None:
    found = chosen(full, Choice(pseudonyms=True))
    data = compact(found).decode()
    for name in ("ani", "budi", "hakim"):
        assert f'"{name}"' not in data
    for each in full["layers"]:
        for one in (*each["spans"], *each["relations"], *each.get("waivers", ())):
            assert one["id"] not in data
    relations = [each["relations"][0] for each in found["layers"] if each["relations"]]
    ids = {one["id"] for each in found["layers"] for one in each["spans"]}
    assert {relations[0]["from"]["span"], relations[0]["to"]["span"]} <= ids
    names = [(each["kind"], each["annotator"]) for each in found["layers"]]
    assert names == sorted(names)
    assert chosen(full, Choice(pseudonyms=True)) == found


def test_pseudonyms_are_those_of_their_secret() -> None:
    assert HIDING.name("ani") == Hiding(b"rahasia").name("ani") != Hiding(b"lain").name("ani")
    assert UUID(HIDING.id("x")).version == 8


@settings(max_examples=40, deadline=None)
@given(campaigns())
def test_without_texts_there_is_no_word_of_them_and_offsets_stay(drawn: Drawn) -> None:
    for document in drawn.lines:
        found = chosen(document, Choice(text=False))
        assert found["format"] == "kutip-offsets/1"
        assert found["article"].pop("length") == len(document["article"]["text"])
        assert found["article"]["sha256"] == document["article"]["sha256"]
        for before, after in zip(document["layers"], found["layers"], strict=True):
            BARE.validate(found | {"article": found["article"] | {"length": 1}})
            for key in ("spans", "waivers"):
                for old, new in zip(before.get(key, ()), after.get(key, ()), strict=True):
                    assert new == {k: v for k, v in old.items() if k != "text"}


def test_the_bare_form_is_read_again_and_goes_into_spans(full: dict[str, Any]) -> None:
    data = compact(chosen(full, Choice(text=False)))
    read = kutip.read_any(data)
    out = bytearray()
    kutip.write(read, out)
    assert json.loads(out)["layers"] == json.loads(data)["layers"]
    rows = b"".join(written(WRITERS["spans"], [read], SPEC, LossReport("spans"))).splitlines()
    assert len(rows) == 5
    assert json.loads(rows[0])["text"] == []


def test_a_line_names_its_part(full: dict[str, Any]) -> None:
    parts = {full["article"]["id"]: "dev"}
    found = chosen(full, Choice(split=Split()), parts=parts)
    assert found["split"] == "dev"
    read = kutip.read(compact(found))
    for key, is_there in (("spans", True), ("doccano", True), ("prodigy", True), ("brat", False)):
        report = LossReport(key)
        data = b"".join(written(WRITERS[key], [read], SPEC, report))
        assert (b'"split":"dev"' in data) is is_there
        assert report.count(Part.SPLIT) == (not is_there)


def test_what_was_merged_is_voted_on_as_what_it_goes_on_as() -> None:
    heir = {"aliases": [], "id": str(uuid4()), "name": "Laras Prabasari", "type": "person"}
    merged = heir | {"id": str(uuid4()), "name": "Laras", "merged_into": heir["id"]}
    entities = sorted([heir, merged], key=lambda one: one["id"])
    mine, other = (span(TEXT, "Laras", entity=one["id"]) for one in (merged, heir))
    whole = line(TEXT, layer("ani", mine), layer("budi", other), entities=entities)
    found = chosen(whole, Choice(layers=("annotators", "majority")))
    linked = [each["spans"][0]["entity"] for each in found["layers"]]
    assert linked == [merged["id"], heir["id"], heir["id"]]
    assert found["entities"] == entities
    assert chosen(whole, Choice(layers=("majority",)))["entities"] == [heir]
    assert chosen(whole, Choice(annotators=("ani",)))["entities"] == entities
