"""Quote coverage: which quoted stretches are open, and what a campaign does about them."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.closing import close
from annotations.assignments.models import Assignment, Campaign
from annotations.schema.rules import SHOWN
from annotations.schema.spec import builtin_document, parse
from annotations.spans.coverage import open_stretches, stretches
from annotations.spans.remarks import WaiverImage
from annotations.spans.requests import SpanImage
from annotations.spans.submit import check
from annotations.text.quotemarks import scan
from tests import factories
from tests.factories import TEXT, operation, placed, span_id, waived
from tests.spans.test_operations import send

SPEC = parse(builtin_document())


def span(text: str, start: int, end: int, label: str = "QUOTE") -> SpanImage:
    return SpanImage(uuid4(), label, [[start, end]], [text[start:end]])


def waiver(text: str, start: int, end: int, reason: str = "Judul.") -> WaiverImage:
    return WaiverImage(uuid4(), "QUOTE", [[start, end]], [text[start:end]], reason)


def states(text: str, *marked: SpanImage | WaiverImage) -> list[str]:
    spans = [one for one in marked if isinstance(one, SpanImage)]
    waivers = [one for one in marked if isinstance(one, WaiverImage)]
    return [one.state for one in stretches(SPEC, text, spans, waivers)]


ONE = "Ia berkata “saya  pergi” tadi."
AT = ONE.index("“")
END = ONE.index("”") + 1


@pytest.mark.parametrize(
    ("marked", "state"),
    [
        ([], "open"),
        ([span(ONE, AT, END)], "attributed"),
        ([span(ONE, AT + 1, END - 1)], "attributed"),
        ([span(ONE, 0, len(ONE))], "attributed"),
        ([span(ONE, AT + 1, AT + 5), span(ONE, AT + 7, END)], "attributed"),
        ([span(ONE, AT, AT + 9), span(ONE, AT + 3, END)], "attributed"),
        ([span(ONE, AT + 2, END)], "open"),
        ([span(ONE, AT, END - 2)], "open"),
        ([span(ONE, AT + 1, AT + 4), span(ONE, AT + 7, END)], "open"),
        ([span(ONE, AT, END, "CUE")], "open"),
        ([span(ONE, 0, 3)], "open"),
        ([waiver(ONE, AT, END)], "waived"),
        ([waiver(ONE, AT, END), span(ONE, AT, END)], "attributed"),
        ([waiver(ONE, AT, END, "")], "open"),
        ([waiver(ONE, AT + 1, END - 1)], "open"),
        ([waiver(ONE, AT, END + 1)], "open"),
    ],
)
def test_a_stretch_is_attributed_waived_or_open(marked: list[Any], state: str) -> None:
    assert states(ONE, *marked) == [state]


def test_a_quote_with_several_fragments_counts_each_of_them() -> None:
    split = SpanImage(uuid4(), "QUOTE", [[AT, AT + 5], [AT + 7, END]], ["“saya", "pergi”"])
    assert states(ONE, split) == ["attributed"]


def test_a_waiver_for_another_label_waives_nothing() -> None:
    other = WaiverImage(uuid4(), "CUE", [[AT, END]], [ONE[AT:END]], "Judul.")
    assert states(ONE, other) == ["open"]


@pytest.mark.parametrize("space", [" ", "\xa0", "\u2028", "\u3000", "\ufeff \ufeff", ""])
def test_only_white_space_needs_no_quote(space: str) -> None:
    assert states(f"“{space}”") == ["attributed"]
    assert states(f"“{space}a”") == ["open"]


def test_a_schema_without_quotes_has_no_stretches() -> None:
    document = builtin_document()
    labels = [label for label in document["labels"] if label["key"] != "QUOTE"]
    other = parse(document | {"labels": labels, "relations": [], "constraints": []})
    assert stretches(other, ONE, [], []) == []


def test_the_sentence_names_the_words_shortened() -> None:
    text = f"Kata “{'a' * 200}” dan “b”."
    long, short = open_stretches(text, stretches(SPEC, text, [], []))
    assert long.details == {"words": text[5 : 5 + SHOWN] + "…"}
    assert short.details == {"words": "“b”"}
    assert [(found.code, found.severity, found.span) for found in (long, short)] == [
        ("E7", "E", None)
    ] * 2
    assert text[slice(*short.fragments[0])] == "“b”"


@given(
    st.text("ab “”«»\n🚢", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=6),
)
def test_it_is_what_looking_at_every_code_point_finds(
    text: str, spans: list[tuple[int, int]]
) -> None:
    marked = [span(text, start, min(start + more, len(text))) for start, more in spans if start < len(text)]  # fmt: skip
    inside = {at for one in marked for start, end in one.fragments for at in range(start, end)}
    naive = [
        all(at in inside or text[at].isspace() for at in range(start + 1, end - 1))
        for start, end in scan(text).outermost()
    ]
    assert [state == "attributed" for state in states(text, *marked)] == naive


# in a campaign ------------------------------------------------------------------------------------


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


def demand(layer: Assignment) -> None:
    Campaign.objects.filter(pk=layer.campaign_id).update(quote_coverage=True)
    layer.campaign.refresh_from_db()


def submitted(layer: Assignment) -> Any:
    layer.refresh_from_db()
    return close(
        layer.pk,
        layer.revision,
        by=User.objects.get(pk=layer.annotator_id),
        settles=policy.SETTLE.allows,
    )


@pytest.mark.django_db
def test_without_the_demand_open_stretches_are_hints_only(layer: Assignment) -> None:
    assert [found.code for found in check(layer)] == ["I1", "I1"]
    assert submitted(layer).status == 200


@pytest.mark.django_db
def test_a_campaign_can_demand_that_no_stretch_is_open(layer: Assignment) -> None:
    demand(layer)
    answer = submitted(layer)
    assert (answer.status, answer.payload["error"]) == (422, "incomplete")
    first, second = answer.payload["constraints"]
    start = TEXT.index("“Kami,”")
    assert first == {
        "code": "E7",
        "severity": "E",
        "span": None,
        "relation": None,
        "message": "Nobody is quoted with “Kami,”: mark a quote there, or waive it with a reason.",
        "fragments": ((start, start + 7),),
    }
    assert second["fragments"][0][0] == TEXT.index("“tidak")
    send(layer, placed(TEXT, "“Kami,”", label="QUOTE"))
    assert [one["fragments"] for one in submitted(layer).payload["constraints"]] == [
        second["fragments"]
    ]
    reject = waived(TEXT, "“tidak akan mundur 🚢.”")
    send(layer, reject)
    assert submitted(layer).status == 422
    same = str(reject["waiver"]["id"])  # type: ignore[index]
    send(layer, waived(TEXT, "“tidak akan mundur 🚢.”", reason="Spanduk.", waiver=same))
    assert submitted(layer).status == 200


@pytest.mark.django_db
def test_one_stretch_is_named_once(layer: Assignment) -> None:
    demand(layer)
    assert [found.code for found in check(layer)] == ["E7", "E7"]


@pytest.mark.django_db
def test_what_is_waived_with_a_reason_is_hinted_at_no_more(layer: Assignment) -> None:
    send(layer, waived(TEXT, "“Kami,”", reason="Sapaan."), waived(TEXT, "“tidak akan mundur 🚢.”"))
    [left] = check(layer)
    assert (left.code, left.details) == ("I1", {"words": "“tidak akan mundur 🚢.”"})


@pytest.mark.django_db
def test_a_removed_quote_opens_its_stretch_again(layer: Assignment) -> None:
    demand(layer)
    quote = placed(TEXT, "“Kami,”", label="QUOTE")
    send(layer, quote, placed(TEXT, "“tidak akan mundur 🚢.”", label="QUOTE"))
    assert [found.code for found in check(layer) if found.severity == "E"] == []
    send(layer, operation("remove", span=span_id(quote)))
    assert [found.code for found in check(layer) if found.severity == "E"] == ["E7"]
