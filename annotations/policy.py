"""Who may do what, as one table: an action and the predicate over (user, thing) that allows it.

Two rules carry the rest. **A corpus belongs to its managers**: people with the role `manager` in
its memberships; a corpus without any (made on the command line) belongs to everyone whose own
role is manager. **Nobody who labels in a campaign sees what is derived from its layers**: neither
agreement nor exports nor gold layers, whatever else they are (blindness).

What is in the trash is nobody's: only the doors that delete and restore know of it, for those who
manage it.

Every predicate has its batch twin, the query set of all things the user may see, and asks that
same query set: a list can never show what a door would refuse. An inactive user may do nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from annotations.accounts.models import Role, User
from annotations.adjudication import handlers as adjudication
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Assignment, Campaign, CampaignAnnotator, Kind, Status
from annotations.conversation.services import DISCUSSED
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.withdrawing import restorable
from annotations.exchange import handlers as exchange
from annotations.exchange.models import Export
from annotations.jobs.models import Job
from annotations.registry.models import Entity, Registry

READERS = (Role.MANAGER, Role.ADJUDICATOR, Role.ANALYST)
ADJUDICATING = (Role.MANAGER, Role.ADJUDICATOR)
BELOW_MANAGER = (Role.ADJUDICATOR, Role.ANNOTATOR, Role.ANALYST)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Action(Generic[T]):
    """One thing people may do. `on` is the word of the URL for what it is done to, or ""."""

    name: str
    on: str
    allows: Callable[[User, T], bool]


# --- corpora, and what hangs on them ---------------------------------------------------------


def corpora_managed_by(user: User) -> QuerySet[Corpus]:
    return _owned_by(user).filter(withdrawn_at=None)


def corpora_read_by(user: User) -> QuerySet[Corpus]:
    return _corpora(user, member=READERS, unowned=READERS).filter(withdrawn_at=None)


def corpora_restored_by(user: User) -> QuerySet[Corpus]:
    """The corpora in the trash that the user may restore."""
    return restorable(_owned_by(user))


def campaigns_managed_by(user: User) -> QuerySet[Campaign]:
    return Campaign.objects.filter(hidden=False, corpus__in=corpora_managed_by(user))


def campaigns_read_by(user: User) -> QuerySet[Campaign]:
    return Campaign.objects.filter(hidden=False, corpus__in=corpora_read_by(user))


def campaigns_restored_by(user: User) -> QuerySet[Campaign]:
    """The campaigns in the trash that the user may restore: those of a corpus that is there."""
    return restorable(Campaign.objects.filter(corpus__in=corpora_managed_by(user)))


def campaigns_measured_by(user: User) -> QuerySet[Campaign]:
    """The campaigns whose agreement and exports the user may see: never one they label in."""
    return _not_labelled_by(user, campaigns_read_by(user))


def campaigns_adjudicated_by(user: User) -> QuerySet[Campaign]:
    """The campaigns whose gold layers the user may make: never one they label in."""
    corpora = _corpora(user, member=ADJUDICATING, unowned=ADJUDICATING).filter(withdrawn_at=None)
    return _not_labelled_by(user, Campaign.objects.filter(hidden=False, corpus__in=corpora))


def _not_labelled_by(user: User, campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Those of the campaigns in which the user is no annotator, and never was: blindness."""
    labels_in = CampaignAnnotator.objects.filter(campaign=OuterRef("pk"), user=user)
    worked_in = Assignment.objects.filter(
        campaign=OuterRef("pk"), annotator=user, kind=Kind.ANNOTATOR
    )
    return campaigns.exclude(Exists(labels_in) | Exists(worked_in))


def campaigns_labelled_by(user: User) -> QuerySet[Campaign]:
    if not user.is_active:
        return Campaign.objects.none()
    return Campaign.objects.filter(places__user=user, hidden=False)


def assignments_of(user: User) -> QuerySet[Assignment]:
    if not user.is_active:
        return Assignment.objects.none()
    mine = Assignment.objects.filter(_own(user), withdrawn=False, campaign__hidden=False)
    return mine.exclude(status="loading")


def _own(user: User) -> Q:
    """One's own layers; gold ones as long as one may adjudicate: they show the layers of others."""
    adjudicated = Q(campaign__in=campaigns_adjudicated_by(user))
    return Q(annotator=user) & (Q(kind=Kind.ANNOTATOR) | adjudicated)


def layers_discussed_by(user: User) -> QuerySet[Assignment]:
    """The annotators' layers about which the user may write and read messages: their own, and those of
    campaigns they adjudicate, once submitted. So nobody reads what is written about another's layer
    of a campaign in which they label."""
    if not user.is_active:
        return Assignment.objects.none()
    theirs = Q(annotator=user) | Q(campaign__in=campaigns_adjudicated_by(user))
    return Assignment.objects.filter(
        theirs,
        kind=Kind.ANNOTATOR,
        status__in=DISCUSSED,
        withdrawn=False,
        campaign__hidden=False,
    )


