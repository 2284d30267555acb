"""Signing in with name or e-mail, and reading the person of a session quickly."""

import json
from collections.abc import Sequence
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from annotations import prepared
from annotations.accounts.models import User

COLUMNS = [field.attname for field in User._meta.concrete_fields]
PREFERENCES = COLUMNS.index("preferences")
PERSON = f"SELECT {', '.join(COLUMNS)} FROM account WHERE id = %s AND is_active"


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, but every request's own question, who this is, is asked in SQL: composing the
    same query each time cost more than answering it."""

    def get_user(self, user_id: int) -> User | None:
        """The active person with this key, or None: a closed account is out with its next
        request."""
        with prepared.cursor() as cursor:
            cursor.execute(PERSON, [user_id])
            row = cursor.fetchone()
        return _person(row) if row else None


def _person(row: Sequence[Any]) -> User:
    values = list(row)
    # a cursor of Django's hands out JSON as it is written
    values[PREFERENCES] = json.loads(values[PREFERENCES])
    return User.from_db("default", COLUMNS, values)
