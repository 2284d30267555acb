"""The form of a new campaign."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import Role, User
from annotations.assignments.services import Design
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


class CampaignForm(NamingForm):
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        )
