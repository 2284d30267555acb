"""The forms of the library: a new corpus, and how files are to be loaded."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from annotations.corpora.readers.decoding import NAMED
from annotations.corpora.services import Policy
from annotations.text.gate import refuse_line

_CODE = RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", _("Write a code such as ms or ar."))


class CorpusForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=100,
        required=False,
        help_text=_("For addresses and commands. Left empty, it is made from the name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    language = forms.CharField(
        label=_("Language"),
        max_length=35,
        initial="id",
        validators=[_CODE],
        help_text=_("Its code: id for Indonesian, en for English, ms for Malay, ar for Arabic."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "list": "languages"}),
    )
    title_in_text = forms.BooleanField(
        label=_("Labels may stand in titles"),
        required=False,
        help_text=_(
            "The title becomes the first block of each text. This cannot be changed later."
        ),
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


class HowForm(forms.Form):
    """What the uploaded files are, and what a bad line does."""

    policy = forms.ChoiceField(
        label=_("When something cannot be read"),
        widget=forms.RadioSelect,
        initial=Policy.ALL_OR_NOTHING,
        choices=[
            (Policy.ALL_OR_NOTHING.value, _("Load nothing, and show me every fault")),
            (Policy.SKIP.value, _("Load the rest, and show me what was left out")),
        ],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("Find out")), *((name, name) for name in NAMED)],
        help_text=_("Only needed when letters come out wrong: old files do not say what they are."),
    )
