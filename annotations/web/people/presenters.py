"""People as the list shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import Role, User

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person can come in: a word and its chip."""

    word: str | Promise
    chip: str


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    username: str
    role: str | Promise
    standing: Standing
    last_seen: datetime | None
    managed: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of people, and their rows."""

    page: Page[User]
    rows: Sequence[Row]


def standing(person: User) -> Standing:
    if not person.is_active:
        return Standing(_("Closed"), "chip-plain")
    if person.last_login is None:
        return Standing(_("Invited"), "chip-warn")
    return Standing(_("Active"), "chip-good")


def listing(by: User, *, query: str, number: str | None) -> Listing:
    """Return one page of people, open accounts first, then by name. Three queries."""
    found: Page[User] = Paginator(_found(query), PEOPLE_A_PAGE).get_page(number)
    people = list(found.object_list)
    managed = set(
        policy.people_managed_by(by)
        .filter(pk__in=[person.pk for person in people])
        .values_list("pk", flat=True)
    )
    return Listing(page=found, rows=list(_rows(people, managed - {by.pk})))


def _found(query: str) -> QuerySet[User]:
    alike = Q(username__icontains=query) | Q(display_name__icontains=query)
    named = Case(When(display_name="", then=F("username")), default=F("display_name"))
    return (
        User.objects.filter(alike if query else Q())
        .annotate(closed=Case(When(is_active=True, then=Value(0)), default=Value(1)))
        .order_by("closed", named, "pk")
    )


def _rows(people: Iterable[User], managed: set[int]) -> Iterable[Row]:
    for person in people:
        yield Row(
            id=person.pk,
            name=str(person),
            username=person.username,
            role=Role(person.role).label,
            standing=standing(person),
            last_seen=person.last_login,
            managed=person.pk in managed,
        )
