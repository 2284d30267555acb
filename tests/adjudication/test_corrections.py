"""What gold has otherwise than one layer: kinds, sides, reasons, and that nobody else is in it."""

from dataclasses import replace
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings

from annotations.adjudication.corrections import (
    Correction,
    Difference,
    Kind,
    RelationCorrection,
    SpanCorrection,
    corrections,
)
from annotations.adjudication.records import Layer, Named
from annotations.adjudication.rules import Rule
from annotations.spans.remarks import Member, NoteImage, Result, SettlementImage
from tests.adjudication.drawn_layers import ENTITIES, layers, relation, span

MINE, GOLD, OTHER = 1, 2, 3
few = settings(max_examples=40)


def found(mine, gold, settlements=(), entities=None, notes=()) -> list[Correction]:
    mine, gold = ((each, []) if isinstance(each, list) else each for each in (mine, gold))
    return corrections(
        Layer(MINE, *mine), Layer(GOLD, *gold, notes=notes), settlements, entities or {}
    )


def settled(*of: Member, span: int | None = None, relations=(), reason="sebab") -> SettlementImage:
    result = None
    if span is not None or relations:
        made = [UUID(int=each) for each in relations] or None
        result = Result(span=None if span is None else UUID(int=span), relations=made)
    return SettlementImage(UUID(int=7), [*of], "take", OTHER, result, reason)


def of_span(layer: int, number: int) -> Member:
    return Member(layer, span=UUID(int=number))


@few
@given(layers(max_layers=2))
def test_a_layer_is_corrected_in_nothing_by_its_equal(some) -> None:
    first = some[0]
    assert corrections(first, replace(first, id=first.id + 900), (), {}) == []


@few
@given(layers(max_layers=2))
def test_what_one_missed_the_other_has_too_much(some) -> None:
    one, other = some[0], some[-1]
    turned = {Kind.MISSED: Kind.NOT_RIGHT, Kind.NOT_RIGHT: Kind.MISSED}
    there = {each.id: each.differs for each in corrections(one, other, (), {})}
    back = {each.id: each.differs for each in corrections(other, one, (), {})}
    assert there == {
        key: [Difference(turned.get(one.kind, one.kind), one.attribute) for one in differs]
        for key, differs in back.items()
    }


@pytest.mark.parametrize(
    ("mine", "gold", "differs"),
    [
        ([], [span(9, (0, 4))], [Difference(Kind.MISSED)]),
        ([span(1, (0, 4))], [], [Difference(Kind.NOT_RIGHT)]),
        ([span(1, (0, 4))], [span(9, (0, 5))], [Difference(Kind.EXTENT)]),
        ([span(1, (0, 4))], [span(9, (0, 4), label="ACTOR")], [Difference(Kind.LABEL)]),
        (
            [span(1, (0, 4), type="direct")],
            [span(9, (0, 4), type="mixed", voice="?")],
            [Difference(Kind.VALUE, "type"), Difference(Kind.VALUE, "voice")],
        ),
        (
            [span(1, (0, 4), entity=ENTITIES[0])],
            [span(9, (0, 4), entity=ENTITIES[1])],
            [Difference(Kind.ENTITY)],
        ),
        (
            [span(1, (0, 4), extent="a")],
            [span(9, (0, 4), extent="b")],
            [Difference(Kind.VALUE, "extent")],
        ),
    ],
)
def test_each_kind_of_difference(mine, gold, differs) -> None:
    (one,) = found(mine, gold)
    assert one.differs == differs


def test_a_span_is_filed_under_the_label_that_gold_gives_it() -> None:
    (one,) = found([span(1, (0, 4))], [span(9, (0, 4), label="ACTOR")])
    assert isinstance(one, SpanCorrection)
    assert one.about == "ACTOR"
    assert (one.mine and one.mine.label, one.gold and one.gold.label) == ("QUOTE", "ACTOR")
    (alone,) = found([span(1, (0, 4))], [])
    assert alone.about == "QUOTE"


def test_an_entity_that_was_merged_is_the_one_it_goes_on_as() -> None:
    laras = Named(ENTITIES[1], "Laras", "person")
    two = [span(1, (0, 4), entity=ENTITIES[0])], [span(9, (0, 4), entity=ENTITIES[1])]
    assert found(*two, entities=dict.fromkeys(ENTITIES, laras)) == []


