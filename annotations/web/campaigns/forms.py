"""The form of a new campaign."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import Role, User
from annotations.assignments.models import Campaign, Stories
from annotations.assignments.services import Design, Options
from annotations.corpora.models import Corpus
from annotations.schema.models import Schema
from annotations.schema.services import find
from annotations.web.naming import NamingForm

_ANNOTATORS_FIRST = Case(When(role=Role.ANNOTATOR, then=0), default=1)

# Django's own class takes no parameter; its stubs ask for one
if TYPE_CHECKING:
    _Choices = forms.ModelMultipleChoiceField[User]
else:
    _Choices = forms.ModelMultipleChoiceField

BUILT_IN = "atribusi@1.0"


class People(_Choices):
    """People by name, with the name they sign in with beside it where that differs."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if str(obj) == obj.username else f"{obj} ({obj.username})"


class OptionsForm(forms.Form):
    suggestions = forms.BooleanField(
        label=_("Offer suggestions"),
        required=False,
        initial=True,
        help_text=_(
            "Quotations and names that the desk finds by itself. They may bias what is seen."
        ),
    )
    quote_coverage = forms.BooleanField(
        label=_("Every quotation must be attributed before submit"),
        required=False,
        help_text=_("Or waived with a reason. Only where the schema has the label QUOTE."),
    )

    stories = forms.ChoiceField(
        label=_("Articles that tell the same story"),
        choices=Stories.choices,
        initial=Stories.EACH,
        help_text=_("The same wire story in several outlets, found by comparing all articles."),
    )

    gold_shown = forms.BooleanField(
        label=_("Annotators see their own agreement with the gold layer"),
        required=False,
        help_text=_(
            "Of articles they submitted, once gold stands, with what was corrected and the reasons "
            "and notes of adjudicators. Never another's layer."
        ),
    )

    def options(self) -> Options:
        """What was ticked; only of a valid form."""
        told = self.cleaned_data
        return Options(
            suggestions=told["suggestions"],
            quote_coverage=told["quote_coverage"],
            stories=told["stories"],
            gold_shown=told["gold_shown"],
        )


def options_of(campaign: Campaign) -> OptionsForm:
    """The options as they stand, to be changed."""
    standing = {name: getattr(campaign, name) for name in OptionsForm.base_fields}
    return OptionsForm(initial=standing)


class CampaignForm(NamingForm, OptionsForm):
    schema = forms.ModelChoiceField(
        label=_("Schema"), queryset=Schema.objects.order_by("key", "-version"), empty_label=None
    )
    annotators = People(
        label=_("Annotators"),
        queryset=User.objects.filter(is_active=True).order_by(_ANNOTATORS_FIRST, "username"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever labels here sees neither its agreement nor its exports."),
    )
    overlap = forms.IntegerField(
        label=_("People for each article"),
        min_value=1,
        max_value=50,
        initial=2,
        help_text=_("Two or more, so that their agreement can be measured."),
    )
    instructions = forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, corpus: Corpus, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"] = forms.ModelChoiceField(
            label=_("Articles"),
            required=False,
            queryset=corpus.tags.order_by("name"),
            empty_label=_("All of the corpus"),
            help_text=_("Or those with a tag, which you give in the list of articles."),
        )
        self.fields["schema"].initial = find(BUILT_IN)

    def design(self, corpus: Corpus) -> Design:
        """The campaign that was described; only of a valid form."""
        told = self.cleaned_data
        return Design(
            slug=told["slug"],
            name=told["name"],
            corpus=corpus,
            schema=told["schema"],
            annotators=list(told["annotators"]),
            overlap=told["overlap"],
            instructions=told["instructions"],
            options=self.options(),
            tag=told["tag"],
        )
