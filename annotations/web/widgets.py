"""The commonest fields of forms, written without a template. A list of articles has a dozen of them,
and templates that include one another for every option and attribute took a quarter of its time."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
"""What a widget tells its template."""


class Renderer(TemplatesSetting):
    """Django's, to the letter: fields that are not written here have their templates."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        write = _WRITTEN.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return write(context["widget"])


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{_told(value)}"'
    named = f'type="{_told(widget["type"])}" name="{_told(widget["name"])}"'
    return f"<input {named}{shown}{_attributes(widget)}>"


def _select(widget: Widget) -> str:
    named = f'name="{_told(widget["name"])}"'
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f"<select {named}{_attributes(widget)}>{groups}\n</select>"


def _group(name: object, options: list[Widget]) -> str:
    inside = "".join(f"\n  {_option(option)}\n" for option in options)
    return f'\n  <optgroup label="{_told(name)}">{inside}\n  </optgroup>' if name else inside


def _option(option: Widget) -> str:
    value, label = _told(option["value"]), conditional_escape(localize(option["label"]))
    return f'<option value="{value}"{_attributes(option)}>{label}</option>'


def _attributes(widget: Widget) -> str:
    return "".join(_each(widget["attrs"]))


def _each(attributes: Mapping[str, Any]) -> Iterator[str]:
    for name, value in attributes.items():
        if value is True:
            yield f" {_told(name)}"
        elif value is not False:
            yield f' {_told(name)}="{_told(value)}"'


def _told(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date")
_WRITTEN: Mapping[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/select.html": _select,
}