def test_relations_are_compared_where_both_have_the_span() -> None:
    spans = [span(1, (0, 4)), span(2, (6, 9), label="ACTOR"), span(3, (11, 13), label="ACTOR")]
    gold = [span(11, (0, 4)), span(12, (6, 9), label="ACTOR"), span(13, (11, 13), label="ACTOR")]
    (one,) = found(
        (spans, [relation(21, "SPEAKER", 1, 2)]), (gold, [relation(31, "SPEAKER", 11, 13)])
    )
    assert isinstance(one, RelationCorrection)
    assert one.differs == [Difference(Kind.TARGET)]
    assert [goal.span and goal.span.text for goal in one.mine] == [spans[1].text]
    assert [goal.span and goal.span.text for goal in one.gold] == [spans[2].text]
    assert one.source is not None
    missed, *others = found((spans, []), (gold, [relation(31, "SPEAKER", 11, 13)]))
    assert (missed.about, missed.differs, others) == ("SPEAKER", [Difference(Kind.MISSED)], [])
    (alone,) = found(([spans[1]], []), (gold[:2], [relation(31, "SPEAKER", 11, 12)]))
    assert alone.about == "QUOTE", "whoever missed the span is not corrected in its relation, too"


def test_values_of_relations_differ_where_they_lead_to_the_same() -> None:
    mine = relation(21, "STANCE", None, ENTITIES[0], strength="a")
    gold = relation(31, "STANCE", None, ENTITIES[0], strength="b")
    (one,) = found(([], [mine]), ([], [gold]))
    assert isinstance(one, RelationCorrection)
    assert one.differs == [Difference(Kind.VALUE, "strength")]
    assert one.source is None


def test_the_reason_is_that_of_what_was_settled_about_it() -> None:
    gold = [span(9, (0, 5)), span(10, (20, 24))]
    made = settled(of_span(MINE, 1), of_span(OTHER, 5), span=9, reason="tanpa koma")
    (moved, missed) = found([span(1, (0, 4))], gold, [made, settled(span=10, reason="juga")])
    assert (moved.reasons, missed.reasons) == (["tanpa koma"], ["juga"])
    (no,) = found([span(1, (0, 4))], [], [settled(of_span(MINE, 1), reason="bukan kutipan")])
    assert no.reasons == ["bukan kutipan"]


def test_nothing_is_told_of_other_layers() -> None:
    made = settled(of_span(MINE, 1), of_span(OTHER, 5), span=9)
    foreign = settled(of_span(OTHER, 1), reason="tentang orang lain")
    (one,) = found([span(1, (0, 4))], [span(9, (0, 5))], [made, foreign])
    told = msgspec.json.decode(msgspec.json.encode(one))
    assert set(told) == {
        *("kind", "id", "label", "range", "differs", "mine", "gold", "reasons", "notes", "span")
    }
    assert told["reasons"] == ["sebab"]
    assert set(told["mine"]) == {"label", "fragments", "text", "attributes", "entity"}


def test_that_most_others_had_it_so_is_not_told() -> None:
    """What was settled by a rule has its name for a reason, which tells what others did."""
    rules = [settled(of_span(MINE, 1), span=9, reason=str(rule)) for rule in Rule]
    (one,) = found([span(1, (0, 4))], [span(9, (0, 5))], rules)
    assert one.reasons == []


def test_why_the_right_one_was_right_is_not_told() -> None:
    """A reason there would say that others were not."""
    made = settled(of_span(MINE, 1), of_span(OTHER, 5), span=9)
    assert found([span(1, (0, 4))], [span(9, (0, 4))], [made]) == []


def test_an_adjudicators_note_on_a_gold_span_is_shown_also_where_nothing_differs() -> None:
    note = NoteImage(UUID(int=50), UUID(int=9), "bagus")
    about_all = NoteImage(UUID(int=51), None, "“kata orang lain”: bukan")
    made = settled(of_span(MINE, 1), of_span(OTHER, 5), span=9)
    (one,) = found([span(1, (0, 4))], [span(9, (0, 4))], [made], notes=[note, about_all])
    assert isinstance(one, SpanCorrection)
    assert (one.differs, one.notes) == ([Difference(Kind.REMARK)], ["bagus"])
    assert one.reasons == [], "it would say that others were not right"
