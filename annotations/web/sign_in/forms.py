"""The sign-in form: allauth's, with our words."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("User name or e-mail"), _("Password")
        password.help_text = ""
        for field, autocomplete in ((login, "username"), (password, "current-password")):
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["autocomplete"] = autocomplete
        login.widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
