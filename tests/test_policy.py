"""Who may do what: the table, asked for every role that matters, and its batch twins."""

from dataclasses import dataclass
from typing import Any

import pytest

from annotations import policy
from annotations.accounts.models import Role, User
from annotations.assignments import trash
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Corpus, Membership
from annotations.jobs.services import start
from tests import factories

pytestmark = pytest.mark.django_db

MEMBERS = ("manager", "adjudicator", "analyst", "annotator")
# action: who may, of the people in the cast of `place`
ALLOWED = {
    policy.SEE_CORPUS: {"admin", "manager", "adjudicator", "analyst"},
    policy.MANAGE_CORPUS: {"admin", "manager"},
    policy.DELETE_CORPUS: {"admin", "manager"},
    policy.DELETE_CAMPAIGN: {"admin", "manager"},
    policy.CREATE_CAMPAIGN: {"admin", "manager"},
    policy.SEE_CAMPAIGN: {"admin", "manager", "adjudicator", "analyst"},
    policy.MANAGE_CAMPAIGN: {"admin", "manager"},
    policy.LABEL_IN_CAMPAIGN: {"annotator"},
    policy.SEE_AGREEMENT: {"admin", "manager", "adjudicator", "analyst"},
    policy.RUN_AGREEMENT: {"admin", "manager"},
    policy.SEE_OWN_AGAINST_GOLD: {"annotator"},
    policy.SEE_EXPORTS: {"admin", "manager", "adjudicator", "analyst"},
    policy.EXPORT: {"admin", "manager", "adjudicator", "analyst"},
    policy.LABEL: {"annotator"},
    policy.SETTLE: set(),
    policy.ADJUDICATE: {"admin", "manager", "adjudicator"},
    policy.REOPEN: {"admin", "manager"},
    policy.SEE_ARTICLE: {"admin", "manager", "adjudicator", "analyst"},
    policy.MANAGE_ARTICLE: {"admin", "manager"},
    policy.SEE_REGISTRY: {"admin", "manager", "adjudicator", "analyst"},
    policy.SEE_PROPOSALS: {"admin", "manager", "adjudicator", "analyst"},
    policy.MANAGE_REGISTRY: {"admin", "manager"},
    policy.CREATE_CORPUS: {"admin", "manager", "foreign manager"},
    policy.SEE_PEOPLE: {"admin", "manager", "foreign manager"},
    policy.INVITE: {"admin", "manager", "foreign manager"},
}


@dataclass
class Place:
    corpus: Corpus
    campaign: Campaign
    assignment: Assignment
    cast: dict[str, User]

    def thing(self, on: str) -> Any:
        return {
            "": None,
            "corpus": self.corpus,
            "campaign": self.campaign,
            "assignment": self.assignment,
            "article": self.assignment.article,
            "registry": self.corpus.registry,
        }[on]


@pytest.fixture
def place() -> Place:
    cast = {role: factories.user(role, role=role) for role in MEMBERS}
    cast |= {f"foreign {role}": factories.user(f"f_{role}", role=role) for role in MEMBERS}
    cast["admin"] = factories.user("admin", role="admin")
    cast["removed"] = factories.user("removed", role="manager", is_active=False)
    assignment = factories.assignment(cast["annotator"])
    Campaign.objects.update(gold_shown=True)
    assignment.campaign.refresh_from_db()
    corpus = assignment.corpus
    for role in ("manager", "adjudicator", "analyst"):
        Membership.objects.create(corpus=corpus, user=cast[role], role=role)
    Membership.objects.create(corpus=corpus, user=cast["removed"], role="manager")
    return Place(corpus, assignment.campaign, assignment, cast)


@pytest.mark.parametrize("action", list(ALLOWED), ids=lambda action: action.name)
def test_the_table_says_who_may(place: Place, action: policy.Action[Any]) -> None:
    thing = place.thing(action.on)
    may = {name for name, user in place.cast.items() if action.allows(user, thing)}
    assert may == ALLOWED[action]


def test_a_corpus_without_managers_belongs_to_everyone_who_is_one() -> None:
    corpus = factories.corpus()
    manager, annotator = factories.user(role="manager"), factories.user(role="annotator")
    assert policy.MANAGE_CORPUS.allows(manager, corpus)
    assert not policy.SEE_CORPUS.allows(annotator, corpus)


def test_whoever_labels_in_a_campaign_never_sees_what_comes_of_it(place: Place) -> None:
    for role in ("admin", "manager", "analyst"):
        user = place.cast[role]
        place.campaign.places.create(user=user)
        assert not policy.SEE_AGREEMENT.allows(user, place.campaign)
        assert not policy.EXPORT.allows(user, place.campaign)
        assert place.campaign not in policy.campaigns_measured_by(user)


@pytest.mark.parametrize("role", ["admin", "manager", "adjudicator"])
def test_a_gold_layer_is_opened_by_its_own_adjudicator_while_they_may_be_one(
    place: Place, role: str
) -> None:
    who = place.cast[role]
    gold = place.assignment
    gold.pk, gold.kind, gold.annotator, gold.status = None, Kind.GOLD, who, Status.OPEN
    gold.save()
    for action in (policy.LABEL, policy.SETTLE):
        assert {name for name, one in place.cast.items() if action.allows(one, gold)} == {role}
    assert gold in policy.assignments_of(who)
    place.campaign.places.create(user=who)
    assert not policy.ADJUDICATE.allows(who, place.campaign)
    assert not policy.LABEL.allows(who, gold)
    assert gold not in policy.assignments_of(who)


