"""The part of a form that names a new thing: a name for people, a short one for addresses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from annotations.text.gate import refuse_line


class NamingForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=100,
        required=False,
        help_text=_("For addresses and commands. Left empty, it is made from the name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if refuse_line(name):
            raise ValidationError(_("A name is one line without invisible characters."))
        return name

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        told["slug"] = told.get("slug") or slugify(told.get("name", ""))[:100].strip("-")
        if not told["slug"] and "slug" not in self.errors:
            self.add_error("slug", _("Give a short name of letters, digits and hyphens."))
        return told
