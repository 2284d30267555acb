"""Notes, flags and waivers through the one door: objects of the layer like its spans."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.measures.tally import Mark
from annotations.assignments.models import Assignment
from annotations.limits import LIMITS
from annotations.schema.services import spec_of
from annotations.spans.models import Operation, Remark
from annotations.spans.protocol import Answer, operate
from annotations.spans.queries import layer_state
from annotations.spans.remarks import ARTICLE
from tests import factories
from tests.factories import (
    TEXT,
    flagged,
    noted,
    operation,
    placed,
    related,
    span_id,
    waived,
)
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


@pytest.fixture
def span(layer: Assignment) -> str:
    """A span of the layer."""
    place = placed(TEXT, "Menteri Laras")
    send(layer, place)
    return span_id(place)


def changes(answer: Answer) -> list[Any]:
    assert answer.status == 200, answer.payload
    return answer.payload["results"][-1]["changes"]  # type: ignore[index, no-any-return]


def note_id(operation: dict[str, Any]) -> str:
    return str(operation["note"]["id"])


def shown(layer: Assignment) -> tuple[list[Any], list[Any], list[Any]]:
    layer.refresh_from_db()
    now = layer_state(layer)
    return now.notes, now.flags, now.waivers


def test_a_note_is_there_with_its_author_and_its_moment(layer: Assignment, span: str) -> None:
    User.objects.filter(pk=layer.annotator_id).update(display_name="Ani")
    send(layer, noted(span, "Siapa “kami” di sini?"), noted(None, "Artikel opini."))
    on_span, on_article = sorted(shown(layer)[0], key=lambda note: note.span is None)
    assert (str(on_span.span), on_span.text) == (span, "Siapa “kami” di sini?")
    assert (on_article.span, on_article.author) == (None, "Ani")
    assert on_article.at == Remark.objects.get(id=on_article.id).at


def test_a_new_text_keeps_author_and_moment(layer: Assignment, span: str) -> None:
    note = noted(span, "Ragu.")
    send(layer, note)
    before = Remark.objects.get()
    answer = send(layer, noted(span, "Jelas.", note_id(note)))
    [change] = changes(answer)
    after = Remark.objects.get()
    assert (change.before.text, change.after.text) == ("Ragu.", "Jelas.")
    assert (after.at, after.account_id, after.body) == (
        before.at,
        before.account_id,
        {"text": "Jelas."},
    )
    assert after.changed_seq == 3


@pytest.mark.parametrize("empty", ["", " \n"])
def test_a_note_without_words_is_removed_and_undo_brings_it_back(
    layer: Assignment, empty: str
) -> None:
    note = noted(None, "Ragu.")
    send(layer, note)
    removal = noted(None, empty, note_id(note))
    [change] = changes(send(layer, removal))
    assert (change.kind, change.after, shown(layer)[0]) == ("note", None, [])
    send(layer, operation("undo", of=removal["id"]))
    assert [one.text for one in shown(layer)[0]] == ["Ragu."]


def test_what_cannot_be_noted_is_refused(layer: Assignment, span: str) -> None:
    note = noted(span, "Ragu.")
    send(layer, note)
    elsewhere = noted(None, "Pindah.", note_id(note))
    assert send(layer, elsewhere).payload["error"] == "reused_id"
    assert send(layer, noted(str(uuid4()), "Span tak dikenal.")).payload["error"] == "unknown"
    assert send(layer, noted(None, "")).payload["error"] == "unknown"
    send(layer, noted(span, "", note_id(note)))
    assert send(layer, noted(span, "Lagi.", note_id(note))).payload["error"] == "reused_id"
    assert shown(layer)[0] == []


def test_a_note_has_its_limit_in_code_points(layer: Assignment) -> None:
    most = LIMITS.note_code_points
    assert send(layer, noted(None, "🚢" * most)).status == 200
    answer = send(layer, noted(None, "🚢" * (most + 1)))
    assert (answer.status, answer.payload["error"]) == (422, "too_long")
    assert "10001 characters" in str(answer.payload["message"])
    reason = "a" * (LIMITS.reason_code_points + 1)
    assert send(layer, waived(TEXT, "“Kami,”", reason=reason)).payload["error"] == "too_long"


def test_what_is_flagged_is_kept_once_and_in_one_order(layer: Assignment, span: str) -> None:
    send(layer, flagged(span, "guideline", "unsure", confidence=2), flagged(None, "discuss"))
    on_span, on_article = sorted(shown(layer)[1], key=lambda one: one.span is None)
    assert (on_span.flags, on_span.confidence, on_span.id) == (
        ["unsure", "guideline"],
        2,
        UUID(span),
    )
    assert (on_article.id, on_article.span, on_article.flags) == (ARTICLE, None, ["discuss"])


def test_flags_are_set_as_a_whole_and_go_when_nothing_is_left(layer: Assignment, span: str) -> None:
    send(layer, flagged(span, "unsure", confidence=1))
    [change] = changes(send(layer, flagged(span, "discuss")))
    assert (change.after.flags, change.after.confidence) == (["discuss"], None)
    [gone] = changes(send(layer, flagged(span)))
    assert (gone.after, shown(layer)[1]) == (None, [])
    assert changes(send(layer, flagged(span))) == []
    assert changes(send(layer, flagged(span, confidence=3)))[0].before is None
    assert shown(layer)[1][0].confidence == 3


def test_only_a_span_of_the_layer_is_flagged(layer: Assignment) -> None:
    assert send(layer, flagged(str(uuid4()), "unsure")).payload["error"] == "unknown"


def test_words_are_waived_with_a_reason_that_can_change(layer: Assignment) -> None:
    waive = waived(TEXT, "“Kami,”")
    send(layer, waive)
    same = str(waive["waiver"]["id"])  # type: ignore[index]
    assert [one.reason for one in shown(layer)[2]] == [""]
    send(layer, waived(TEXT, "“Kami,”", reason=" Hanya sapaan. ", waiver=same))
    assert [one.reason for one in shown(layer)[2]] == ["Hanya sapaan."]
    [change] = changes(send(layer, waived(TEXT, "“Kami,”", reason=None, waiver=same)))
    assert (change.kind, change.after, shown(layer)[2]) == ("waiver", None, [])


def test_a_waiver_stays_with_its_words(layer: Assignment) -> None:
    waive = waived(TEXT, "“Kami,”")
    send(layer, waive)
    same = str(waive["waiver"]["id"])  # type: ignore[index]
    for other in (waived(TEXT, "Kami", waiver=same), waived(TEXT, "“Kami,”", label="CUE", waiver=same)):  # fmt: skip
        assert send(layer, other).payload["error"] == "reused_id"
    assert send(layer, waived(TEXT, "“Kami,”", reason=None)).payload["error"] == "unknown"
    assert send(layer, waived(TEXT, "Kami", label="NOTHING")).payload["error"] == "schema"


def test_a_waiver_is_checked_like_a_span(layer: Assignment) -> None:
    wrong = waived(TEXT, "“Kami,”")
    wrong["waiver"]["fragments"] = [[0, 7]]  # type: ignore[index]
    answer = send(layer, wrong)
    assert (answer.status, answer.payload["error"]) == (409, "text")
    assert answer.payload["current"] == {"fragments": [[0, 7]], "text": ["Menteri"]}
    wrong["waiver"] |= {"fragments": [[7, 8]], "text": [" "]}  # type: ignore[operator]
    assert send(layer, wrong).payload["error"] == "fragments"
    wrong["waiver"] |= {"fragments": [[3, 9999]], "text": ["x"]}  # type: ignore[operator]
    assert send(layer, wrong).payload["error"] == "fragments"


def test_removing_a_span_removes_what_was_said_about_it_and_undo_brings_all_back(
    layer: Assignment, span: str
) -> None:
    quote = placed(TEXT, "“Kami,”", label="QUOTE")
    send(layer, quote, related("SPEAKER", span_id(quote), span))
    send(layer, noted(span, "Satu."), noted(span, "Dua."), flagged(span, "unsure"))
    send(layer, noted(span_id(quote), "Lain."), noted(None, "Artikel."), flagged(None, "discuss"))
    before = shown(layer)
    remove = operation("remove", span=span)
    listed = changes(send(layer, remove))
    assert [change.kind for change in listed] == ["relation", "note", "note", "flag", "span"]
    assert [len(part) for part in shown(layer)] == [2, 1, 0]
    send(layer, operation("undo", of=remove["id"]))
    assert shown(layer) == before


def test_a_span_and_its_remarks_in_one_request(layer: Assignment) -> None:
    place = placed(TEXT, "Menteri Laras")
    one = span_id(place)
    group = str(uuid4())
    steps = [place, noted(one, "Satu."), flagged(one, "unsure"), operation("remove", span=one)]
    answer = send(layer, *(step | {"group": group} for step in steps))
    assert [change.kind for change in changes(answer)] == ["note", "flag", "span"]
    assert shown(layer) == ([], [], [])
    send(layer, operation("undo", of=group))
    assert shown(layer) == ([], [], [])
    assert Remark.objects.filter(removed=True).count() == 2


def test_a_note_may_have_the_id_of_a_span(layer: Assignment, span: str) -> None:
    assert send(layer, noted(span, "Nama yang sama.", span), flagged(span, "unsure")).status == 200
    assert len(changes(send(layer, operation("remove", span=span)))) == 3


def test_a_repeated_remark_is_answered_with_its_first_result(layer: Assignment) -> None:
    note = noted(None, "Ragu.")
    send(layer, note)
    again = send(layer, note, base=0)
    assert again.payload["results"][0]["repeated"] is True  # type: ignore[index]
    other = noted(None, "Lain.") | {"id": note["id"]}
    assert send(layer, other).payload["error"] == "reused_id"


def test_a_stale_remark_is_told_what_happened(layer: Assignment) -> None:
    send(layer, noted(None, "Ragu."))
    answer = send(layer, flagged(None, "unsure"), base=0)
    assert (answer.status, answer.payload["error"]) == (409, "stale")
    assert answer.payload["operations_since"][0]["op"] == "note"  # type: ignore[index]


def test_a_submitted_layer_takes_no_remark(layer: Assignment) -> None:
    Assignment.objects.filter(pk=layer.pk).update(status="submitted")
    assert send(layer, noted(None, "Ragu.")).payload["error"] == "closed"
    assert Remark.objects.count() == 0


NOTE = {"id": str(uuid4()), "span": None, "text": "Ragu."}
FLAG: dict[str, Any] = {"span": None, "flags": ["unsure"], "confidence": None}
WAIVER: dict[str, Any] = {
    "id": str(uuid4()),
    "label": "QUOTE",
    "fragments": [[0, 7]],
    "text": ["Menteri"],
    "reason": "",
}


@pytest.mark.parametrize(
    "bad",
    [
        {"op": "note", "note": NOTE | {"text": "a\x00b"}},
        {"op": "note", "note": NOTE | {"text": 7}},
        {"op": "note", "note": NOTE | {"id": "satu"}},
        {"op": "note", "note": NOTE | {"author": "orang lain"}},
        {"op": "note", "note": {"id": NOTE["id"], "text": "Ragu."}},
        {"op": "note"},
        {"op": "flag", "flag": FLAG | {"flags": ["angry"]}},
        {"op": "flag", "flag": FLAG | {"flags": ["unsure", "unsure"]}},
        {"op": "flag", "flag": FLAG | {"flags": "unsure"}},
        {"op": "flag", "flag": FLAG | {"confidence": 4}},
        {"op": "flag", "flag": FLAG | {"confidence": 0}},
        {"op": "flag", "flag": FLAG | {"confidence": True}},
        {"op": "flag", "flag": FLAG | {"confidence": "2"}},
        {"op": "waive", "waiver": WAIVER | {"reason": "a\ufffe"}},
        {"op": "waive", "waiver": WAIVER | {"reason": 1}},
        {"op": "waive", "waiver": {k: v for k, v in WAIVER.items() if k != "reason"}},
        {"op": "restore"},
        {"op": "restore", "to": "1"},
        {"op": "restore", "to": 0, "group": str(uuid4())},
    ],
)
def test_a_malformed_remark_is_said_to_be(layer: Assignment, bad: dict[str, Any]) -> None:
    send(layer, noted(None, "Ragu."))
    answer = send(layer, bad | {"id": str(uuid4())})
    assert (answer.status, answer.payload["error"]) == (400, "malformed")


@pytest.mark.parametrize("much", [0, 120])
def test_remarks_cost_the_same_however_large_the_layer(
    layer: Assignment, much: int, django_assert_num_queries: Any
) -> None:
    place = placed(TEXT, "Menteri Laras")
    one = span_id(place)
    send(layer, place, noted(one, "Satu."), *[noted(None, f"Catatan {n}") for n in range(much)])
    send(layer, *[placed(TEXT, "Warga") for _ in range(much)])
    person = User.objects.get(pk=layer.annotator_id)

    def costs(step: dict[str, object], queries: int) -> None:
        layer.refresh_from_db()
        body = json.dumps({"base": layer.revision, "operations": [step]}).encode()
        with django_assert_num_queries(queries):
            assert operate(layer.pk, body, by=person).status == 200

    # two of each are the savepoint, which outside a test's transaction is BEGIN and COMMIT
    costs(noted(None, "Artikel."), 6)
    costs(noted(one, "Dua."), 7)
    costs(flagged(one, "unsure"), 7)
    costs(waived(TEXT, "“Kami,”", reason="Sapaan."), 6)
    remove = operation("remove", span=one)
    costs(remove, 10)
    costs(operation("undo", of=remove["id"]), 12)


def test_the_state_costs_four_queries_what_undo_needs_among_them(
    layer: Assignment, django_assert_num_queries: Any
) -> None:
    for count in (1, 40):
        send(layer, *[noted(None, f"Catatan {n}") for n in range(count)], flagged(None, "unsure"))
        send(layer, waived(TEXT, "“Kami,”"))
        layer.refresh_from_db()
        with django_assert_num_queries(4):
            layer_state(layer)


def test_agreement_reads_no_remark(layer: Assignment, span: str) -> None:
    def compared() -> list[Mark]:
        found = read([layer.pk], Compared.of(spec_of(layer.schema_id)), Identities({}))
        return [*found[layer.pk].linked.marks]

    before = compared()
    send(layer, noted(span, "Siapa?"), flagged(span, "unsure", confidence=1), noted(None, "Opini."))
    send(layer, waived(TEXT, "“Kami,”", reason="Sapaan."))
    assert compared() == before != []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM remark",
        "TRUNCATE remark",
        "UPDATE remark SET at = now()",
        "UPDATE remark SET account_id = 1",
        "UPDATE remark SET span_id = NULL",
    ],
)
def test_who_said_what_when_cannot_be_rewritten(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("row", [("restore", None), ("place", 3), ("restore", -1)])
def test_the_history_says_of_restores_alone_where_they_went(
    layer: Assignment, row: tuple[str, int | None]
) -> None:
    with pytest.raises(IntegrityError, match="operation_restores"), transaction.atomic():
        Operation.objects.create(
            assignment=layer, seq=1, id=uuid4(), group=uuid4(), op=row[0], restores=row[1],
            account_id=layer.annotator_id, request_sha256=b"0" * 32, changes=[], at=timezone.now(),
        )  # fmt: skip
