"""The forms of the people screen. Roles are those the one who asks may give, and no others."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import Role, User
from annotations.accounts.services import NAME_LENGTH, Newcomer


def _role_field(by: User, **options: Any) -> forms.ChoiceField:
    choices = [(role.value, role.label) for role in policy.roles_given_by(by)]
    return forms.ChoiceField(label=_("Role"), choices=choices, **options)


class InviteForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=NAME_LENGTH,
        help_text=_("For signing in, and the name of their layers in exports."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Only another name to sign in with.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field(by, initial=Role.ANNOTATOR)

    def newcomer(self) -> Newcomer:
        """What was filled in; only of a valid form."""
        told = self.cleaned_data
        return Newcomer(
            username=told["username"],
            role=Role(told["role"]),
            email=told["email"],
            display_name=told["display_name"],
        )


class RoleForm(forms.Form):
    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field(by)
