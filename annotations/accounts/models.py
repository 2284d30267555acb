"""People: accounts, the links that let them in once, and the tokens of their programs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from annotations.accounts.preferences import Preferences, read


class Role(models.TextChoices):
    ADMIN = "admin", _("Admin")
    MANAGER = "manager", _("Manager")
    ADJUDICATOR = "adjudicator", _("Adjudicator")
    ANNOTATOR = "annotator", _("Annotator")
    ANALYST = "analyst", _("Analyst")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


SHOWN_NAME = "coalesce(nullif(u.display_name, ''), u.username)"
"""What `str` makes of a User, in SQL over an account `u`; null where there is none."""


class User(AbstractBaseUser):
    """A person. Never deleted, only made inactive: their layers and history keep their name."""

    username = models.TextField(_("user name"), unique=True)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    display_name = models.TextField(_("name"), blank=True, default="")
    role = models.TextField(choices=Role, default=Role.ANALYST)
    language = models.TextField(blank=True, default="")
    preferences = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "account"
        constraints = (
            models.UniqueConstraint(Lower("username"), name="account_username_once"),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="account_email_once"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="account_role"),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def preferred(self) -> Preferences:
        """What this person set for themselves, whole: defaults where they set nothing."""
        return read(self.preferences)


class SignInLink(models.Model):
    """A link that signs one person in, once. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    secret_sha256 = models.BinaryField(unique=True)
    purpose = models.TextField(default="invitation")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_link"

    def __str__(self) -> str:
        return f"{self.purpose} for {self.user_id}"


class ApiToken(models.Model):
    """A program's key to one person's work. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    secret_sha256 = models.BinaryField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return f"token of {self.user_id}"