def layers_seen_by(user: User) -> QuerySet[Assignment]:
    """The layers whose spans the user may see outside of the desk: those of campaigns they may
    measure, and their own; only in corpora they read."""
    seen = _own(user) | Q(campaign__in=campaigns_measured_by(user))
    layers = Assignment.objects.filter(
        seen, campaign__hidden=False, corpus__in=corpora_read_by(user)
    )
    return layers.exclude(status=Status.LOADING)


def entities_seen_by(user: User, registry: Registry) -> QuerySet[Entity]:
    """The entities of a registry that the user may see, merged ones too. What others proposed
    tells what they found: it is hidden from whoever labels with this registry."""
    entities = Entity.objects.filter(registry=registry)
    if SEE_PROPOSALS.allows(user, registry):
        return entities
    return entities.filter(Q(proposed=False) | Q(created_by=user))


def registries_read_by(user: User) -> QuerySet[Registry]:
    return Registry.objects.filter(Exists(_of_registry(corpora_read_by(user))))


def registries_managed_by(user: User) -> QuerySet[Registry]:
    """Only who manages every corpus of a registry manages it: its entities are shared."""
    foreign = _of_registry(Corpus.objects.exclude(pk__in=_owned_by(user)))
    mine = _of_registry(corpora_managed_by(user))
    if user.is_active and user.role == Role.ADMIN:
        return Registry.objects.all()
    return Registry.objects.filter(Exists(mine)).exclude(Exists(foreign))


def people_managed_by(user: User) -> QuerySet[User]:
    """Admins manage everyone; managers those below them who work in no one else's corpus.

    Whoever can send a person a sign-in link can become that person, so this must not reach
    further than the manager's own corpora.
    """
    if not user.is_active:
        return User.objects.none()
    if user.role == Role.ADMIN:
        return User.objects.all()
    if user.role != Role.MANAGER:
        return User.objects.none()
    mine = _owned_by(user)
    member = Membership.objects.filter(user=OuterRef("pk")).exclude(corpus__in=mine)
    labels = Assignment.objects.filter(annotator=OuterRef("pk")).exclude(corpus__in=mine)
    below = User.objects.filter(role__in=BELOW_MANAGER)
    return below.exclude(Exists(member) | Exists(labels))


def jobs_seen_by(user: User) -> QuerySet[Job]:
    """One's own jobs, those of corpora and registries one manages, and those that measure or export
    a campaign whose results one may see."""
    return _jobs(user, corpora_managed_by(user), campaigns_measured_by(user))


def jobs_stopped_by(user: User) -> QuerySet[Job]:
    return _jobs(user, corpora_managed_by(user), campaigns_managed_by(user))


def jobs_retried_by(user: User) -> QuerySet[Job]:
    """Those one may stop, and might start anew: having started it once is no right to."""
    stopped = jobs_stopped_by(user)
    if user.role == Role.ADMIN:
        return stopped
    exports = Q(
        Exists(_named(campaigns_measured_by(user), "campaign")),
        kind__in=(exchange.EXPORT, exchange.CONVERT),
    )
    settling = Q(Exists(_named(campaigns_adjudicated_by(user), "campaign")), kind=adjudication.KIND)
    managed = _about(user, corpora_managed_by(user), campaigns_managed_by(user))
    return stopped.filter(managed & ~Q(kind=adjudication.KIND) | exports | settling)


def _jobs(user: User, corpora: QuerySet[Corpus], campaigns: QuerySet[Campaign]) -> QuerySet[Job]:
    if not user.is_active:
        return Job.objects.none()
    if user.role == Role.ADMIN:
        return Job.objects.all()
    return Job.objects.filter(Q(requested_by=user) | _about(user, corpora, campaigns))


def _about(user: User, corpora: QuerySet[Corpus], campaigns: QuerySet[Campaign]) -> Q:
    """Jobs about these, or about a registry that the user manages."""
    registries = registries_managed_by(user)
    return (
        Q(Exists(_named(corpora, "corpus")))
        | Q(Exists(_named(campaigns, "campaign")))
        | Q(Exists(_named(registries, "registry")))
    )


def _named(things: QuerySet[Any], word: str) -> QuerySet[Any]:
    """Those of `things` whose key the outer job's arguments hold under `word`."""
    keyed: QuerySet[Any] = things.annotate(key=Cast("pk", TextField()))
    return keyed.filter(key=KeyTextTransform(word, OuterRef("args")))


def roles_given_by(user: User) -> tuple[Role, ...]:
    """The roles this user may give to others: nobody lifts anyone to their own height but admins."""
    if user.role == Role.ADMIN:
        return tuple(Role)
    return BELOW_MANAGER if user.role == Role.MANAGER else ()


