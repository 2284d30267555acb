import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from annotations.accounts import services as accounts
from annotations.accounts.models import Role, User
from annotations.history.services import record


class Command(BaseCommand):
    help = "Make an account and print a link that signs its owner in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, default=Role.ANALYST.value)
        parser.add_argument("--email", default="")
        parser.add_argument("--display-name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read a password, one line, from stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = _password_of(sys.stdin.readline()) if options["password_stdin"] else None
        newcomer = accounts.Newcomer(
            username=options["username"],
            role=Role(options["role"]),
            email=options["email"],
            display_name=options["display_name"],
        )
        user, path = _invite(newcomer, password)
        if password:
            self._warn_of_weak(password, user)
        self.stdout.write(f"{settings.PUBLIC_URL.rstrip('/')}{path}")

    def _warn_of_weak(self, password: str, user: User) -> None:
        try:
            validate_password(password, user)
        except ValidationError as weak:
            self.stderr.write(f"Warning: a weak password. {' '.join(weak.messages)}")


def _password_of(line: str) -> str:
    password = line.rstrip("\r\n")
    if not password:
        raise CommandError("There is no password on stdin.")
    return password


def _invite(newcomer: accounts.Newcomer, password: str | None) -> tuple[User, str]:
    try:
        with transaction.atomic():
            user = accounts.invite(newcomer, password=password)
            record("person.invited", user, by=None, role=user.role)
            return user, accounts.make_sign_in_link(user, "invitation", None)
    except accounts.Refused as refused:
        raise CommandError(str(refused)) from refused
