"""Fields that are written without a template are what Django's templates make of them."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from annotations.web.widgets import Renderer

SIGNS = st.text(alphabet="ab<>&\"' \n–é", max_size=8)
TOLD = SIGNS | SIGNS.map(mark_safe) | st.integers() | st.booleans() | st.none()
LABELS = SIGNS | SIGNS.map(mark_safe) | st.just(_("Any")) | st.floats(-9, 9) | st.integers()
ATTRIBUTES = st.dictionaries(st.sampled_from(["class", "list", "required", "id", "x"]), TOLD)
WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.DateInput,
]


def both(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> tuple[str, str]:
    """What we write, and what Django's templates do."""
    written, templated = (
        widget.render("<name>", value, attrs, renderer=renderer())
        for renderer in (Renderer, TemplatesSetting)
    )
    return written, templated


@given(st.sampled_from(WIDGETS), TOLD | st.dates(), ATTRIBUTES, ATTRIBUTES)
def test_inputs_are_as_their_templates(
    kind: type[forms.Widget], value: Any, own: dict[str, Any], attrs: dict[str, Any]
) -> None:
    written, templated = both(kind(own), value, attrs)
    assert written == templated


@given(
    st.lists(
        st.tuples(TOLD, LABELS | st.lists(st.tuples(TOLD, LABELS), max_size=3)),
        max_size=4,
    ),
    TOLD,
    ATTRIBUTES,
    st.booleans(),
)
def test_choices_are_as_their_templates(
    choices: list[Any], value: Any, attrs: dict[str, Any], several: bool
) -> None:
    kind = forms.SelectMultiple if several else forms.Select
    with override("id"):
        written, templated = both(kind(choices=choices), [value] if several else value, attrs)
    assert written == templated


@pytest.mark.parametrize("widget", [forms.Textarea(), forms.CheckboxInput()])
def test_other_fields_have_their_templates(widget: forms.Widget) -> None:
    written, templated = both(widget, "<x>", {"class": "input"})
    assert written == templated


def test_a_form_is_written_by_us(monkeypatch: pytest.MonkeyPatch) -> None:
    class Asked(forms.Form):
        word = forms.CharField(initial="<b>")
        day = forms.DateField(initial=date(2024, 5, 6))
        which = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="b")

    monkeypatch.setattr(TemplatesSetting, "get_template", None)
    form = Asked()
    assert 'value="&lt;b&gt;"' in str(form["word"])
    assert 'value="2024-05-06"' in str(form["day"])
    assert '<option value="b" selected>B</option>' in str(form["which"])
