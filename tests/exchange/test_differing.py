"""The difference of two exports names exactly what was changed."""

import copy
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exchange.differing import Change, Unordered, changes
from annotations.exchange.formats import kutip
from annotations.exchange.records import Line
from tests.exchange.kutip_lines import (
    TEXT,
    Drawn,
    campaigns,
    compact,
    layer,
    line,
    note,
    relation,
    settlement,
    span,
    waiver,
)


def lines(documents: Iterable[dict[str, Any]]) -> list[Line]:
    return [kutip.read(compact(document)) for document in documents]


def differ(before: Any, after: Any) -> list[Change]:
    return list(changes(lines(before), lines(after)))


@pytest.fixture
def whole() -> dict[str, Any]:
    quote, actor = span(TEXT, "“Kami,”", label="QUOTE"), span(TEXT, "Laras", notes=[note()])
    speaker = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    waived = waiver(TEXT, "Warga")
    mine = layer("ani", actor, quote, relations=[speaker], waivers=[waived])
    gold = layer("hakim", kind="gold", settlements=[settlement([("ani", actor)])])
    return line(TEXT, mine, layer("budi"), gold)


def test_what_is_equal_does_not_differ(whole: dict[str, Any]) -> None:
    assert differ([whole], [whole]) == []
    assert differ([], []) == []


def test_a_merge_is_named() -> None:
    heir = {"aliases": [], "id": str(uuid4()), "name": "Laras Prabasari", "type": "person"}
    alone = heir | {"id": str(uuid4()), "name": "Laras"}
    mine = layer("ani", span(TEXT, "Laras", entity=alone["id"]))
    before = line(TEXT, mine, entities=[alone])
    after = line(TEXT, mine, entities=[alone | {"merged_into": heir["id"]}, heir])
    changed, added = differ([before], [after])
    assert (changed.how, changed.what, changed.id) == ("changed", "entity", alone["id"])
    assert (changed.old, changed.new) == ({"merged_into": None}, {"merged_into": heir["id"]})
    assert (added.how, added.what, added.id) == ("added", "entity", heir["id"])
    back, gone = differ([after], [before])
    assert (back.old, back.new) == ({"merged_into": heir["id"]}, {"merged_into": None})
    assert (gone.how, gone.id) == ("removed", heir["id"])


def test_each_change_is_named_with_old_and_new(whole: dict[str, Any]) -> None:
    after = copy.deepcopy(whole)
    mine = after["layers"][0]
    actor, quote = mine["spans"]
    quote["attributes"] = {"type": "direct"}
    actor["notes"][0]["text"] = "Yakin."
    gone = mine["relations"].pop()
    added = span(TEXT, "katanya", label="CUE")
    mine["spans"].append(added)
    mine["status"] = "reopened"
    mine["waivers"][0]["reason"] = "Lain."
    settled = after["layers"][2]["settlements"][0]
    settled["of"] = [{"annotator": "ani", "span": quote["id"]}]
    after["article"]["title"] = "Baru"
    found = differ([whole], [after])
    assert [(one.how, one.what, one.id, one.span) for one in found] == [
        ("changed", "article", "", ""),
        ("changed", "layer", "", ""),
        ("changed", "span", quote["id"], ""),
        ("added", "span", added["id"], ""),
        ("removed", "relation", gone["id"], ""),
        ("changed", "note", actor["notes"][0]["id"], actor["id"]),
        ("changed", "waiver", mine["waivers"][0]["id"], ""),
        ("changed", "settlement", settled["id"], ""),
    ]
    assert (found[0].old, found[0].new) == ({"title": ""}, {"title": "Baru"})
    assert (found[2].old, found[2].new) == ({"attributes": {}}, {"attributes": {"type": "direct"}})
    assert found[4].old is not None
    assert found[4].new is None
    assert {(one.kind, one.annotator) for one in found[1:-1]} == {("annotator", "ani")}
    assert (found[-1].kind, found[-1].annotator) == ("gold", "hakim")
    assert found[-1].new == {"of": settled["of"]}


def test_a_new_layer_is_named_with_all_that_is_in_it(whole: dict[str, Any]) -> None:
    before = copy.deepcopy(whole)
    removed = before["layers"].pop(0)
    found = differ([before], [whole])
    assert [(one.how, one.what) for one in found] == [
        *(("added", what) for what in ("layer", "span", "span", "relation", "note", "waiver")),
    ]
    assert [one.id for one in found[1:3]] == [each["id"] for each in removed["spans"]]


@settings(max_examples=40, deadline=None)
@given(campaigns(), st.data())
def test_articles_are_told_apart_and_back_is_the_other_way_round(
    drawn: Drawn, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(drawn.lines), max_size=len(drawn.lines)))
    some = [each for each, keep in zip(drawn.lines, kept, strict=True) if keep]
    found = differ(drawn.lines, some)
    gone = [each["article"]["id"] for each in drawn.lines if each not in some]
    assert [one.article for one in found if one.what == "article"] == gone
    assert {one.how for one in found} <= {"removed"}
    spans = sum(len(y["spans"]) for x in drawn.lines if x not in some for y in x["layers"])
    assert sum(one.what == "span" for one in found) == spans
    back = differ(some, drawn.lines)
    assert [(one.what, one.article, one.id, one.new) for one in back] == [
        (one.what, one.article, one.id, one.old) for one in found
    ]


def test_what_is_not_in_order_is_refused() -> None:
    two = [line("Satu."), line("Dua.")]
    two.sort(key=lambda each: UUID(each["article"]["id"]).bytes, reverse=True)
    for bad in (two, [two[0], two[0]]):
        with pytest.raises(Unordered):
            differ(bad, [])


def test_the_same_span_elsewhere_is_another() -> None:
    key = str(uuid4())
    before = line(TEXT, layer("ani", span(TEXT, "Laras", id=key)), layer("budi"))
    after = line(TEXT, layer("ani"), layer("budi", span(TEXT, "Laras", id=key)))
    assert [(one.how, one.annotator) for one in differ([before], [after])] == [
        ("removed", "ani"),
        ("added", "budi"),
    ]