def _corpora(
    user: User, *, member: "list[Role] | tuple[Role, ...]", unowned: "list[Role] | tuple[Role, ...]"
) -> QuerySet[Corpus]:
    if not user.is_active:
        return Corpus.objects.none()
    if user.role == Role.ADMIN:
        return Corpus.objects.all()
    memberships = Membership.objects.filter(corpus=OuterRef("pk"))
    allowed = Q(Exists(memberships.filter(user=user, role__in=member)))
    if user.role in unowned:
        allowed |= ~Q(Exists(memberships.filter(role=Role.MANAGER)))
    return Corpus.objects.filter(allowed)


def _owned_by(user: User) -> QuerySet[Corpus]:
    """The corpora whose manager the user is, those in the trash, too."""
    return _corpora(user, member=[Role.MANAGER], unowned=[Role.MANAGER])


def _of_registry(corpora: QuerySet[Corpus]) -> QuerySet[Corpus]:
    return corpora.filter(registry=OuterRef("pk"))


# --- predicates ------------------------------------------------------------------------------


def _reads_corpus(user: User, corpus: Corpus) -> bool:
    return corpora_read_by(user).filter(pk=corpus.pk).exists()


def _manages_corpus(user: User, corpus: Corpus) -> bool:
    return corpora_managed_by(user).filter(pk=corpus.pk).exists()


def _deletes_corpus(user: User, corpus: Corpus) -> bool:
    """Who may delete it may restore it, and asking twice is no fault."""
    return _manages_corpus(user, corpus) or corpora_restored_by(user).filter(pk=corpus.pk).exists()


def _manages_member(user: User, member: Membership) -> bool:
    """Annotators leave with their campaigns: their membership is nobody's to take."""
    return member.role != Role.ANNOTATOR and _manages_corpus(user, member.corpus)


def _reads_article(user: User, article: Article) -> bool:
    return corpora_read_by(user).filter(pk=article.corpus_id).exists()


def _manages_article(user: User, article: Article) -> bool:
    return corpora_managed_by(user).filter(pk=article.corpus_id).exists()


def _reads_campaign(user: User, campaign: Campaign) -> bool:
    return campaigns_read_by(user).filter(pk=campaign.pk).exists()


def _manages_campaign(user: User, campaign: Campaign) -> bool:
    return campaigns_managed_by(user).filter(pk=campaign.pk).exists()


def _deletes_campaign(user: User, campaign: Campaign) -> bool:
    """Who may delete it may restore it, and asking twice is no fault."""
    return (
        _manages_campaign(user, campaign)
        or campaigns_restored_by(user).filter(pk=campaign.pk).exists()
    )


def _labels_in(user: User, campaign: Campaign) -> bool:
    return campaigns_labelled_by(user).filter(pk=campaign.pk).exists()


def _sees_own_against_gold(user: User, campaign: Campaign) -> bool:
    return campaign.gold_shown and _labels_in(user, campaign)


def _measures(user: User, campaign: Campaign) -> bool:
    return campaigns_measured_by(user).filter(pk=campaign.pk).exists()


def _runs_agreement(user: User, campaign: Campaign) -> bool:
    return _manages_campaign(user, campaign) and _measures(user, campaign)


def _reads_run(user: User, run: AgreementRun) -> bool:
    return campaigns_measured_by(user).filter(pk=run.campaign_id).exists()


def _reads_export(user: User, export: Export) -> bool:
    return campaigns_measured_by(user).filter(pk=export.campaign_id).exists()


def may_still_download(user: User, export: Export) -> bool:
    """Ask anew for someone who began to download: their rights may have changed meanwhile."""
    person = User.objects.filter(pk=user.pk).first()
    return person is not None and DOWNLOAD.allows(person, export)


def _adjudicates(user: User, campaign: Campaign) -> bool:
    return campaigns_adjudicated_by(user).filter(pk=campaign.pk).exists()


def _owns(user: User, assignment: Assignment) -> bool:
    """The same as `assignments_of`, of one that was read already."""
    if not user.is_active or assignment.annotator_id != user.pk:
        return False
    if assignment.withdrawn or assignment.campaign.hidden:
        return False
    return assignment.kind != Kind.GOLD or _adjudicates(user, assignment.campaign)


def _settles(user: User, assignment: Assignment) -> bool:
    return assignment.kind == Kind.GOLD and _owns(user, assignment)


def _discusses(user: User, assignment: Assignment) -> bool:
    return layers_discussed_by(user).filter(pk=assignment.pk).exists()


def _manages_assignment(user: User, assignment: Assignment) -> bool:
    return campaigns_managed_by(user).filter(pk=assignment.campaign_id).exists()


