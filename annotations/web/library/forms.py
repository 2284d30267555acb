"""The forms of the library: a new corpus, and how files are to be loaded."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from annotations.corpora.readers.decoding import NAMED
from annotations.corpora.services import Policy
from annotations.web.naming import NamingForm

_CODE = RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", _("Write a code such as ms or ar."))


class CorpusForm(NamingForm):
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
