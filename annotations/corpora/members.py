"""Who works in a corpus, and as what. Annotators come and go with campaigns, not here."""

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import Role, User
from annotations.corpora.models import Corpus, Membership
from annotations.history.services import record

GIVEN = (Role.MANAGER, Role.ADJUDICATOR, Role.ANALYST)


class LastManager(Exception):
    """A corpus keeps at least one manager, or it would belong to all of them."""


@transaction.atomic
def add_member(corpus: Corpus, user: User, role: Role, *, by: User) -> None:
    """`user` is a member of `corpus` in this role; once more changes nothing."""
    _, new = Membership.objects.get_or_create(corpus=corpus, user=user, role=role)
    if new:
        record("corpus.member-added", corpus, by=by, user=user.pk, role=role)


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """The membership is over. Refuses (LastManager) the only manager of the corpus."""
    corpus = Corpus.objects.select_for_update(no_key=True).get(pk=membership.corpus_id)
    managers = Membership.objects.filter(corpus=corpus, role=Role.MANAGER)
    if membership.role == Role.MANAGER and not managers.exclude(pk=membership.pk).exists():
        raise LastManager(_("A corpus needs at least one manager."))
    gone = {"user": membership.user_id, "role": membership.role}
    membership.delete()
    record("corpus.member-removed", corpus, by=by, **gone)
