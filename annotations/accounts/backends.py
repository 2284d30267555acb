"""Signing in with name or e-mail, and reading the person of a session quickly."""

from allauth.account.auth_backends import AuthenticationBackend

from annotations.accounts.models import User
from annotations.prepared.rows import OneRow

_PEOPLE = OneRow(User)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, but every request's own question, who this is, is composed once: to compose it
    each time cost more than to answer it."""

    def get_user(self, user_id: int) -> User | None:
        """The active person with this key, or None: a closed account is out with its next
        request."""
        return _PEOPLE.find(pk=user_id, is_active=True)
