"""Settlements go out with the layers they are of, and come back under the keys of new ones."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange import incoming
from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.record import Choice
from annotations.exchange.choices.selecting import Selecting
from annotations.exchange.fitting import Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.outgoing import line_of
from annotations.exchange.services import BadFile
from annotations.limits import LIMITS
from annotations.spans.models import Operation, Remark
from annotations.spans.queries import Settlement, layer_state
from tests import factories
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    article_of,
    compact,
    exported,
    layer,
    line,
    load,
    relation,
    settlement,
    span,
    waiver,
    write_file,
)
from tests.factories import operation
from tests.spans.test_operations import send

ACTOR = span(TEXT, "Laras", id="11111111-0000-7000-8000-000000000001")
QUOTE = span(TEXT, "“Kami,”", label="QUOTE", id="11111111-0000-7000-8000-000000000002")
SPEAKER = relation("SPEAKER", {"span": QUOTE["id"]}, {"span": ACTOR["id"]})
OTHER = span(TEXT, "Menteri Laras", id="22222222-0000-7000-8000-000000000001")
BETTER = span(TEXT, "Menteri Laras")
SAID = span(TEXT, "“Kami,”", label="QUOTE")
BY = relation("SPEAKER", {"span": SAID["id"]}, {"span": BETTER["id"]})
TAKEN = settlement([("ani", ACTOR), ("budi", OTHER)], "take", BETTER, took="budi")
MERGED = settlement([("ani", SPEAKER)], "merge", BY)
NOTHING = settlement([("ani", QUOTE)], "none")


def settled_line(*settlements: dict[str, Any]) -> dict[str, Any]:
    """Two annotators, and a gold layer that settled so."""
    ordered = sorted(settlements, key=lambda one: UUID(one["id"]).bytes)
    fields = {"kind": "gold", "relations": [BY], "settlements": ordered}
    gold = layer("hakim", *sorted((BETTER, SAID), key=lambda one: one["fragments"]), **fields)
    return line(TEXT, layer("ani", ACTOR, QUOTE, relations=[SPEAKER]), layer("budi", OTHER), gold)


@pytest.fixture
def whole() -> dict[str, Any]:
    return settled_line(TAKEN, MERGED, NOTHING)


def refused(document: dict[str, Any]) -> str:
    with pytest.raises(UnfitError) as unfit:
        Fitter(SPEC).line(kutip.read(compact(document)))
    return unfit.value.reason.code


MEMBER = {"annotator": "ani", "span": ACTOR["id"]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"of": []}, "layer_settlement"),
        ({"of": [MEMBER, MEMBER]}, "layer_settlement"),
        ({"of": [MEMBER, {"annotator": "ani", "relation": SPEAKER["id"]}]}, "layer_settlement"),
        ({"of": [MEMBER | {"annotator": "tamu"}]}, "layer_member"),
        ({"of": [MEMBER | {"annotator": "hakim"}]}, "layer_member"),
        ({"of": [MEMBER | {"span": OTHER["id"]}]}, "layer_member"),
        ({"of": [MEMBER | {"span": SPEAKER["id"]}]}, "layer_member"),
        ({"of": [{"annotator": "ani", "relation": ACTOR["id"]}]}, "layer_member"),
        ({"of": [MEMBER | {"span": ""}]}, "layer_id_empty"),
        ({"of": [{"annotator": "ani"}]}, "layer_shape"),
        ({"of": [MEMBER | {"relation": SPEAKER["id"]}]}, "layer_shape"),
        ({"decision": "guess"}, "layer_shape"),
        ({"decision": None}, "layer_shape"),
        ({"decision": "merge"}, "layer_settlement"),
        ({"decision": "take", "result": {"span": BETTER["id"]}}, "layer_settlement"),
        ({"decision": "take", "took": "tamu"}, "layer_settlement_took"),
        (
            {"decision": "take", "took": "budi", "result": {"span": BETTER["id"]}},
            "layer_settlement",
        ),
        ({"took": "ani"}, "layer_settlement"),
        ({"result": {"span": BETTER["id"]}}, "layer_settlement"),
        ({"decision": "merge", "result": {"span": ACTOR["id"]}}, "layer_result"),
        ({"decision": "merge", "result": {"relations": [BY["id"]]}}, "layer_settlement"),
        ({"decision": "merge", "result": {"relations": []}}, "layer_settlement"),
        ({"decision": "merge", "result": {}}, "layer_shape"),
        ({"reason": "a\ufffe"}, "layer_character"),
        ({"reason": "a" * (LIMITS.reason_code_points + 1)}, "field_too_long"),
        ({"author": "a\nb"}, "layer_character"),
        ({"at": "kemarin"}, "layer_submitted_at"),
        ({"id": ""}, "layer_id_empty"),
        ({"mood": 1}, "layer_shape"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    document = settled_line(settlement([("ani", ACTOR)], "none"))
    document["layers"][2]["settlements"][0] |= change
    assert refused(document) == code


def test_only_a_gold_layer_has_settlements_and_each_once(whole: dict[str, Any]) -> None:
    assert refused(settled_line(NOTHING, NOTHING)) == "layer_id_twice"
    whole["layers"][2] |= {"kind": "annotator"}
    assert refused(whole) == "layer_settlement_kind"


def test_what_is_left_out_by_hand_is_empty() -> None:
    bare = {"id": "S1", "of": [{"annotator": "ANI", "span": "T1"}], "decision": "none"}
    document = line(
        TEXT, layer("ani", ACTOR | {"id": "T1"}), layer("hakim", kind="gold", settlements=[bare])
    )
    [one] = Fitter(SPEC).line(kutip.read(compact(document))).layers[1].settlements
    assert (one.author, one.at, one.image.reason, one.image.result) == ("", None, "", None)
    assert one.image.of[0].layer == 1


# choices ------------------------------------------------------------------------------------------


def chosen(document: dict[str, Any], choice: Choice) -> list[dict[str, Any]]:
    """The settlements that are left."""
    hiding = Hiding(b"rahasia") if choice.pseudonyms else None
    out = bytearray()
    kutip.write(Selecting(choice, hiding).line(kutip.read(compact(document))), out)
    layers = json.loads(out)["layers"]
    return [one for each in layers for one in each.get("settlements", ())]


def test_settlements_go_with_what_they_are_of(whole: dict[str, Any]) -> None:
    assert len(chosen(whole, Choice())) == 3
    assert chosen(whole, Choice(layers=("gold",))) == []
    assert chosen(whole, Choice(layers=("annotators",))) == []
    [kept] = chosen(settled_line(TAKEN), Choice(annotators=("budi",)))
    assert kept == TAKEN | {"of": [{"annotator": "budi", "span": OTHER["id"]}]}
    assert chosen(settled_line(TAKEN), Choice(annotators=("ani",))) == []
    labels = chosen(whole, Choice(labels=("ACTOR",)))
    assert [one["id"] for one in labels] == [TAKEN["id"]]
    assert MERGED["id"] not in {one["id"] for one in chosen(whole, Choice(relations=()))}


def test_settlements_lead_to_nobody_under_pseudonyms(whole: dict[str, Any]) -> None:
    hidden = chosen(whole, Choice(pseudonyms=True))
    data = compact(hidden).decode()
    for name in ("ani", "budi", "hakim"):
        assert f'"{name}"' not in data
    for one in (ACTOR, QUOTE, SPEAKER, OTHER, BETTER, BY, TAKEN, MERGED, NOTHING):
        assert one["id"] not in data
    hiding = Hiding(b"rahasia")
    [taken] = [one for one in hidden if one["decision"] == "take"]
    assert (taken["took"], taken["author"]) == (hiding.name("budi"), hiding.name("hakim"))
    assert taken["result"] == {"span": hiding.id(BETTER["id"])}
    assert hidden == sorted(hidden, key=lambda one: (one["at"], one["id"]))


# in the database ----------------------------------------------------------------------------------


@pytest.fixture
def campaign(db: None) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line(TEXT))
    return factories.campaign(corpus, [factories.user("ani"), factories.user("budi")])


def gold_of(campaign: Campaign) -> Assignment:
    return campaign.assignments.get(kind="gold")


def settlements(campaign: Campaign) -> dict[str, Settlement]:
    return {str(one.id): one for one in layer_state(gold_of(campaign)).settlements}


def layer_of(campaign: Campaign, name: str) -> Assignment:
    return campaign.assignments.get(annotator__username=name, kind="annotator")


def out(campaign: Campaign, *, include_open: bool = True) -> list[dict[str, Any]]:
    """The settlements of the only line that is exported."""
    document = json.loads(exported(campaign, include_open=include_open))
    return [one for each in document["layers"] for one in each.get("settlements", ())]


def test_what_is_loaded_names_the_layers_that_were_made(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any]
) -> None:
    taken = settlement(
        [("ani", ACTOR), ("budi", OTHER)], "take", BETTER, took="budi", author="rina"
    )
    file = write_file(tmp_path, settled_line(taken, MERGED, NOTHING))
    assert load(campaign, file).new_annotators == ["hakim", "rina"]
    ani, budi = layer_of(campaign, "ani"), layer_of(campaign, "budi")
    found = settlements(campaign)
    one = found[taken["id"]]
    assert [(each.layer, str(each.span)) for each in one.of] == [
        (ani.pk, ACTOR["id"]),
        (budi.pk, OTHER["id"]),
    ]
    assert (one.took, str(one.span), one.reason) == (budi.pk, BETTER["id"], "Jelas.")
    assert (one.author, one.at.isoformat()) == ("rina", "2026-03-20T08:00:00+00:00")
    assert [str(each) for each in found[MERGED["id"]].relations] == [BY["id"]]
    assert found[NOTHING["id"]].result is None
    changes = Operation.objects.get(assignment=gold_of(campaign)).changes
    kinds = [change["kind"] for change in changes]
    assert kinds == ["span", "span", "relation", *["settlement"] * 3]
    assert exported(campaign) == file.read_bytes()


def test_loaded_settlements_change_like_all_others(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any]
) -> None:
    whole["layers"][2]["status"] = "open"
    load(campaign, write_file(tmp_path, whole))
    gold = gold_of(campaign)
    before = exported(campaign)
    remove = operation("remove", span=BETTER["id"])
    assert send(gold, remove).status == 200
    assert settlements(campaign).keys() == {NOTHING["id"]}
    assert send(gold, operation("undo", of=remove["id"])).status == 200
    assert exported(campaign) == before
    assert send(gold, operation("restore", to=0)).status == 200
    assert settlements(campaign) == {}


def test_an_annotator_with_work_there_is_meant_by_the_settlements_of_the_file(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any]
) -> None:
    theirs = whole | {"layers": whole["layers"][:2]}
    load(campaign, write_file(tmp_path, theirs))
    report = load(campaign, write_file(tmp_path, whole))
    assert (report.layers, report.skipped_count) == (1, 2)
    assert settlements(campaign)[TAKEN["id"]].took == layer_of(campaign, "budi").pk
    assert exported(campaign) == compact(whole) + b"\n"


def test_a_layer_that_follows_its_gold_is_found(campaign: Campaign, tmp_path: Path) -> None:
    whole = settled_line(TAKEN, MERGED)
    backwards = whole | {"layers": whole["layers"][::-1]}
    load(campaign, write_file(tmp_path, backwards))
    assert exported(campaign) == compact(whole) + b"\n"


def test_ids_of_ones_own_making_are_found_again(campaign: Campaign, tmp_path: Path) -> None:
    actor, better = ACTOR | {"id": "T1"}, BETTER | {"id": "T1"}
    settled = settlement([("ani", actor)], "take", better, took="ani", id="S1")
    gold = layer("hakim", better, kind="gold", settlements=[settled])
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", actor), gold)))
    [one] = settlements(campaign).values()
    ani = layer_of(campaign, "ani")
    assert one.of[0].span == ani.spans.get().id
    assert one.span == gold_of(campaign).spans.get().id != one.of[0].span
    assert exported(campaign) == exported(campaign)


def test_a_line_that_cannot_be_refuses_the_file_with_its_number(
    campaign: Campaign, tmp_path: Path
) -> None:
    bad = settled_line(settlement([("tamu", ACTOR)], "none"))
    with pytest.raises(BadFile, match="“tamu”") as refusal:
        load(campaign, write_file(tmp_path, line(TEXT), bad))
    assert (refusal.value.line, Remark.objects.count()) == (2, 0)


def test_what_is_not_there_any_more_is_left_out(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any]
) -> None:
    load(campaign, write_file(tmp_path, whole))
    ani, budi = layer_of(campaign, "ani"), layer_of(campaign, "budi")
    Assignment.objects.filter(pk=ani.pk).update(status=Status.REOPENED)
    [taken] = out(campaign, include_open=False)
    assert taken["of"] == [{"annotator": "budi", "span": OTHER["id"]}]
    assert len(out(campaign)) == 3
    send(ani, operation("remove", span=QUOTE["id"]))
    [still] = out(campaign)
    assert still == TAKEN
    Assignment.objects.filter(pk=budi.pk).update(status=Status.REOPENED)
    send(budi, operation("remove", span=OTHER["id"]))
    assert out(campaign) == []


def test_a_layer_alone_tells_of_no_other(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any]
) -> None:
    load(campaign, write_file(tmp_path, whole))
    [alone] = json.loads(line_of(gold_of(campaign)))["layers"]
    assert "settlements" not in alone


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_loaders_find_the_layers_of_every_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "SMALL", 0)
    corpus = factories.corpus()
    texts = [f"Artikel {number}: Laras menolak." for number in range(20)]
    for text in texts:
        article_of(corpus, line(text))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    lines = []
    for text in texts:
        theirs, mine = span(text, "Laras"), span(text, "Laras")
        settled = settlement([("ani", theirs)], "equal", mine)
        gold = layer("hakim", mine, kind="gold", settlements=[settled])
        lines.append(line(text, layer("ani", theirs, waivers=[waiver(text, "menolak")]), gold))
    file = write_file(tmp_path, *lines)
    load(campaign, file)
    assert sorted(exported(campaign).splitlines()) == sorted(file.read_bytes().splitlines())