def _reads_registry(user: User, registry: Registry) -> bool:
    return registries_read_by(user).filter(pk=registry.pk).exists()


def _manages_registry(user: User, registry: Registry) -> bool:
    return registries_managed_by(user).filter(pk=registry.pk).exists()


def _sees_proposals(user: User, registry: Registry) -> bool:
    labels = CampaignAnnotator.objects.filter(user=user, campaign__corpus__registry=OuterRef("pk"))
    worked = Assignment.objects.filter(
        annotator=user, kind=Kind.ANNOTATOR, corpus__registry=OuterRef("pk")
    )
    seen = registries_read_by(user).exclude(Exists(labels) | Exists(worked))
    return seen.filter(pk=registry.pk).exists()


def _reads_entity(user: User, entity: Entity) -> bool:
    seen = entities_seen_by(user, entity.registry).filter(pk=entity.pk)
    return _reads_registry(user, entity.registry) and seen.exists()


def _manages_entity(user: User, entity: Entity) -> bool:
    seen = entities_seen_by(user, entity.registry).filter(pk=entity.pk)
    return _manages_registry(user, entity.registry) and seen.exists()


def _sees_job(user: User, job: Job) -> bool:
    return jobs_seen_by(user).filter(pk=job.pk).exists()


def _stops_job(user: User, job: Job) -> bool:
    return jobs_stopped_by(user).filter(pk=job.pk).exists()


def _retries_job(user: User, job: Job) -> bool:
    return jobs_retried_by(user).filter(pk=job.pk).exists()


def _manages_person(user: User, person: User) -> bool:
    return person.pk != user.pk and people_managed_by(user).filter(pk=person.pk).exists()


def _is_manager(user: User, thing: object = None) -> bool:
    return user.is_active and user.role in (Role.ADMIN, Role.MANAGER)


def _is_anyone(user: User, thing: object = None) -> bool:
    return user.is_active


# --- the table -------------------------------------------------------------------------------

SIGNED_IN = Action("signed-in", "", _is_anyone)

CREATE_CORPUS = Action("corpus.create", "", _is_manager)
SEE_CORPUS = Action("corpus.see", "corpus", _reads_corpus)
MANAGE_CORPUS = Action("corpus.manage", "corpus", _manages_corpus)
DELETE_CORPUS = Action("corpus.delete", "corpus", _deletes_corpus)
MANAGE_MEMBER = Action("corpus.members", "member", _manages_member)
SEE_ARTICLE = Action("article.see", "article", _reads_article)
MANAGE_ARTICLE = Action("article.manage", "article", _manages_article)

CREATE_CAMPAIGN = Action("campaign.create", "corpus", _manages_corpus)
SEE_CAMPAIGN = Action("campaign.see", "campaign", _reads_campaign)
MANAGE_CAMPAIGN = Action("campaign.manage", "campaign", _manages_campaign)
DELETE_CAMPAIGN = Action("campaign.delete", "campaign", _deletes_campaign)
LABEL_IN_CAMPAIGN = Action("campaign.label", "campaign", _labels_in)

LABEL = Action("assignment.label", "assignment", _owns)
DISCUSS = Action("assignment.discuss", "assignment", _discusses)
REOPEN = Action("assignment.reopen", "assignment", _manages_assignment)

ADJUDICATE = Action("campaign.adjudicate", "campaign", _adjudicates)
SETTLE = Action("assignment.settle", "assignment", _settles)

SEE_AGREEMENT = Action("agreement.see", "campaign", _measures)
RUN_AGREEMENT = Action("agreement.run", "campaign", _runs_agreement)
SEE_OWN_AGAINST_GOLD = Action("agreement.own", "campaign", _sees_own_against_gold)
SEE_AGREEMENT_RUN = Action("agreement.see-run", "run", _reads_run)

SEE_EXPORTS = Action("exports.see", "campaign", _measures)
EXPORT = Action("exports.make", "campaign", _measures)
DOWNLOAD = Action("export.download", "export", _reads_export)

SEE_REGISTRY = Action("registry.see", "registry", _reads_registry)
SEE_PROPOSALS = Action("registry.proposals", "registry", _sees_proposals)
MANAGE_REGISTRY = Action("registry.manage", "registry", _manages_registry)
SEE_ENTITY = Action("entity.see", "entity", _reads_entity)
MANAGE_ENTITY = Action("entity.manage", "entity", _manages_entity)

SEE_JOB = Action("job.see", "job", _sees_job)
CANCEL_JOB = Action("job.cancel", "job", _stops_job)
RETRY_JOB = Action("job.retry", "job", _retries_job)

SEE_PEOPLE = Action("people.see", "", _is_manager)
INVITE = Action("people.invite", "", _is_manager)
MANAGE_PERSON = Action("person.manage", "person", _manages_person)
