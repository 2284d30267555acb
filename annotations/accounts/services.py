"""Bring people in, let them go, and give out what opens the door: links and tokens.

History is written by whoever calls these (history stands above accounts).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts import preferences
from annotations.accounts.models import ApiToken, Role, SignInLink, User
from annotations.accounts.preferences import Preferences
from annotations.accounts.secrets import digest, new_secret
from annotations.text.gate import refuse_line

LINK_LIFE = timedelta(days=7)
LINK_PATH = "/sign-in/link/{secret}/"
TOKEN_NOTED_EVERY = timedelta(hours=1)
FIRST_ADMIN = "admin"
NAME_LENGTH = 150  # code points


class Refused(Exception):
    """What was asked cannot be: the message tells the person why."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of a person who is invited."""

    username: str
    role: Role
    email: str = ""
    display_name: str = ""


def invite(newcomer: Newcomer, *, password: str | None = None) -> User:
    """Make an account; without a password only a sign-in link lets its owner in.

    Refused: a user name or e-mail that is taken (case does not count) or not well formed.
    """
    user = User(
        username=User.normalize_username(newcomer.username.strip()),
        email=newcomer.email.strip(),
        display_name=newcomer.display_name.strip(),
        role=newcomer.role,
    )
    _check(user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_taken(user, error)) from error
    return user


def first_admin() -> User | None:
    """Return the admin of a new installation (made now, as `admin`, if there is none), or None
    once any admin has signed in."""
    admins = User.objects.filter(role=Role.ADMIN)
    if admins.filter(last_login__isnull=False).exists():
        return None
    waiting = admins.filter(is_active=True).order_by("pk").first()
    return waiting or invite(Newcomer(FIRST_ADMIN, Role.ADMIN))


def change_role(user: User, role: Role) -> None:
    """From the next request on, `user` is what `role` says. What they may see changes at once."""
    user.role = role
    user.save(update_fields=["role"])


def deactivate(user: User) -> None:
    """The person is out: every session, token and unused link is dead for good, work is kept.

    The password goes too, which changes the session hash: a session of before stays dead even
    when the person comes back.
    """
    with transaction.atomic():
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        revoke_tokens(user)
        _close_links(user.sign_in_links.all())


def reactivate(user: User) -> None:
    """The person may come back, by a new sign-in link."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def prefer(user: User, changes: object, *, lax: bool = False) -> Preferences:
    """These preferences of `user` are changed, the others stay; returns them all.

    Refuses (preferences.Refused) what does not fit, and then changes nothing. Changes from two
    tabs at once both count.
    """
    locked = User.objects.select_for_update().only("preferences").get(pk=user.pk)
    after = preferences.merged(locked.preferred, changes, lax=lax)
    locked.preferences = preferences.kept(after)
    locked.save(update_fields=["preferences"])
    return after


def make_sign_in_link(user: User, purpose: str, by: User | None) -> str:
    """Return the path of a link that signs `user` in once, within seven days.

    `purpose` is `invitation`, `recovery` (both offer to set a password) or `demo`. An older
    unused link for the same purpose stops working.
    """
    secret = new_secret()
    with transaction.atomic():
        _close_links(user.sign_in_links.filter(purpose=purpose))
        user.sign_in_links.create(
            secret_sha256=digest(secret),
            purpose=purpose,
            created_by=by,
            expires_at=timezone.now() + LINK_LIFE,
        )
    return LINK_PATH.format(secret=secret)


def open_link(secret: str) -> SignInLink | None:
    """Return the link this secret would use, or None when it is unknown, used or too old."""
    return (
        SignInLink.objects.filter(
            secret_sha256=digest(secret),
            used_at__isnull=True,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .select_related("user")
        .first()
    )


def use_link(secret: str) -> SignInLink | None:
    """The link is used up now and belongs to the caller; None when it was not open.

    Of many callers at the same moment exactly one gets it.
    """
    link = open_link(secret)
    if link is None:
        return None
    now = timezone.now()
    taken = SignInLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now)
    return link if taken else None


def make_token(user: User) -> str:
    """Return a new API token of `user`; it cannot be shown again."""
    secret = new_secret()
    user.api_tokens.create(secret_sha256=digest(secret))
    return secret


def user_of_token(raw: str) -> User | None:
    """Return the active person whose token this is, or None. One query, two once an hour."""
    token = (
        ApiToken.objects.filter(
            secret_sha256=digest(raw), revoked_at__isnull=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    if token is None:
        return None
    _note_use(token)
    return token.user


def revoke_tokens(user: User) -> int:
    """No token of `user` works any more; returns how many did."""
    return user.api_tokens.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def _close_links(links: QuerySet[SignInLink]) -> None:
    now = timezone.now()
    links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > TOKEN_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _check(user: User) -> None:
    for value in (user.username, user.email, user.display_name):
        if refuse_line(value):
            raise Refused(_("Names and addresses may not hold control characters."))
    if not user.username or any(part in user.username for part in (" ", ",", "/")):
        raise Refused(_("A user name needs at least one character and no space, comma or slash."))
    if max(len(user.username), len(user.display_name)) > NAME_LENGTH:
        raise Refused(_("A name may be at most %(most)s characters long.") % {"most": NAME_LENGTH})
    if user.email:
        _check_email(user.email)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address.")) from error


def _taken(user: User, error: IntegrityError) -> str:
    if "account_email_once" in str(error):
        return _("The e-mail address %(email)s is taken.") % {"email": user.email}
    return _("The user name %(name)s is taken.") % {"name": user.username}
