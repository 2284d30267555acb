import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Status
from annotations.assignments.services import reopen
from annotations.spans.protocol import operate
from tests import factories

pytestmark = pytest.mark.django_db

ODD = "Satu <b>&amp;\r\n\r\nDua “tiga”\u2028empat 👩🏻\u200d🚒.\nقال «خمسة» Budi.\n"


def do(assignment: Assignment, *operations: dict[str, object]) -> None:
    """Apply operations to the layer, as its annotator."""
    assignment.refresh_from_db()
    body = {"base": assignment.revision, "operations": operations}
    answer = operate(assignment.pk, json.dumps(body).encode(), by=assignment.annotator)
    assert answer.status == 200, answer.payload
    assignment.refresh_from_db()


def page_of(client: Client, assignment: Assignment) -> str:
    answer = client.get(f"/desk/{assignment.pk}/")
    assert answer.status_code == 200
    return str(answer.getvalue().decode())


def state_in(page: str) -> dict[str, Any]:
    found = re.search(r'id="desk-state">(.*?)</script>', page, re.DOTALL)
    assert found
    state: dict[str, Any] = json.loads(found[1])
    return state


def blocks_in(page: str) -> list[tuple[int, str]]:
    """Each block's first code point and its text, as a browser would read it."""
    found = re.findall(r'<p data-start="(\d+)"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [(int(start), html.unescape(re.sub(r"<[^>]+>", "", inside))) for start, inside in found]


def post(client: Client, path: str, body: object) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_the_page_holds_the_exact_text_in_blocks(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a, ODD)
    blocks = blocks_in(page_of(signed_in(annotator_a), assignment))
    assert "".join(text for _, text in blocks) == ODD
    assert all(ODD[start : start + len(text)] == text for start, text in blocks)


def test_no_browser_shows_a_layer_again_that_it_has_kept(signed_in: Any, annotator_a: User) -> None:
    """Firefox, going back, shows again what it may keep, without the spans made since."""
    assignment = factories.assignment(annotator_a, ODD)
    answer = signed_in(annotator_a).get(f"/desk/{assignment.pk}/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_painted_page_holds_the_exact_text_too(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a, ODD)
    place = factories.placed(ODD, "<b>&amp;\r\n\r\nDua", label="QUOTE")
    inside = factories.placed(ODD, "Dua", "«خمسة»")
    do(assignment, place, inside)
    Assignment.objects.filter(pk=assignment.pk).update(status=Status.SUBMITTED)
    page = page_of(signed_in(annotator_a), assignment)
    assert "".join(text for _, text in blocks_in(page)) == ODD
    assert page.count("<mark ") == 4
    assert 'data-badge="⋯A" data-continues' in page


def test_an_open_page_shows_its_first_spans_before_any_script_has_run(
    signed_in: Any, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    do(assignment, factories.placed(factories.TEXT, "Laras"))
    page = page_of(signed_in(annotator_a), assignment)
    assert page.count("<mark") == 1
    assert state_in(page)["spans"][0]["text"] == ["Laras"]


def test_the_state_is_safe_inside_a_script(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a, "Ia berkata </script><b>&.")
    do(assignment, factories.placed("Ia berkata </script><b>&.", "</script><b>&", label="QUOTE"))
    page = page_of(signed_in(annotator_a), assignment)
    assert state_in(page)["spans"][0]["text"] == ["</script><b>&"]
    assert "</script><b>" not in page.split('id="desk-state">')[1].rsplit("</script>", 1)[0]


def test_the_state_names_entities_and_what_can_be_undone(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    laras = factories.entity(assignment.corpus)
    place = factories.placed(factories.TEXT, "Laras", entity=str(laras.uuid))
    do(assignment, place)
    state = signed_in(annotator_a).get(f"/desk/{assignment.pk}/state").json()
    assert state["entities"][str(laras.uuid)]["name"] == "Laras"
    assert state["undo"] == {"undo": place["id"], "redo": None}
    assert state["assignment"]["revision"] == 1


def test_the_page_costs_the_same_queries_whatever_it_holds(
    signed_in: Any, annotator_a: User, django_assert_num_queries: Any
) -> None:
    assignment = factories.assignment(annotator_a, "Budi " * 200)
    client = signed_in(annotator_a)
    page_of(client, assignment)
    with django_assert_num_queries(9):
        page_of(client, assignment)
    entity = str(factories.entity(assignment.corpus).uuid)
    for number in range(20):
        place = factories.placed("Budi " * 200, "Budi")
        fragment = [number * 5, number * 5 + 4]
        do(
            assignment,
            {**place, "span": {**place["span"], "fragments": [fragment], "entity": entity}},
        )  # type: ignore[dict-item]
    with django_assert_num_queries(11):
        page_of(client, assignment)


def test_a_waiting_article_opens_when_it_is_first_seen(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    Assignment.objects.filter(pk=assignment.pk).update(status=Status.WAITING)
    state = state_in(page_of(signed_in(annotator_a), assignment))
    assignment.refresh_from_db()
    assert (assignment.status, state["assignment"]["editable"]) == ("open", True)


@pytest.mark.parametrize("part", ["", "state", "check", "entities"])
def test_another_persons_article_is_not_there(
    signed_in: Any, annotator_a: User, stranger: User, manager: User, part: str
) -> None:
    assignment = factories.assignment(annotator_a)
    for person in (stranger, manager):
        assert signed_in(person).get(f"/desk/{assignment.pk}/{part}").status_code == 404
    assert signed_in(annotator_a).get(f"/desk/999999/{part}").status_code == 404


@pytest.mark.parametrize("part", ["submit", "skip", "next", "active", "entities"])
def test_nothing_can_be_done_to_another_persons_article(
    signed_in: Any, annotator_a: User, stranger: User, part: str
) -> None:
    assignment = factories.assignment(annotator_a)
    answer = post(signed_in(stranger), f"/desk/{assignment.pk}/{part}", {"base": 0})
    assignment.refresh_from_db()
    assert (answer.status_code, assignment.status) == (404, "open")


@pytest.mark.parametrize("part", ["state", "check", "entities"])
def test_a_program_that_is_signed_out_is_told_in_json(
    client: Client, annotator_a: User, part: str
) -> None:
    assignment = factories.assignment(annotator_a)
    answer = client.get(f"/desk/{assignment.pk}/{part}")
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")


def test_signed_out_comes_before_a_missing_token(annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, f"/desk/{assignment.pk}/submit", {"base": 0}).status_code == 401


def test_a_page_of_one_who_is_signed_out_leads_to_signing_in(
    client: Client, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    answer = client.get(f"/desk/{assignment.pk}/")
    assert answer.headers["Location"] == f"/sign-in/?next=%2Fdesk%2F{assignment.pk}%2F"


def stance_without_roles(assignment: Assignment) -> str:
    place = factories.placed(factories.TEXT, "menolak", label="STANCE")
    do(assignment, place)
    return factories.span_id(place)


def test_what_is_missing_is_said_in_words_that_name_the_span(
    signed_in: Any, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    span = stance_without_roles(assignment)
    answer = post(signed_in(annotator_a), f"/desk/{assignment.pk}/submit", {"base": 1})
    assert answer.status_code == 422
    findings = answer.json()["constraints"]
    assert {found["span"] for found in findings} == {span}
    assert "This stance has no holder." in [found["message"] for found in findings]
    checked = signed_in(annotator_a).get(f"/desk/{assignment.pk}/check").json()
    assert [found for found in checked["constraints"] if found["severity"] == "E"] == findings


def test_an_indonesian_reads_it_in_the_schemas_indonesian_names(
    signed_in: Any, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    stance_without_roles(assignment)
    client = signed_in(annotator_a, headers={"Accept-Language": "id"})
    client.cookies["django_language"] = "id"
    found = client.get(f"/desk/{assignment.pk}/check").json()["constraints"]
    assert any("pemegang sikap" in one["message"] for one in found)
    assert "Kutipan" in page_of(client, assignment)


def test_a_complete_layer_is_submitted_and_can_be_read(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    answer = post(client, f"/desk/{assignment.pk}/submit", {"base": 0})
    assert answer.json() == {"status": "submitted", "revision": 0}
    page = page_of(client, assignment)
    assert state_in(page)["assignment"]["editable"] is False
    assert 'data-act="submit"' not in page


def test_a_stale_a_closed_and_a_broken_submit_are_told_apart(
    signed_in: Any, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    stale = post(client, f"/desk/{assignment.pk}/submit", {"base": 7})
    assert (stale.status_code, stale.json()["error"]) == (409, "stale")
    assert post(client, f"/desk/{assignment.pk}/submit", {"base": "x"}).status_code == 400
    Assignment.objects.filter(pk=assignment.pk).update(status=Status.SKIPPED)
    closed = post(client, f"/desk/{assignment.pk}/submit", {"base": 0})
    assert (closed.status_code, closed.json()["error"]) == (409, "closed")


def test_the_next_article_opens_and_the_last_one_leads_home(
    signed_in: Any, annotator_a: User
) -> None:
    place = factories.corpus()
    factories.article(place, "Kedua.")
    assignment = factories.assignment(annotator_a, "Pertama.", place)
    client = signed_in(annotator_a)
    for other in Assignment.objects.exclude(pk=assignment.pk):
        post(client, f"/desk/{assignment.pk}/submit", {"base": 0})
        assert (
            client.post(f"/desk/{assignment.pk}/next").headers["Location"] == f"/desk/{other.pk}/"
        )
        post(client, f"/desk/{other.pk}/submit", {"base": 0})
    assert client.post(f"/desk/{assignment.pk}/next").headers["Location"] == "/"


def test_an_article_is_set_aside_only_with_a_reason(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    refused = client.post(f"/desk/{assignment.pk}/skip", {"reason": "  "})
    assert refused.headers["Location"] == f"/desk/{assignment.pk}/"
    assert "Say in a few words why" in page_of(client, assignment)
    client.post(f"/desk/{assignment.pk}/skip", {"reason": "Bukan berita."})
    assignment.refresh_from_db()
    assert (assignment.status, assignment.skip_reason) == ("skipped", "Bukan berita.")


def test_active_seconds_add_up_to_a_minute_a_call(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    for seconds in (20, 5000, -3):
        assert (
            post(client, f"/desk/{assignment.pk}/active", {"seconds": seconds}).status_code == 204
        )
    assert post(client, f"/desk/{assignment.pk}/active", {"seconds": "x"}).status_code == 400
    assignment.refresh_from_db()
    assert assignment.active_seconds == 80


def test_a_reopened_layer_can_change_again(signed_in: Any, annotator_a: User) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    post(client, f"/desk/{assignment.pk}/submit", {"base": 0})
    reopen(assignment, by=None)
    assert state_in(page_of(client, assignment))["assignment"]["editable"] is True


def test_every_module_is_fetched_side_by_side(signed_in: Any, annotator_a: User) -> None:
    page = page_of(signed_in(annotator_a), factories.assignment(annotator_a))
    linked = set(
        re.findall(r'rel="modulepreload" href="/static/annotations/js/([\w/-]+\.js)"', page)
    )
    assert {"lib/sync.js", "elements/label-desk.js", "dom/painter.js"} <= linked


def test_the_page_says_its_progress_without_others(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    place = factories.corpus()
    factories.article(place, "Satu.")
    campaign = factories.campaign(place, [annotator_a, annotator_b])
    Assignment.objects.filter(annotator=annotator_b).update(status=Status.SUBMITTED)
    mine = campaign.assignments.get(annotator=annotator_a)
    assert "0 / 1" in page_of(signed_in(annotator_a), mine)
