"""Messages about layers in lines: out, in again, and what they are refused and left out for."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.conversation.models import Message
from annotations.conversation.queries import waiting
from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.record import Choice
from annotations.exchange.choices.selecting import Selecting
from annotations.exchange.differing import changes
from annotations.exchange.fitting import Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.outgoing import line_of
from annotations.exchange.records import Line
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import Part
from annotations.policy import layers_discussed_by
from tests import factories
from tests.conversation.asking import asked_layer, said, span_of
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    article_of,
    compact,
    exported,
    layer,
    line,
    load,
    span,
    write_file,
)
from tests.exchange.writers.judging import counted, out

ACTOR = span(TEXT, "Laras")
ASKED = {
    "asks": True,
    "at": "2026-03-20T08:00:00Z",
    "author": "rina",
    "id": "019ab3c2-0000-7000-8000-000000000001",
    "span": ACTOR["id"],
    "text": "Mengapa?",
}
ANSWERED = {
    "asks": False,
    "at": "2026-03-20T09:00:00Z",
    "author": "ani",
    "id": "019ab3c2-0000-7000-8000-000000000002",
    "text": "Karena begitu.",
}


@pytest.fixture
def whole() -> dict[str, Any]:
    return line(TEXT, layer("ani", ACTOR, messages=[ASKED, ANSWERED]))


def read(document: dict[str, Any]) -> Line:
    return kutip.read(compact(document))


def refused(document: dict[str, Any]) -> str:
    with pytest.raises(UnfitError) as unfit:
        Fitter(SPEC).line(read(document))
    return unfit.value.reason.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"span": span(TEXT, "Warga")["id"]}, "layer_message_span"),
        ({"text": " "}, "layer_message_empty"),
        ({"text": "x" * 10_001}, "field_too_long"),
        ({"id": ANSWERED["id"]}, "layer_id_twice"),
        ({"author": "a\u202eb"}, "layer_character"),
    ],
)
def test_what_cannot_be_is_refused(
    whole: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    whole["layers"][0]["messages"][0] = ASKED | change
    assert refused(whole) == code


def test_only_layers_of_annotators_have_messages(whole: dict[str, Any]) -> None:
    whole["layers"][0]["kind"] = "gold"
    assert refused(whole) == "layer_message_kind"


def test_a_choice_of_labels_takes_what_is_about_others_away(whole: dict[str, Any]) -> None:
    [cut] = Selecting(Choice(labels=("QUOTE",))).line(read(whole)).layers
    assert [one.id for one in cut.messages] == [ANSWERED["id"]]


def test_pseudonyms_lead_to_nobody(whole: dict[str, Any]) -> None:
    [hidden] = Selecting(Choice(), Hiding(b"rahasia")).line(read(whole)).layers
    asked, answered = hidden.messages
    assert asked.span == hidden.spans[0].id != ACTOR["id"]
    assert answered.author == hidden.annotator
    assert "rina" not in str(hidden)
    assert ASKED["id"] not in str(hidden)


def test_formats_that_hold_no_messages_count_them(whole: dict[str, Any]) -> None:
    for writer in WRITERS.values():
        if not writer.package:
            _data, report = out(writer, [read(whole)])
            assert (counted(report).get("messages") == 2) == (Part.MESSAGES not in writer.holds)


def test_messages_that_came_and_went_are_told(whole: dict[str, Any]) -> None:
    before = read(line(TEXT, layer("ani", ACTOR, messages=[ASKED])))
    [change] = changes([before], [read(whole)])
    assert (change.what, change.how, change.id) == ("message", "added", ANSWERED["id"])


@pytest.fixture
def campaign(db: None) -> Campaign:
    corpus = factories.corpus()
    article_of(corpus, line(TEXT))
    return factories.campaign(corpus, [factories.user("ani")])


def test_what_is_loaded_leaves_again_and_waits_for_nobody(
    campaign: Campaign, tmp_path: Path, whole: dict[str, Any], manager: User
) -> None:
    file = write_file(tmp_path, whole)
    assert load(campaign, file).new_annotators == ["rina"]
    assert exported(campaign) == file.read_bytes()
    ani = User.objects.get(username="ani")
    for who in (ani, manager):
        found = waiting(who, layers_discussed_by(who))
        assert (found.questions, found.answers) == (0, 0)


def test_ids_of_ones_own_making_and_what_may_be_left_out(
    campaign: Campaign, tmp_path: Path
) -> None:
    bare = {"id": "M1", "asks": False, "text": "Begitu.", "span": "T1"}
    load(
        campaign,
        write_file(tmp_path, line(TEXT, layer("ani", ACTOR | {"id": "T1"}, messages=[bare]))),
    )
    one = Message.objects.get()
    assert one.span_id == one.assignment.spans.get().id
    assert (str(one.account), one.waits) == ("ani", False)


def test_what_is_said_here_leaves_with_the_layer_but_what_is_about_spans_that_are_gone(
    annotator_a: User, annotator_b: User, adjudicator: User
) -> None:
    one = asked_layer(annotator_a, annotator_b, adjudicators=(adjudicator,))
    said(one, adjudicator, span=span_of(one))
    said(one, annotator_a, "Ya.")
    document = json.loads(exported(one.campaign))
    told = next(each for each in document["layers"] if each["annotator"] == "annotator_a")
    assert [(each["author"], each["asks"]) for each in told["messages"]] == [
        ("adjudicator", True),
        ("annotator_a", False),
    ]
    assert "adjudicator" not in line_of(Assignment.objects.get(pk=one.pk)).decode()
    one.spans.update(removed=True)
    document = json.loads(exported(one.campaign))
    assert [each["text"] for each in document["layers"][0]["messages"]] == ["Ya."]
