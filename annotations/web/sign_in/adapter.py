"""How allauth behaves here: by invitation only, and without e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from annotations.accounts.models import User
from annotations.web.language import in_their_language


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Greet people in the language they chose, on whatever browser they come."""
        return in_their_language(super().post_login(request, user, **how), user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: this product has no mail, and no door that needs it is open."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site is a way on: no host at all, not even our own."""
        return bool(url and url.startswith("/")) and super().is_safe_url(url)
