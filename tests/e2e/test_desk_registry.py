"""The registry at hand, the same words elsewhere, and guidelines, as a person uses them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.registry.models import Alias, Entity
from annotations.registry.services import add_alias
from annotations.spans.models import Span
from tests import factories
from tests.e2e import desk
from tests.e2e.test_desk_access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]

TEXT = (
    "Korea Utara (Korut) menolak. Menhan AS Lloyd Austin 🚢 menjawab.\n\n"
    "Korea Utara bungkam. Kata Austin, korea utara akan bicara; ia yakin.\n\n"
    "Warga KOREA UTARA menunggu, dan ia pulang.\n"
)


@pytest.fixture
def assignment(annotator: User) -> Assignment:
    return factories.assignment(annotator, TEXT)


@pytest.fixture
def page(page_of: Pages, annotator: User, assignment: Assignment) -> Page:
    return desk.ready(page_of(annotator, desk.url(assignment)))


def label(page: Page, words: str, key: str = "1") -> None:
    """The first occurrence of these words is labelled and selected."""
    desk.drag(page, words)
    desk.press(page, key)
    desk.saved(page)


def linked(assignment: Assignment) -> list[tuple[str, str]]:
    rows = Span.objects.filter(assignment=assignment, removed=False, entity__isnull=False)
    return sorted((row.text[0], row.entity.name) for row in rows.select_related("entity"))


def combobox(page: Page) -> object:
    return page.get_by_role("combobox", name="Who or what is meant")


def test_a_name_with_its_abbreviation_in_brackets_is_remembered_with_it(
    page: Page, assignment: Assignment
) -> None:
    label(page, "Korea Utara")
    desk.press(page, "n")
    tick = page.get_by_role("checkbox", name="Korut")
    expect(tick).to_be_checked()
    expect(page.get_by_role("combobox", name="Kind of alias")).to_have_value("abbreviation")
    page.get_by_role("option", name="Country").click()
    expect(page.locator("span-inspector")).to_contain_text("also: Korut")
    desk.saved(page)
    entity = Entity.objects.get()
    assert (entity.name, entity.type) == ("Korea Utara", "country")
    assert [(alias.text, alias.kind) for alias in entity.aliases.all()] == [
        ("Korut", "abbreviation")
    ]
    assert linked(assignment) == [("Korea Utara", "Korea Utara")]


def test_an_alias_is_remembered_of_who_is_known_only_when_it_is_ticked(
    page: Page, assignment: Assignment
) -> None:
    austin = factories.entity(assignment.corpus, "Lloyd Austin")
    label(page, "Menhan AS")
    desk.press(page, "@")
    page.keyboard.type("austin")
    expect(page.get_by_role("option", name="Lloyd Austin")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Menhan AS")).not_to_be_checked()
    desk.press(page, "Enter")
    desk.saved(page)
    assert linked(assignment) == [("Menhan AS", "Lloyd Austin")]
    assert not Alias.objects.exists()

    desk.press(page, "@")
    page.keyboard.type("austin")
    expect(page.get_by_role("option", name="Lloyd Austin")).to_be_visible()
    with page.expect_response("**/entities"):
        desk.press(page, "Tab", " ", "Enter")  # to the tick, set it, choose
    expect(page.locator("span-inspector")).to_contain_text("also: Menhan AS")
    alias = Alias.objects.get(entity=austin)
    assert (alias.text, alias.kind, alias.proposed_by_id) == (
        "Menhan AS",
        "role",
        assignment.annotator_id,
    )


def test_who_is_not_known_by_these_words_is_not_taken_unseen(
    page: Page, assignment: Assignment
) -> None:
    """The only one found is another one: Enter looks at them first, and takes them then."""
    factories.entity(assignment.corpus, "Austin Powers")
    label(page, "Austin")
    desk.press(page, "@")
    option = page.get_by_role("option", name="Austin Powers")
    expect(option).to_have_attribute("aria-selected", "false")
    desk.press(page, "Enter")
    expect(option).to_have_attribute("aria-selected", "true")
    assert linked(assignment) == []
    desk.press(page, "Enter")
    desk.saved(page)
    assert linked(assignment) == [("Austin", "Austin Powers")]


def test_nothing_is_remembered_of_a_pronoun(page: Page, assignment: Assignment) -> None:
    factories.entity(assignment.corpus, "Lloyd Austin")
    label(page, "ia")
    desk.press(page, "@")
    page.keyboard.type("austin")
    expect(page.get_by_role("option", name="Lloyd Austin")).to_be_visible()
    expect(page.locator(".picker-offer")).to_be_hidden()


def test_the_combobox_tells_what_is_chosen_why_it_was_found_and_how_many(
    page: Page, assignment: Assignment
) -> None:
    dprk = factories.entity(assignment.corpus, "Korea Utara", "country")
    add_alias(dprk, text="Pyongyang", kind="metonym")
    factories.entity(assignment.corpus, "Pyongsong", "other")
    label(page, "Korea Utara")
    field = combobox(page)
    desk.press(page, "@")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("pyong")
    options = page.locator(".picker-list [role=option]")
    expect(options).to_have_count(3)  # both, and to create one
    expect(page.locator(".picker-list strong")).to_have_text("Pyongyang")
    expect(page.locator("entity-picker [role=status]")).to_have_text("2 entities found.")
    for step in ("", "ArrowDown", "ArrowUp", "ArrowUp"):
        desk.press(page, *[step] if step else [])
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_count(1)
        expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    expect(chosen).to_contain_text("Create")
    desk.press(page, "Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
    desk.press(page, "Escape")
    expect(page.locator("article")).to_be_focused()


def test_a_megabyte_is_cut_and_hostile_names_are_refused_in_a_sentence(
    page: Page, assignment: Assignment
) -> None:
    label(page, "Austin")
    desk.press(page, "@")
    field = combobox(page)
    field.fill("x" * 1_000_000)
    expect(page.locator(".picker-note")).to_contain_text("at most 500 characters")
    assert len(field.input_value()) == 500
    field.fill("Kim\u202egnoY")
    expect(page.locator(".picker-note")).to_contain_text("U+202E")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(0)
    field.fill("<b>Kim</b>")
    expect(page.get_by_role("option", name="<b>Kim</b>")).to_contain_text("Create")
    assert not Entity.objects.exists()


def test_the_same_words_are_labelled_elsewhere_in_one_step(
    page: Page, assignment: Assignment
) -> None:
    factories.entity(assignment.corpus, "Korea Utara", "country")
    label(page, "Korea Utara")
    desk.press(page, "@")
    expect(page.get_by_role("option", name="Korea Utara Country")).to_be_visible()
    desk.press(page, "Enter")
    desk.saved(page)
    desk.press(page, "s")
    panel = page.get_by_role("dialog", name="Same words")
    ticks = panel.get_by_role("listitem").get_by_role("checkbox")
    expect(ticks).to_have_count(3)
    assert highlighted(page, "repeat") == ["Korea Utara", "korea utara", "KOREA UTARA"]
    ticks.nth(1).uncheck()
    assert highlighted(page, "repeat") == ["Korea Utara", "KOREA UTARA"]
    panel.get_by_role("checkbox", name="with other capitals").uncheck()
    expect(ticks).to_have_count(1)
    panel.get_by_role("checkbox", name="with other capitals").check()
    desk.press(page, "s")
    expect(panel).to_be_hidden()
    assert highlighted(page, "repeat") == []
    desk.saved(page)
    assert linked(assignment) == [
        ("KOREA UTARA", "Korea Utara"),
        ("Korea Utara", "Korea Utara"),
        ("Korea Utara", "Korea Utara"),
    ]
    desk.press(page, "z")
    desk.saved(page)
    assert linked(assignment) == [("Korea Utara", "Korea Utara")]


def test_pronouns_begin_without_ticks_and_say_why(page: Page, assignment: Assignment) -> None:
    label(page, "ia")
    desk.press(page, "s")
    panel = page.get_by_role("dialog", name="Same words")
    expect(panel).to_contain_text("stand in for a name")
    expect(panel.get_by_role("listitem").get_by_role("checkbox")).not_to_be_checked()
    expect(panel.get_by_role("button", name="Label 0 places")).to_be_disabled()
    desk.press(page, " ", "s")  # the first tick has the focus
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["ia"]), ("ACTOR", ["ia"])]


def test_words_that_stand_nowhere_else_open_nothing(page: Page) -> None:
    label(page, "Lloyd")
    desk.press(page, "s")
    expect(page.locator("#desk-live")).to_have_text(
        "These words stand nowhere else without this label."
    )
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_guideline_of_the_label_in_use_stands_beside_the_text(page: Page) -> None:
    label(page, "Austin")
    guide = page.locator(".guide:visible")
    expect(guide).to_contain_text("Guideline: Actor")
    expect(guide).to_contain_text("Attribution 1.0")
    expect(guide.locator("strong").first).to_have_text("When.")


def test_a_value_is_explained_where_it_is_chosen(page: Page) -> None:
    label(page, "Austin")
    ask = page.get_by_role("button", name="Guideline: Form")
    ask.focus()
    desk.press(page, "Enter")
    words = page.locator(".guide-open:visible")
    expect(words).to_contain_text("A pronoun joined to another word")
    role = page.get_by_role("button", name="role", exact=True)
    assert "An office or function" in (role.get_attribute("title") or "")
    role.click()
    expect(words.locator("[data-now]")).to_contain_text("role")  # still open
    ask.click()
    expect(words).to_have_count(0)


def test_the_guideline_of_a_value_is_a_key_away_and_no_stop_on_the_way(page: Page) -> None:
    label(page, "Austin")
    desk.press(page, "Enter")
    first = page.locator(".attribute:has(.guide-ask)").first
    first.locator(".choice[tabindex='0']").focus()
    desk.press(page, "?")
    expect(first.locator(".guide-open")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    desk.press(page, "?")
    expect(first.locator(".guide-open")).to_be_hidden()
    desk.press(page, "Tab")
    assert page.evaluate("document.activeElement.className") == "choice"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_of_these_states(
    page: Page, assignment: Assignment, theme: str
) -> None:
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    dprk = factories.entity(assignment.corpus, "Korea Utara Raya", "country")
    add_alias(dprk, text="Korut Raya", kind="short")
    label(page, "Korea Utara")
    desk.press(page, "@")
    expect(page.get_by_role("option", name="Korea Utara Raya")).to_be_visible()
    desk.press(page, "ArrowDown")
    expect(page.locator(".picker-offer")).to_be_visible()
    assert violations(page) == []
    desk.press(page, "ArrowDown", "Enter")
    expect(page.locator(".picker-note")).to_contain_text("is a")
    assert violations(page) == []
    desk.press(page, "Escape")
    page.get_by_role("button", name="Guideline: Form").click()
    assert violations(page) == []
    desk.focus(page)
    desk.press(page, "s")
    expect(page.get_by_role("dialog", name="Same words")).to_be_visible()
    assert violations(page) == []


def highlighted(page: Page, name: str) -> list[str]:
    """The words under a passing highlight."""
    words: list[str] = page.evaluate(
        "name => Array.from(CSS.highlights.get(name) ?? [], range => String(range))", name
    )
    return words
