"""What a person sets for themselves: strict on the way in, forgiving of what an older release kept."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.accounts import services as accounts
from annotations.accounts.bindings import BINDINGS
from annotations.accounts.models import User
from annotations.accounts.preferences import (
    DEFAULTS,
    NOTATION_LENGTH,
    Preferences,
    Refused,
    kept,
    merged,
    read,
)

SCRIPTS = Path(__file__).resolve().parents[2] / "annotations/static/annotations/js"
KEYMAPS = (SCRIPTS / "lib/keymap.js", SCRIPTS / "cases/keys.js")

notations = st.sampled_from(
    ["u", "Mod+Shift+u", "Alt+[", "+", "Mod++", "Shift+PageDown", "ü", "あ"]
)
chosen = st.builds(
    Preferences,
    theme=st.sampled_from(["auto", "light", "dark", "sepia", "contrast"]),
    font_size=st.integers(1, 5),
    badges=st.booleans(),
    keys=st.dictionaries(st.sampled_from(sorted(BINDINGS)), st.lists(notations, max_size=3)),
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(chosen)
def test_what_is_kept_reads_as_it_was_chosen(preferences: Preferences) -> None:
    assert read(kept(preferences)) == preferences


@given(anything | st.dictionaries(st.sampled_from(Preferences.__struct_fields__), anything))
def test_whatever_is_stored_reads_as_something(stored: object) -> None:
    assert merged(read(stored), {}) == read(stored)


@given(chosen, st.dictionaries(st.sampled_from(Preferences.__struct_fields__), anything))
def test_changes_count_whole_or_are_refused_with_a_sentence(
    before: Preferences, changes: dict[str, object]
) -> None:
    after, said = before, ""
    try:
        after = merged(before, changes)
    except Refused as refused:
        said = str(refused)
    untouched = set(Preferences.__struct_fields__) - set(changes)
    assert all(getattr(after, name) == getattr(before, name) for name in untouched)
    assert said.endswith(".") or not said


def test_only_what_differs_is_kept() -> None:
    assert kept(DEFAULTS) == {}
    assert kept(merged(DEFAULTS, {"theme": "sepia", "font_size": 3})) == {"theme": "sepia"}


def test_null_gives_a_preference_back_its_default() -> None:
    sepia = merged(DEFAULTS, {"theme": "sepia", "keys": {"undo": ["u"]}})
    assert merged(sepia, {"theme": None, "keys": None}) == DEFAULTS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([], "as an object"),
        ("theme", "as an object"),
        ({"colour": "red"}, "no preference “colour”"),
        ({"theme": "pink"}, "“pink” is no value of the preference “theme”"),
        ({"theme": {"a": 1}}, "no value"),
        ({"font_size": 6}, "no value"),
        ({"font_size": "3"}, "no value"),
        ({"font_size": True}, "no value"),
        ({"badges": 1}, "no value"),
        ({"keys": {"label": ["a"]}}, "no key to choose for “label”"),
        ({"keys": {"__proto__": ["a"]}}, "no key to choose"),
        ({"keys": {"undo": "u"}}, "no value"),
        ({"keys": {"undo": [""]}}, "no value"),
        ({"keys": {"undo": ["a"] * 9}}, "no value"),
        ({"keys": {"undo": ["a b"]}}, "“a b” is no key"),
        ({"keys": {"undo": ["Shift+Mod+a"]}}, "is no key"),
        ({"keys": {"undo": ["a\x00"]}}, "“a�” is no key"),
        ({"keys": {"undo": ["\u202ea"]}}, "is no key"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(changes: object, sentence: str) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)):
        merged(DEFAULTS, changes)


def test_a_notation_is_measured_in_code_points() -> None:
    longest = "🚢" * NOTATION_LENGTH
    assert merged(DEFAULTS, {"keys": {"undo": [longest]}}).keys == {"undo": [longest]}
    with pytest.raises(Refused):
        merged(DEFAULTS, {"keys": {"undo": [longest + "a"]}})


def test_what_no_longer_fits_reads_as_its_default_and_the_rest_stays() -> None:
    stored = {
        "theme": "pink",
        "font_size": 5,
        "gone": 1,
        "keys": {"undo": ["u"], "gone": ["x"], "redo": "y"},
    }
    assert read(stored) == Preferences(font_size=5, keys={"undo": ["u"]})


def test_forms_send_numbers_and_truth_as_text() -> None:
    told = {"font_size": "5", "badges": "false"}
    assert merged(DEFAULTS, told, lax=True) == Preferences(font_size=5, badges=False)


def test_the_server_knows_the_keys_of_the_desk() -> None:
    written = "".join(keymap.read_text(encoding="utf-8") for keymap in KEYMAPS)
    ids = re.findall(r'\bid: "([a-z-]+)"', written)
    assert len(ids) == len(set(ids))
    assert set(ids) - {"label", "case-take"} == BINDINGS


@pytest.mark.django_db
def test_a_change_is_kept_and_leaves_the_others_as_they_are(annotator_a: User) -> None:
    accounts.prefer(annotator_a, {"theme": "dark"})
    accounts.prefer(annotator_a, {"font_size": 4})
    with pytest.raises(Refused):
        accounts.prefer(annotator_a, {"font_size": 2, "colour": "red"})
    annotator_a.refresh_from_db()
    assert annotator_a.preferred == Preferences(theme="dark", font_size=4)


@pytest.mark.django_db
def test_the_person_of_a_request_has_their_preferences(annotator_a: User, signed_in: Any) -> None:
    accounts.prefer(annotator_a, {"theme": "dark"})
    request = signed_in(annotator_a).get("/").wsgi_request
    assert request.user.preferred.theme == "dark"
