"""What stands around every page: the ways a person may go from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import Role, User

READERS = frozenset({Role.ADMIN, Role.MANAGER, Role.ADJUDICATOR, Role.ANALYST})
MANAGERS = frozenset({Role.ADMIN, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Way:
    """A place in the bar: its words, the name of its URL, and whose it is."""

    label: str | Promise
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Step:
    """A way as this page shows it."""

    label: str | Promise
    url: str
    current: bool


WAYS = (
    Way(_("Home"), "home", frozenset(Role)),
    Way(_("Corpora"), "corpora", READERS),
    Way(_("Campaigns"), "campaigns", READERS),
    Way(_("Registry"), "registries", READERS),
    Way(_("People"), "people", MANAGERS),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template `ways`: the steps this person may take. Signed out there are none,
    and a single one (home, where the logo leads too) is none as well. Nobody is asked who they
    are until a template wants to know: the page of an outage does not."""
    return {"ways": SimpleLazyObject(lambda: _ways(request))}


def _ways(request: HttpRequest) -> tuple[Step, ...]:
    user = getattr(request, "user", None)
    steps = tuple(_steps(user, request.path)) if user and user.is_authenticated else ()
    return steps if len(steps) > 1 else ()


def _steps(user: User, path: str) -> Iterable[Step]:
    for way in WAYS:
        if user.role in way.roles and (url := way_to(way.name)):
            yield Step(way.label, url, _leads_to(url, path))


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def way_to(name: str, *args: object) -> str:
    """The address of a screen, or "" where this release has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
