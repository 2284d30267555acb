"""The article that Kutip was conceived from, labelled by keyboard alone: all nine worked cases.

Its words stay where they are: spans are known by their offsets, names by the offsets of their words.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.models import Relation, Remark, Span
from tests import factories
from tests.e2e import desk
from tests.e2e.hands import Hands

HERE = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "seed-article.txt"
KEYS_A_SECOND = 3.0
"""Slow: with the thinking. Who types at forty words a minute presses as many without any."""
TEN_MINUTES = 600

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.skipif(not HERE.is_file(), reason="KUTIP_DATA does not lead to seed-article.txt"),
]


class Labelling:
    """The story, case by case, in the order of the article."""

    def __init__(self, hands: Hands, text: str) -> None:
        self.hands, self.text = hands, text

    def actor(
        self, start: int, end: int, *, new: str = "", known: tuple[int, int] = (0, 0)
    ) -> None:
        """An actor who is new to the registry, of this kind, or one called as the words there."""
        self.hands.mark("ACTOR", (start, end))
        if new or known[1]:
            self.hands.entity(self.text[slice(*known)], new)

    def quote(self, start: int, end: int, **values: str) -> None:
        self.hands.mark("QUOTE", (start, end))
        for name, value in values.items():
            self.hands.value(name, value)

    def cue(self, start: int, end: int, **values: str) -> None:
        self.hands.mark("CUE", (start, end))
        for name, value in values.items():
            self.hands.value(name, value)

    def stance(self, start: int, end: int, polarity: str, **values: str) -> None:
        self.hands.mark("STANCE", (start, end))
        self.hands.press({"favor": "+", "against": "-", "neutral": "0"}[polarity])
        for name, value in values.items():
            self.hands.value(name, value)

    def compound_source_demand_and_self_report(self) -> None:
        hands = self.hands
        self.actor(176, 196, new="Country")
        self.actor(201, 223, new="Country")
        hands.mark("CUE", (224, 234))
        self.actor(242, 247, new="Country")
        hands.mark("TARGET", (256, 277))
        self.quote(235, 277, type="reported", speech_act="demand")
        hands.link("CUE", 224)
        hands.link("ACTOR", 176, "speaker")
        hands.link("ACTOR", 201, "speaker")
        hands.link("ACTOR", 242, "addressee")
        self.stance(235, 277, "against", intensity="3")
        hands.link("TARGET", 256)
        hands.link("ACTOR", 176, "holder")
        hands.link("ACTOR", 201, "holder")

    def relayed_source(self) -> None:
        self.cue(279, 286, verb_class="according_to")
        self.actor(287, 290, new="Media")
        self.quote(312, 579, type="reported")
        self.hands.link("CUE", 279)
        self.hands.link("ACTOR", 287, "via")

    def self_report(self) -> None:
        hands = self.hands
        self.quote(581, 649, type="direct")
        self.actor(582, 586)
        self.actor(601, 607)
        hands.press("f")  # truly ambiguous: for the adjudicator
        self.quote(608, 647, type="indirect")
        hands.link("QUOTE", 581)
        hands.link("ACTOR", 582, "speaker")
        hands.link("ACTOR", 601, "addressee")
        hands.mark("CUE", (650, 654))
        hands.link("QUOTE", 581)
        self.actor(655, 689, new="Person")
        hands.link("QUOTE", 581, "speaker")
        hands.select("ACTOR", 582)
        hands.entity(self.text[677:689])
        self.actor(741, 754, new="Person")

    def two_level_attribution(self) -> None:
        hands = self.hands
        self.actor(929, 932, known=(741, 754))
        hands.mark("CUE", (933, 944))
        self.quote(945, 1055, type="indirect", medium="speech")
        hands.link("ACTOR", 929, "speaker")
        hands.link("CUE", 933)
        self.actor(945, 947, known=(741, 754))
        self.cue(948, 955, verb_class="believe")
        hands.mark("TARGET", (956, 986))
        self.quote(956, 1055, type="mixed", medium="thought")
        hands.link("QUOTE", 945)
        hands.link("CUE", 948)
        hands.link("ACTOR", 945, "speaker")
        self.stance(956, 1055, "against", intensity="2")
        hands.link("TARGET", 956)
        hands.link("ACTOR", 929, "holder")

    def partial_quotes_around_paraphrase(self) -> None:
        self.quote(1071, 1303, type="mixed")
        self.hands.mark("CUE", (1304, 1308))
        self.hands.link("QUOTE", 1071)
        self.actor(1308, 1311, known=(741, 754))
        self.hands.link("QUOTE", 1071, "speaker")

    def not_said_and_neutral(self) -> None:
        hands = self.hands
        self.actor(1320, 1322, known=(741, 754))
        self.cue(1323, 1336, negated="true")
        self.quote(1337, 1372, type="reported", factuality="not_said")
        hands.link("CUE", 1323)
        hands.link("ACTOR", 1320, "speaker")
        hands.mark("TARGET", (1352, 1372))
        self.actor(1462, 1464, known=(176, 191))
        self.actor(1469, 1476, new="Country")
        self.stance(1485, 1525, "against", basis="action")
        hands.link("ACTOR", 1462, "holder")
        hands.link("ACTOR", 1469, "holder")
        hands.link("TARGET", 1352)
        self.quote(1527, 1564, type="direct", speech_act="answer")
        hands.mark("CUE", (1565, 1569))
        hands.link("QUOTE", 1527)
        self.actor(1570, 1573, known=(741, 754))
        hands.link("QUOTE", 1527, "speaker")
        hands.mark("TARGET", (1651, 1679))
        self.stance(1527, 1564, "neutral")
        hands.link("TARGET", 1651)
        hands.link("ACTOR", 1570, "holder")

    def metonymy(self) -> None:
        for actor, cue, content in (
            ((1681, 1689), (1690, 1701), (1723, 1869)),
            ((1871, 1883), (1884, 1895), (1901, 2000)),
        ):
            self.actor(*actor, new="Government")
            self.hands.value("metonymy", "place_for_institution")
            self.hands.mark("CUE", cue)
            self.quote(*content, type="mixed")
            self.hands.link("CUE", cue[0])
            self.hands.link("ACTOR", actor[0], "speaker")

    def split_over_paragraphs_conditional(self) -> None:
        hands = self.hands
        self.quote(2002, 2157, type="mixed", condition="if")
        hands.mark("CUE", (2158, 2162))
        hands.link("QUOTE", 2002)
        self.actor(2163, 2169, known=(677, 689))
        hands.link("QUOTE", 2002, "speaker")
        hands.mark("TARGET", (2136, 2155))
        self.stance(2111, 2155, "favor", intensity="2", conditional="true")
        hands.link("TARGET", 2136)
        hands.link("ACTOR", 2163, "holder")
        self.quote(2171, 2323, type="mixed")
        hands.mark("CUE", (2324, 2331))
        hands.link("QUOTE", 2171)
        self.actor(2331, 2334, known=(677, 689))
        hands.link("QUOTE", 2171, "speaker")

    def denial_then_conditional_defence(self) -> None:
        hands = self.hands
        self.actor(2336, 2345, known=(242, 247))
        self.cue(2346, 2355, verb_class="deny")
        self.quote(2356, 2388, type="indirect", factuality="denied")
        hands.link("CUE", 2346)
        hands.link("ACTOR", 2336, "speaker")
        self.actor(2395, 2423, new="Unnamed")
        hands.value("form", "role")
        hands.link("ACTOR", 2336)
        hands.mark("CUE", (2424, 2435))
        self.quote(2436, 2514, type="indirect", condition="if")
        hands.link("CUE", 2424)
        hands.link("ACTOR", 2395, "speaker")
        hands.mark("TARGET", (2441, 2463))
        self.stance(2482, 2514, "favor", intensity="1", conditional="true")
        hands.link("TARGET", 2441)
        hands.link("ACTOR", 2395, "holder")

    def scare_quote(self) -> None:
        self.quote(2795, 2802, scare="true")


CASES = (
    Labelling.compound_source_demand_and_self_report,
    Labelling.relayed_source,
    Labelling.self_report,
    Labelling.two_level_attribution,
    Labelling.partial_quotes_around_paraphrase,
    Labelling.not_said_and_neutral,
    Labelling.metonymy,
    Labelling.split_over_paragraphs_conditional,
    Labelling.denial_then_conditional_defence,
    Labelling.scare_quote,
)


SPANS: list[tuple[int, int, str, dict[str, str | bool], int | None]] = [
    (176, 196, "ACTOR", {}, 176),
    (201, 223, "ACTOR", {}, 201),
    (224, 234, "CUE", {}, None),
    (235, 277, "QUOTE", {"type": "reported", "speech_act": "demand"}, None),
    (235, 277, "STANCE", {"polarity": "against", "intensity": "3"}, None),
    (242, 247, "ACTOR", {}, 27),
    (256, 277, "TARGET", {}, None),
    (279, 286, "CUE", {"verb_class": "according_to"}, None),
    (287, 290, "ACTOR", {}, 287),
    (312, 579, "QUOTE", {"type": "reported"}, None),
    (581, 649, "QUOTE", {"type": "direct"}, None),
    (582, 586, "ACTOR", {}, 655),
    (601, 607, "ACTOR", {}, None),
    (608, 647, "QUOTE", {"type": "indirect"}, None),
    (650, 654, "CUE", {}, None),
    (655, 689, "ACTOR", {}, 655),
    (741, 754, "ACTOR", {}, 741),
    (929, 932, "ACTOR", {}, 741),
    (933, 944, "CUE", {}, None),
    (945, 947, "ACTOR", {}, 741),
    (945, 1055, "QUOTE", {"type": "indirect", "medium": "speech"}, None),
    (948, 955, "CUE", {"verb_class": "believe"}, None),
    (956, 986, "TARGET", {}, None),
    (956, 1055, "QUOTE", {"type": "mixed", "medium": "thought"}, None),
    (956, 1055, "STANCE", {"polarity": "against", "intensity": "2"}, None),
    (1071, 1303, "QUOTE", {"type": "mixed"}, None),
    (1304, 1308, "CUE", {}, None),
    (1308, 1311, "ACTOR", {}, 741),
    (1320, 1322, "ACTOR", {}, 741),
    (1323, 1336, "CUE", {"negated": True}, None),
    (1337, 1372, "QUOTE", {"type": "reported", "factuality": "not_said"}, None),
    (1352, 1372, "TARGET", {}, None),
    (1462, 1464, "ACTOR", {}, 176),
    (1469, 1476, "ACTOR", {}, 127),
    (1485, 1525, "STANCE", {"basis": "action", "polarity": "against"}, None),
    (1527, 1564, "QUOTE", {"type": "direct", "speech_act": "answer"}, None),
    (1527, 1564, "STANCE", {"polarity": "neutral"}, None),
    (1565, 1569, "CUE", {}, None),
    (1570, 1573, "ACTOR", {}, 741),
    (1651, 1679, "TARGET", {}, None),
    (1681, 1689, "ACTOR", {"metonymy": "place_for_institution"}, 693),
    (1690, 1701, "CUE", {}, None),
    (1723, 1869, "QUOTE", {"type": "mixed"}, None),
    (1871, 1883, "ACTOR", {"metonymy": "place_for_institution"}, 1871),
    (1884, 1895, "CUE", {}, None),
    (1901, 2000, "QUOTE", {"type": "mixed"}, None),
    (2002, 2157, "QUOTE", {"type": "mixed", "condition": "if"}, None),
    (2111, 2155, "STANCE", {"polarity": "favor", "intensity": "2", "conditional": True}, None),
    (2136, 2155, "TARGET", {}, None),
    (2158, 2162, "CUE", {}, None),
    (2163, 2169, "ACTOR", {}, 655),
    (2171, 2323, "QUOTE", {"type": "mixed"}, None),
    (2324, 2331, "CUE", {}, None),
    (2331, 2334, "ACTOR", {}, 655),
    (2336, 2345, "ACTOR", {}, 27),
    (2346, 2355, "CUE", {"verb_class": "deny"}, None),
    (2356, 2388, "QUOTE", {"type": "indirect", "factuality": "denied"}, None),
    (2395, 2423, "ACTOR", {"form": "role"}, 2395),
    (2424, 2435, "CUE", {}, None),
    (2436, 2514, "QUOTE", {"type": "indirect", "condition": "if"}, None),
    (2441, 2463, "TARGET", {}, None),
    (2482, 2514, "STANCE", {"polarity": "favor", "intensity": "1", "conditional": True}, None),
    (2795, 2802, "QUOTE", {"scare": True}, None),
]
"""Where, label, values, and where the name of its entity stands first."""

RELATIONS = [
    (235, "ADDRESSEE", 242),
    (235, "CUED_BY", 224),
    (235, "HOLDER", 176),
    (235, "HOLDER", 201),
    (235, "SPEAKER", 176),
    (235, "SPEAKER", 201),
    (235, "TOWARD", 256),
    (312, "CUED_BY", 279),
    (312, "VIA", 287),
    (581, "CUED_BY", 650),
    (581, "SPEAKER", 655),
    (608, "ADDRESSEE", 601),
    (608, "NESTED_IN", 581),
    (608, "SPEAKER", 582),
    (945, "CUED_BY", 933),
    (945, "SPEAKER", 929),
    (956, "CUED_BY", 948),
    (956, "HOLDER", 929),
    (956, "NESTED_IN", 945),
    (956, "SPEAKER", 945),
    (956, "TOWARD", 956),
    (1071, "CUED_BY", 1304),
    (1071, "SPEAKER", 1308),
    (1337, "CUED_BY", 1323),
    (1337, "SPEAKER", 1320),
    (1485, "HOLDER", 1462),
    (1485, "HOLDER", 1469),
    (1485, "TOWARD", 1352),
    (1527, "CUED_BY", 1565),
    (1527, "HOLDER", 1570),
    (1527, "SPEAKER", 1570),
    (1527, "TOWARD", 1651),
    (1723, "CUED_BY", 1690),
    (1723, "SPEAKER", 1681),
    (1901, "CUED_BY", 1884),
    (1901, "SPEAKER", 1871),
    (2002, "CUED_BY", 2158),
    (2002, "SPEAKER", 2163),
    (2111, "HOLDER", 2163),
    (2111, "TOWARD", 2136),
    (2171, "CUED_BY", 2324),
    (2171, "SPEAKER", 2331),
    (2356, "CUED_BY", 2346),
    (2356, "SPEAKER", 2336),
    (2395, "PART_OF", 2336),
    (2436, "CUED_BY", 2424),
    (2436, "SPEAKER", 2395),
    (2482, "HOLDER", 2395),
    (2482, "TOWARD", 2441),
]
"""From the span that begins there, its type, to the one that begins there."""


def test_all_nine_cases(page_of: Callable[..., Page], annotator: User) -> None:
    text = HERE.read_text(encoding="utf-8")
    assignment = factories.assignment(annotator, text)
    page = page_of(annotator, desk.url(assignment), viewport={"width": 1440, "height": 900})
    desk.ready(page)
    desk.focus(page)
    hands = Hands(page)
    labelling = Labelling(hands, text)
    for case in CASES:
        case(labelling)
    desk.saved(page)
    assert spans_of(assignment, text) == SPANS
    assert relations_of(assignment) == RELATIONS
    flagged = Remark.objects.get(assignment=assignment, kind="flag")
    assert Span.objects.get(assignment=assignment, id=flagged.span_id).fragments == [601, 607]
    assert hands.pressed / KEYS_A_SECOND < TEN_MINUTES
    hands.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    hands.press("Enter")
    expect(page.get_by_text("Submitted", exact=True)).to_be_attached()
    assignment.refresh_from_db()
    assert assignment.status == "submitted"


def spans_of(assignment: Assignment, text: str) -> list[object]:
    rows = Span.objects.filter(assignment=assignment, removed=False).select_related(
        "label", "entity"
    )
    found = []
    for row in rows:
        start, end = row.fragments[0], row.fragments[-1]
        assert row.text == [text[start:end]]
        name = text.index(row.entity.name) if row.entity else None
        found.append((start, end, row.label.key, row.attributes, name))
    return sorted(found, key=lambda row: row[:3])


def relations_of(assignment: Assignment) -> list[object]:
    """Type, and where both ends begin."""
    at = {row.id: row.fragments[0] for row in Span.objects.filter(assignment=assignment)}
    rows = Relation.objects.filter(assignment=assignment, removed=False).select_related("type")
    return sorted((at[row.from_id], row.type.key, at[row.to_id]) for row in rows)
