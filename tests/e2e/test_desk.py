import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.registry.models import Entity
from annotations.registry.services import add_alias
from annotations.spans.models import Span
from annotations.spans.protocol import operate
from tests import factories
from tests.e2e import desk
from tests.e2e.conftest import QUIET, session_of
from workbench import browser as chromium

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]
Profiles = Callable[..., BrowserContext]


def elsewhere(assignment: Assignment, *operations: dict[str, object]) -> None:
    """The same person works in another browser."""
    assignment.refresh_from_db()
    body = {"base": assignment.revision, "operations": operations}
    assert operate(assignment.pk, json.dumps(body).encode(), by=assignment.annotator).status == 200


def test_selecting_labels_nothing_until_a_label_is_clicked(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.drag(page, "rencana bendungan")
    bar = page.locator("label-bar")
    expect(bar).to_be_visible()
    assert desk.spans_of(assignment) == []
    bar.get_by_role("button", name="Target").click()
    desk.saved(page)
    assert desk.spans_of(assignment) == [("TARGET", ["rencana bendungan"])]
    expect(page.locator("mark")).to_have_text(["rencana bendungan"])


def test_a_double_click_is_a_word_and_a_triple_click_a_sentence(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.mouse.dblclick(*desk.middle_of(page, "Desa"))
    page.keyboard.press("1")
    page.mouse.click(*desk.middle_of(page, "katanya"), click_count=3)
    page.keyboard.press("2")
    desk.saved(page)
    assert desk.spans_of(assignment) == [
        ("QUOTE", ["“Kami siap,” katanya, “tapi bukan di sini.”"]),
        ("ACTOR", ["Desa"]),
    ]


def test_alt_selects_exact_characters_but_never_half_an_emoji(
    page_of: Pages, annotator: User
) -> None:
    text = "Regu 👩🏻\u200d🚒 tiba.\n"
    assignment = factories.assignment(annotator, text)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.keyboard.down("Alt")
    desk.drag(page, "egu 👩🏻\u200d🚒 ti")
    page.keyboard.up("Alt")
    desk.focus(page)
    page.keyboard.press("1")
    desk.saved(page)
    [(_, [words])] = desk.spans_of(assignment)
    assert words in text
    assert "👩🏻\u200d🚒" in words
    assert not words.startswith("Regu")


def test_the_whole_job_is_done_without_a_mouse(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    # the holder, linked to a new entity of the registry
    desk.press(page, "w", "Shift+ArrowRight", "1", "n")
    page.get_by_role("option", name="Person").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("span-inspector")).to_contain_text("Menteri Laras")
    # the stance: polarity by a key; its holder and its target by linking
    desk.press(page, "w", "4", "-")
    desk.press(page, "w", "Shift+ArrowRight", "5")
    desk.press(page, "k", "l", "Enter")
    desk.press(page, "l", "k", "Enter")
    page.get_by_role("dialog").get_by_role("button", name="— holder →").press("Enter")
    expect(page.locator(".role .end")).to_have_count(2)
    desk.saved(page)
    assert desk.relations_of(assignment) == [
        ("HOLDER", "menolak", "Menteri Laras"),
        ("TOWARD", "menolak", "rencana bendungan"),
    ]
    # a split quote, its cue and its clitic speaker
    desk.press(page, "j", "w", "Shift+ArrowRight", "2", "w", "3")
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Submit").press("Enter")
    page.get_by_role("button", name="Stay here").press("Enter")
    expect(page.get_by_text("Submitted", exact=True)).to_be_visible()
    assignment.refresh_from_db()
    assert assignment.status == "submitted"
    assert Entity.objects.get(name="Menteri Laras").proposed


def test_a_split_quote_is_one_span_with_two_fragments(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.drag(page, "“Kami siap,”")
    page.keyboard.press("2")
    desk.drag(page, "“tapi bukan di sini.”")
    page.keyboard.press("+")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("QUOTE", ["“Kami siap,”", "“tapi bukan di sini.”"])]
    expect(page.locator("mark[data-selected]")).to_have_count(2)
    page.get_by_role("button", name="Take out ““Kami siap,””").click()
    desk.saved(page)
    assert desk.spans_of(assignment) == [("QUOTE", ["“tapi bukan di sini.”"])]


def test_repeated_clicks_reach_the_spans_beneath(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    outer = factories.placed(desk.TEXT, "“Kami siap,” katanya", label="QUOTE")
    elsewhere(assignment, outer, factories.placed(desk.TEXT, "siap", label="STANCE"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    inner = page.get_by_text("siap", exact=True).first
    tag = page.locator("span-inspector .tag")
    for name in ("Stance", "Quote", "Stance"):
        inner.click()
        expect(tag).to_have_text(name)


def test_edges_move_by_keys(page_of: Pages, annotator: User, assignment: Assignment) -> None:
    elsewhere(assignment, factories.placed(desk.TEXT, "Laras"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "j", "[", "Alt+]", "Alt+[", "}", "{")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri Laras"])]


def test_a_label_pressed_twice_labels_every_selection(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "w", "1", "1")
    desk.drag(page, "Warga Desa Ampel")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"]), ("ACTOR", ["Warga Desa Ampel"])]
    desk.press(page, "Escape")
    desk.drag(page, "penolakan")
    desk.saved(page)
    assert len(desk.spans_of(assignment)) == 2


def test_undo_reaches_behind_a_reload(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "w", "1", "w", "2", "w", "4", "+")
    desk.saved(page)
    page.reload()
    desk.ready(page)
    desk.focus(page)
    desk.press(page, "z", "z", "z")
    expect(page.locator("mark")).to_have_count(1)
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"])]
    desk.press(page, "Shift+z", "Shift+z", "Shift+z")
    expect(page.locator("mark[data-badge='S+']")).to_be_visible()
    desk.saved(page)
    assert len(desk.spans_of(assignment)) == 3
    assert Span.objects.get(label__key="STANCE").attributes == {"polarity": "favor"}


def test_work_without_a_network_is_kept_over_a_closed_tab_and_sent_later(
    signed_in_browser: Profiles, annotator: User, assignment: Assignment
) -> None:
    profile = signed_in_browser(annotator)
    page = profile.new_page()
    page.goto(desk.url(assignment))
    desk.ready(page)
    profile.set_offline(True)
    desk.focus(page)
    for label in "12345" * 41:  # more than one request holds
        desk.press(page, "w", label)
    expect(page.locator("save-state")).to_contain_text("205 changes kept on this device")
    assert desk.spans_of(assignment) == []
    page.close()
    profile.set_offline(False)
    again = profile.new_page()
    again.goto(desk.url(assignment))
    desk.ready(again)
    assert len(desk.spans_of(assignment)) == 205


def test_a_browser_that_is_killed_finds_its_unsent_work_again(
    browser: Browser, live_server: Any, annotator: User, assignment: Assignment, tmp_path: Path
) -> None:
    def opened() -> Page:
        profile = browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=str(chromium.find()), args=QUIET, base_url=live_server.url
        )
        profile.add_cookies([{**session_of(annotator), "url": live_server.url}])
        return profile.new_page()

    page = opened()
    page.goto(desk.url(assignment))
    desk.ready(page)
    page.context.set_offline(True)
    desk.focus(page)
    desk.press(page, "w", "1", "ArrowRight", "2")
    expect(page.locator("save-state")).to_contain_text("2 changes kept on this device")
    for process in psutil.process_iter(["cmdline"]):
        if f"--user-data-dir={tmp_path}" in (process.info["cmdline"] or ()):
            process.kill()
    again = opened()
    again.goto(desk.url(assignment))
    desk.ready(again)
    assert [label for label, _ in desk.spans_of(assignment)] == ["ACTOR", "QUOTE"]
    again.context.close()


def test_a_session_that_ends_keeps_the_work_until_one_signs_in_again(
    signed_in_browser: Profiles, annotator: User, assignment: Assignment, live_server: Any
) -> None:
    profile = signed_in_browser(annotator)
    page = profile.new_page()
    page.goto(desk.url(assignment))
    desk.ready(page)
    profile.clear_cookies()
    desk.focus(page)
    desk.press(page, "w", "1")
    expect(page.locator("save-state")).to_contain_text("Signed out: 1 change kept on this device")
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    profile.add_cookies([{**session_of(annotator), "url": live_server.url}])
    page.goto(desk.url(assignment))
    desk.ready(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"])]


def test_the_key_that_leaves_a_panel_leaves_the_span_selected(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    elsewhere(assignment, factories.placed(desk.TEXT, "“Kami siap,”", label="QUOTE"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    selected = page.locator("span-inspector .span-card")
    desk.focus(page)
    desk.press(page, "j", "Enter", "Escape")
    assert page.evaluate("document.activeElement.tagName") == "ARTICLE"
    expect(selected).to_have_count(1)
    desk.press(page, "Escape")
    expect(selected).to_have_count(0)


def test_a_stale_page_meets_changes_from_elsewhere_by_itself(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    elsewhere(assignment, factories.placed(desk.TEXT, "Warga Desa Ampel"))
    desk.focus(page)
    desk.press(page, "w", "1")
    desk.saved(page)
    expect(page.locator("mark")).to_have_text(["Menteri", "Warga Desa Ampel"])
    assert len(desk.spans_of(assignment)) == 2


@pytest.mark.parametrize(("choice", "label"), [("Keep mine", "CUE"), ("Keep the other", "TARGET")])
def test_two_versions_of_one_span_are_a_decision(
    page_of: Pages, annotator: User, assignment: Assignment, choice: str, label: str
) -> None:
    place = factories.placed(desk.TEXT, "Laras")
    elsewhere(assignment, place)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    retag = factories.operation("retag", span=factories.span_id(place), label="TARGET")
    elsewhere(assignment, retag)
    desk.focus(page)
    desk.press(page, "j", "3")
    expect(page.locator("save-state")).to_have_text("Needs your decisionLook")
    dialog = page.get_by_role("dialog", name="Two versions")
    expect(dialog).to_contain_text("Cue · “Laras”")
    expect(dialog).to_contain_text("Target · “Laras”")
    dialog.get_by_role("button", name=choice).click()
    desk.saved(page)
    assert desk.spans_of(assignment) == [(label, ["Laras"])]


def test_a_second_tab_shows_and_sends_the_same_work(
    signed_in_browser: Profiles, annotator: User, assignment: Assignment
) -> None:
    profile = signed_in_browser(annotator)
    tabs = [profile.new_page(), profile.new_page()]
    for tab in tabs:
        tab.goto(desk.url(assignment))
        desk.ready(tab)
    desk.focus(tabs[1])
    desk.press(tabs[1], "w", "1")
    for tab in tabs:
        expect(tab.locator("mark")).to_have_text(["Menteri"])
        desk.saved(tab)
    tabs[0].close()
    desk.focus(tabs[1])
    desk.press(tabs[1], "w", "2")
    desk.saved(tabs[1])
    assert [label for label, _ in desk.spans_of(assignment)] == ["ACTOR", "QUOTE"]


def test_a_layer_submitted_elsewhere_takes_the_change_back_and_says_so(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    desk.focus(page)
    desk.press(page, "w", "1")
    expect(page.get_by_role("alert")).to_contain_text("This layer is submitted")
    expect(page.locator("mark")).to_have_count(0)


def test_what_is_missing_leads_to_its_span(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    elsewhere(assignment, factories.placed(desk.TEXT, "mendukung", label="STANCE"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    expect(page.locator("mark[data-lacks]")).to_have_text(["mendukung"])
    page.get_by_role("button", name="Submit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This stance has no holder.")
    dialog.get_by_role("button", name="mendukung").first.click()
    expect(page.locator("mark[data-selected]")).to_have_text(["mendukung"])
    assignment.refresh_from_db()
    assert assignment.status == "open"


def test_keys_do_nothing_while_one_types(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    elsewhere(assignment, factories.placed(desk.TEXT, "Laras"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "j", "@")
    page.get_by_role("combobox").press_sequentially("xz1 jl")
    assert page.get_by_role("combobox").input_value() == "xz1 jl"
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Laras"])]


def test_right_to_left_text_is_walked_the_way_it_reads(page_of: Pages, annotator: User) -> None:
    text = "قال الوزير Budi إن القرية جاهزة.\nPejabat setuju.\n"
    assignment = factories.assignment(annotator, text)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "w", "ArrowLeft", "Shift+ArrowLeft", "1")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["الوزير Budi"])]


@pytest.mark.parametrize(
    "text", ["satu\r\ndua\r\n\r\ntiga 🚢 empat\r\n", "a\u2028b\u00a0c d\te  f 𠮷野\n"]
)
def test_the_browser_reads_the_text_exactly(page_of: Pages, annotator: User, text: str) -> None:
    assignment = factories.assignment(annotator, text)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    read = page.evaluate(
        "() => { const {article} = document.querySelector('article-text'); return article.slice(0, article.length) }"
    )
    assert read == text
    desk.focus(page)
    desk.press(page, "w", "ArrowRight*9", "1")
    desk.saved(page)
    [span] = Span.objects.all()
    assert text[span.fragments[0] : span.fragments[1]] == span.text[0]


def test_a_selection_by_touch_handles_offers_the_labels(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(
        page_of(
            annotator,
            desk.url(assignment),
            has_touch=True,
            viewport={"width": 390, "height": 780},
        )
    )
    page.evaluate(
        """() => {
          const text = document.querySelector("article-text")
          const start = [..."Menteri Laras 🚢 meno"].length
          getSelection().addRange(text.rangeOf(start, start + 3))
        }"""
    )
    page.locator("label-bar").get_by_role("button", name="Stance").tap()
    desk.saved(page)
    assert desk.spans_of(assignment) == [("STANCE", ["menolak"])]


def test_the_registry_is_reached_by_its_aliases_and_remembers_who_is_meant(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    laras = factories.entity(assignment.corpus, "Laras Prabasari")
    add_alias(laras, text="Bu Menteri", kind="role")
    elsewhere(assignment, factories.placed(desk.TEXT, "Menteri Laras"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "j", "@")
    page.get_by_role("combobox").fill("bu ment")
    option = page.get_by_role("option", name="Laras Prabasari")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    desk.saved(page)
    assert Span.objects.get().entity == laras
    page.reload()
    desk.ready(page)
    page.locator("mark").click()
    expect(page.get_by_role("combobox")).to_have_value("Laras Prabasari")


def test_the_whole_article_can_be_relayed_by_an_actor(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    elsewhere(assignment, factories.placed(desk.TEXT, "Warga Desa Ampel"))
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.get_by_role("button", name="Choose a span as via").click()
    desk.press(page, "Enter")
    expect(page.locator(".role .end")).to_have_text("Warga Desa Ampel✕")
    desk.saved(page)
    assert desk.relations_of(assignment) == [("VIA", "", "Warga Desa Ampel")]
    page.get_by_role("button", name="Remove via").click()
    desk.saved(page)
    assert desk.relations_of(assignment) == []


def test_an_article_is_set_aside_with_a_reason(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.get_by_role("button", name="Cannot label this").click()
    page.get_by_label("Reason").fill("Bukan berita.")
    page.get_by_role("button", name="Set aside").click()
    page.wait_for_url("**/")
    assignment.refresh_from_db()
    assert (assignment.status, assignment.skip_reason) == ("skipped", "Bukan berita.")


def test_relations_are_drawn_for_the_selected_span_and_the_one_under_the_pointer(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    wires = page.locator("relation-wires path")
    desk.drag(page, "“Kami siap,”")
    page.keyboard.press("2")
    desk.drag(page, "katanya")
    page.keyboard.press("3")
    desk.press(page, "l", "Enter")
    desk.saved(page)
    expect(wires).to_have_count(1)
    desk.press(page, "Escape", "Escape")
    page.mouse.move(2, 2)
    expect(wires).to_have_count(0)
    page.mouse.move(*desk.middle_of(page, "katanya"))
    expect(wires).to_have_count(1)
    page.mouse.move(*desk.middle_of(page, "Menteri"))
    expect(wires).to_have_count(0)


def test_wires_in_one_gap_run_as_one_line(page_of: Pages, annotator: User) -> None:
    """Two lines almost upon each other are hard to follow."""
    assignment = factories.assignment(annotator, "Menteri Laras menolak usul itu. " * 12)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.locator("label-desk[data-whole]").wait_for()
    page.evaluate(
        """() => {
          const desk = document.querySelector("label-desk")
          const { session, text } = desk
          const rows = new Map()
          for (let at = 0; at < 384; at += 32) {
            const { top } = text.rangeOf(at, at + 7).getBoundingClientRect()
            rows.set(top, [...(rows.get(top) ?? []), at])
          }
          const [first, second] = [...rows.values()]
          const quote = session.place("QUOTE", [second[1], second[1] + 13])
          const type = session.schema.relation("SPEAKER")
          for (const at of [first[0], second[0]])
            session.relate(type, { span: quote }, { span: session.place("ACTOR", [at, at + 7]) })
          desk.select(quote)
        }"""
    )
    wires = page.locator("relation-wires path")
    expect(wires).to_have_count(2)
    paths = [wire.get_attribute("d") or "" for wire in wires.all()]
    between = next(path for path in paths if "V" in path)
    over = next(path for path in paths if "q" in path)
    height = float(between.split("V")[1].split("H")[0])
    start, rise = float(over.split("q")[0].split(" ")[1]), float(over.split(" ")[2])
    assert start + rise == pytest.approx(height, abs=0.01)
