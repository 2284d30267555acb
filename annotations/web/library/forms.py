"""The forms of the library: a new corpus, how files are to be loaded, what is looked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from annotations.corpora.readers.decoding import NAMED
from annotations.corpora.searching.conditions import UNASSIGNED
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.finding import Order
from annotations.corpora.services import Policy
from annotations.limits import LIMITS
from annotations.web.finding import LABELLING, DateInput, WordsForm
from annotations.web.kwic import KwicForm
from annotations.web.naming import NamingForm

_LARGEST_KEY = 2**63 - 1
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


class FindForm(WordsForm):
    """What is looked for in the articles of a corpus; sent in the address."""

    beside: Sequence[str] = (
        *("title", "source", "author", "language", "since", "until", "tag", "state", "order"),
    )

    title = forms.CharField(label=_("Part of the title"), required=False, max_length=200)
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "sources"}),
    )
    author = forms.CharField(label=_("Author"), required=False, max_length=200)
    since = forms.DateField(
        label=_("Published from"), required=False, widget=DateInput(format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Published to"), required=False, widget=DateInput(format="%Y-%m-%d")
    )
    state = forms.ChoiceField(
        label=_("Labelling"),
        required=False,
        choices=[
            ("", _("Any")),
            (UNASSIGNED, _("In no campaign")),
            *LABELLING,
        ],
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            (Order.LOADED.value, _("As loaded")),
            (Order.NEWEST.value, _("Newest first")),
            (Order.OLDEST.value, _("Oldest first")),
        ],
    )
    cluster = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_KEY)
    after = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_KEY)
    before = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_KEY)

    def __init__(
        self, data: Any, *, languages: Sequence[str], tags: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data)
        self.fields["q"].label = _("Words in title and text")
        self.fields["tag"] = forms.TypedChoiceField(
            label=_("Tag"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("Any")), *tags],
            error_messages=forms.ModelChoiceField.default_error_messages,
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            required=False,
            choices=[("", _("Any")), *((language, language) for language in languages)],
        )

    def criteria(self) -> Criteria:
        """What is asked for; what was not understood is left out."""
        told = self.cleaned_data
        return Criteria(
            terms=told.get("q") or (),
            title=told.get("title", "").strip(),
            source=told.get("source", "").strip(),
            author=told.get("author", "").strip(),
            language=told.get("language", ""),
            since=told.get("since"),
            until=told.get("until"),
            tag=told.get("tag"),
            cluster=told.get("cluster"),
            state=told.get("state", ""),
        )


class ConcordanceForm(FindForm, KwicForm):
    """Whose places are looked for, and the order they are shown in."""

    beside = (*("title", "source", "author", "language", "since", "until", "tag", "state", "sort"),)


class ReasonForm(forms.Form):
    """Why something is done; may stay empty."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LIMITS.reason_code_points,
        widget=forms.Textarea(attrs={"autofocus": True}),
        help_text=_("It stays in the history of the article."),
    )


class TakedownForm(ReasonForm):
    """Why a text is taken down, and that it is meant."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LIMITS.reason_code_points,
        widget=forms.Textarea(attrs={"autofocus": True}),
        help_text=_("All that is left of the article: do not repeat its words here."),
    )
    sure = forms.BooleanField(
        label=_("I know that the text and every layer over it are gone for good"),
        error_messages={"required": _("Tick this if you mean it.")},
    )
