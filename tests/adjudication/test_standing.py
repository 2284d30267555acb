"""What is settled, open or void: by the vectors that the browser's script keeps to, too."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.adjudication.cases import cases
from annotations.adjudication.records import Case, members_of
from annotations.adjudication.standing import Gold, Status, standing, unsettled
from annotations.spans.remarks import SettlementImage
from tests.adjudication.drawn_layers import layers

VECTORS = msgspec.json.decode(
    (Path(__file__).parents[1] / "vectors/adjudication.json").read_bytes()
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_cases_stand_as_the_vectors_say(vector) -> None:
    some = msgspec.convert(vector["cases"], list[Case])
    assert msgspec.json.decode(msgspec.json.encode(some)) == vector["cases"], (
        "they are of the shape that programs read"
    )
    gold = Gold(
        spans=set(map(UUID, vector["gold"]["spans"])),
        relations=set(map(UUID, vector["gold"]["relations"])),
        settlements=msgspec.convert(vector["settlements"], list[SettlementImage]),
        outdated=set(map(UUID, vector["outdated"])),
    )
    assert msgspec.to_builtins(standing(some, gold)) == vector["standing"]


@settings(max_examples=40)
@given(layers(), st.data())
def test_what_is_settled_case_by_case_is_settled(some, data) -> None:
    """Each case by a settlement of its own: none is left open, and one less leaves one more."""
    every = cases(some, {})
    settlements = [
        SettlementImage(UUID(int=at), [*members_of(case)], "none", None, None, "")
        for at, case in enumerate(every)
    ]
    assert unsettled(every, Gold(settlements=settlements)) == []
    if every:
        left = data.draw(st.sampled_from(range(len(every))))
        rest = Gold(settlements=settlements[:left] + settlements[left + 1 :])
        assert unsettled(every, rest) in ([], [every[left]])
        assert standing(every, rest)[every[left].id].status in (Status.OPEN, Status.VOID)


@settings(max_examples=40)
@given(layers())
def test_without_settlements_everything_is_open(some) -> None:
    every = cases(some, {})
    assert unsettled(every, Gold()) == every
