"""What is looked for in articles, as every form that looks for some reads it."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.corpora.searching.query import (
    LONGEST_QUERY,
    MOST_TERMS,
    Term,
    TooManyTerms,
    parse,
)

LABELLING = (
    ("waiting", _("Waiting")),
    ("open", _("Open")),
    ("submitted", _("Submitted")),
    ("skipped", _("Skipped")),
)
"""The states that the layers of an article may be in, with their names."""


class DateInput(forms.DateInput):
    input_type = "date"


class WordsForm(forms.Form):
    """Words, and `beside` them the names of the fields that filter and order; sent in the
    address."""

    beside: Sequence[str] = ()

    q = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "type": "search",
                "placeholder": _("minister “not yet” -flood coast*"),
            }
        ),
    )

    def filters(self) -> Sequence[forms.BoundField]:
        """What is asked for beside words, as fields."""
        return [self[name] for name in self.beside]

    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.beside)

    def clean_q(self) -> Sequence[Term]:
        try:
            terms = parse(self.cleaned_data["q"])
        except TooManyTerms as refused:
            message = _("Look for at most %(most)s words and phrases at once.")
            raise forms.ValidationError(message, params={"most": MOST_TERMS}) from refused
        if self.cleaned_data["q"] and not terms:
            raise forms.ValidationError(_("There is no word in this that could be looked for."))
        return terms