def test_a_corpus_without_managers_is_adjudicated_by_everyone_who_may_elsewhere() -> None:
    assignment = factories.assignment(factories.user())
    for role, may in (("manager", True), ("adjudicator", True), ("analyst", False)):
        user = factories.user(role=role)
        assert policy.ADJUDICATE.allows(user, assignment.campaign) == may
        assert policy.campaigns_adjudicated_by(user).exists() == may


def test_what_is_in_the_trash_is_adjudicated_by_nobody(place: Place) -> None:
    trash.withdraw_corpus(place.corpus, by=None)
    place.campaign.refresh_from_db()
    cast = place.cast.values()
    assert not any(policy.ADJUDICATE.allows(user, place.campaign) for user in cast)


def test_nobody_opens_the_layer_of_another_not_even_an_admin(place: Place) -> None:
    others = {name for name in place.cast if name != "annotator"}
    assert not {name for name in others if policy.LABEL.allows(place.cast[name], place.assignment)}


def test_a_layer_that_is_being_loaded_is_in_nobodys_list(place: Place) -> None:
    Assignment.objects.update(status=Status.LOADING)
    assert not policy.assignments_of(place.cast["annotator"]).exists()


def test_a_manager_manages_people_below_who_work_in_no_foreign_corpus(place: Place) -> None:
    managed = set(policy.people_managed_by(place.cast["manager"]))
    named = {name for name, user in place.cast.items() if user in managed}
    assert named == {
        "adjudicator",
        "analyst",
        "annotator",
        "foreign adjudicator",
        "foreign analyst",
        "foreign annotator",
    }
    Membership.objects.create(
        corpus=owned_by(place.cast["foreign manager"]),
        user=place.cast["annotator"],
        role="annotator",
    )
    assert place.cast["annotator"] not in policy.people_managed_by(place.cast["manager"])


def test_whose_layers_lie_in_a_foreign_corpus_is_not_theirs_either(place: Place) -> None:
    Membership.objects.filter(user=place.cast["annotator"]).delete()
    assert place.cast["annotator"] in policy.people_managed_by(place.cast["manager"])
    assert place.cast["annotator"] not in policy.people_managed_by(place.cast["foreign manager"])


def owned_by(manager: User) -> Corpus:
    corpus = factories.corpus()
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


def test_nobody_manages_themselves(place: Place) -> None:
    admin = place.cast["admin"]
    assert not policy.MANAGE_PERSON.allows(admin, admin)


@pytest.mark.parametrize(
    ("role", "given"),
    [
        ("admin", set(Role)),
        ("manager", {Role.ADJUDICATOR, Role.ANNOTATOR, Role.ANALYST}),
        ("analyst", set()),
        ("annotator", set()),
    ],
)
def test_nobody_but_an_admin_gives_a_role_as_high_as_their_own(role: str, given: set[Role]) -> None:
    assert set(policy.roles_given_by(factories.user(role=role))) == given


def test_a_registry_two_managers_share_is_managed_by_neither(place: Place) -> None:
    other = factories.corpus(registry=place.corpus.registry)
    Membership.objects.create(corpus=other, user=place.cast["foreign manager"], role="manager")
    assert policy.SEE_REGISTRY.allows(place.cast["manager"], place.corpus.registry)
    assert not policy.MANAGE_REGISTRY.allows(place.cast["manager"], place.corpus.registry)


def test_a_job_is_seen_by_who_asked_for_it_and_by_admins(place: Place) -> None:
    job = start("agreement", {}, by=place.cast["manager"])
    seen = {name for name, user in place.cast.items() if policy.SEE_JOB.allows(user, job)}
    assert seen == {"admin", "manager"}


@pytest.mark.parametrize(
    ("word", "seen", "stopped"),
    [
        ("corpus", {"admin", "manager"}, {"admin", "manager"}),
        ("campaign", {"admin", "manager", "adjudicator", "analyst"}, {"admin", "manager"}),
        ("strange", {"admin"}, {"admin"}),
    ],
)
def test_a_job_about_a_place_is_seen_by_those_who_read_its_results(
    place: Place, word: str, seen: set[str], stopped: set[str]
) -> None:
    key = {"corpus": place.corpus.pk, "campaign": place.campaign.pk}.get(word, "no number")
    job = start("agreement", {word: key, "corpora": [key]}, by=None)
    cast = place.cast.items()
    assert {name for name, user in cast if policy.SEE_JOB.allows(user, job)} == seen
    assert {name for name, user in cast if policy.CANCEL_JOB.allows(user, job)} == stopped


@pytest.mark.parametrize(
    ("kind", "retried"),
    [
        ("import_layers", {"admin", "manager"}),
        ("export", {"admin", "manager", "adjudicator", "analyst"}),
        ("adjudicate", {"admin", "manager", "adjudicator"}),
    ],
)
def test_having_started_a_job_is_no_right_to_start_it_again(
    place: Place, kind: str, retried: set[str]
) -> None:
    """An analyst exports, but brings no layers: not even by a job from when they managed."""
    cast, args = place.cast, {"campaign": place.campaign.pk}
    jobs = {name: start(kind, dict(args), by=user) for name, user in cast.items()}
    may = {name for name, user in cast.items() if policy.RETRY_JOB.allows(user, jobs[name])}
    assert may == retried


def test_a_job_about_a_registry_is_seen_by_who_manages_it(place: Place) -> None:
    job = start("import_registry", {"registry": place.corpus.registry.pk}, by=None)
    for action in (policy.SEE_JOB, policy.CANCEL_JOB, policy.RETRY_JOB):
        may = {name for name, user in place.cast.items() if action.allows(user, job)}
        assert may == {"admin", "manager"}
