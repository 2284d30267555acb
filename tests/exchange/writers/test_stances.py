"""What a stance is, and what of it is doubted."""

from typing import Any

import pytest

from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.stances import Named, Stance, stances_of
from tests.exchange.kutip_lines import TEXT, layer, relation, span
from tests.exchange.writers.judging import lines
from tests.exchange.writers.stance_lines import article, entity

LARAS, UNION = entity("Laras"), entity("Serikat", "organisation")


def held(
    *quotes: dict[str, str | bool], holder: dict[str, Any] | None = None, **attributes: str | bool
) -> list[Stance]:
    """The stances of an actor toward a target, evidenced by quotations with these attributes."""
    stance = span(TEXT, "menolak", label="STANCE", attributes=attributes)
    actor = holder or span(TEXT, "Laras")
    whole = span(TEXT, "Menteri", entity=UNION["id"])
    target = span(TEXT, "akan", "mundur", label="TARGET")
    evidence = [span(TEXT, "“Kami,”", label="QUOTE", attributes=given) for given in quotes]
    ends = [("HOLDER", stance, actor), ("TOWARD", stance, target), ("PART_OF", actor, whole)]
    ends += [("EVIDENCED_BY", stance, quote) for quote in evidence]
    relations = [
        relation(kind, {"span": one["id"]}, {"span": other["id"]}) for kind, one, other in ends
    ]
    made = layer("ani", stance, actor, whole, target, *evidence, relations=relations)
    [line] = lines(article(TEXT, made, entities=[LARAS, UNION]))
    return list(stances_of(line, line.layers[0], LossReport("")))


@pytest.mark.parametrize(
    ("quotes", "attributes", "hedged"),
    [
        ((), {}, False),
        ((), {"conditional": True}, True),
        ((), {"conditional": False}, False),
        (({"factuality": "asserted"},), {}, False),
        (({"factuality": "denied"},), {}, True),
        (({"condition": "if"},), {}, True),
        (({"condition": "future"},), {}, False),
        (({"factuality": "denied"}, {}), {}, False),
        (({"factuality": "possible"}, {"factuality": "not_said"}), {}, True),
    ],
)
def test_a_stance_is_hedged_if_all_that_shows_it_is(
    quotes: tuple[dict[str, str | bool], ...], attributes: dict[str, bool], hedged: bool
) -> None:
    [stance] = held(*quotes, polarity="favor", **attributes)
    assert stance.hedged == hedged
    assert len(stance.quotes) == len(quotes)


@pytest.mark.parametrize(
    ("attributes", "sign", "strength"),
    [
        ({"polarity": "favor"}, 1, 1),
        ({"polarity": "against", "intensity": "3"}, -1, -3),
        ({"polarity": "against", "intensity": "?"}, -1, -1),
        ({"polarity": "neutral", "intensity": "2"}, None, 0),
        ({"polarity": "mixed", "intensity": "2"}, None, None),
        ({"polarity": "?"}, None, None),
        ({}, None, None),
    ],
)
def test_for_is_positive_and_against_negative(
    attributes: dict[str, str | bool], sign: int | None, strength: int | None
) -> None:
    [stance] = held(**attributes)
    assert (stance.sign, stance.strength) == (sign, strength)


def test_who_is_linked_to_nothing_is_called_by_words_and_counts_as_a_person() -> None:
    [stance] = held()
    assert stance.holder == stance.person == Named("", "Laras", "")
    assert stance.organisation == Named(UNION["id"], "Serikat", "organisation")
    assert stance.target == Named("", "akan mundur", "")


def test_an_organisation_speaks_for_itself() -> None:
    [stance] = held(holder=span(TEXT, "Warga", entity=UNION["id"]))
    assert stance.person is None
    assert stance.organisation == stance.holder


def test_every_holder_and_target_makes_a_stance_and_one_without_is_reported() -> None:
    whole, alone = (span(TEXT, "menolak", label="STANCE") for _ in range(2))
    ends = [span(TEXT, word) for word in ("Laras", "Warga", "Menteri")]
    relations = [
        relation(kind, {"span": whole["id"]}, {"span": end["id"]})
        for kind, end in zip(("HOLDER", "HOLDER", "TOWARD"), ends, strict=True)
    ]
    relations.append(relation("TOWARD", {"span": alone["id"]}, {"span": ends[0]["id"]}))
    [line] = lines(article(TEXT, layer("ani", whole, alone, *ends, relations=relations)))
    report = LossReport("")
    found = stances_of(line, line.layers[0], report)
    assert [one.holder.name for one in found] == ["Laras", "Warga"]
    assert [place.id for place in report.lost[Part.ENDLESS].places] == [alone["id"]]
