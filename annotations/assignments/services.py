"""Design campaigns, hand out articles, open and close assignments."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.core.validators import slug_re
from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import Role, User
from annotations.assignments.models import (
    EDITABLE,
    Assignment,
    Campaign,
    CampaignAnnotator,
    Kind,
    Status,
    Stories,
)
from annotations.assignments.queries import REOPENED
from annotations.corpora.models import Corpus, Membership, Tag
from annotations.corpora.upkeep import is_behind
from annotations.history import services as history
from annotations.schema.models import Schema
from annotations.schema.services import freeze

RESERVED = frozenset({"new"})
"""Words that stand in the place of a slug in addresses."""


class Impossible(ValueError):
    """A design or a step that cannot be; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a campaign offers and demands: suggestions at the desk; every quotation of an article
    attributed or waived before it is submitted; what becomes of articles that tell one story; whether
    annotators see how far their own layers agree with the gold ones."""

    suggestions: bool = True
    quote_coverage: bool = False
    stories: str = Stories.EACH
    gold_shown: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """What a campaign is to be. `overlap` is how many annotators label each article; with a `tag`
    only articles that have it are labelled."""

    slug: str
    name: str
    corpus: Corpus
    schema: Schema
    annotators: Sequence[User]
    overlap: int
    instructions: str = ""
    options: Options = Options()
    tag: Tag | None = None


@transaction.atomic
def create_campaign(design: Design, *, by: User | None) -> Campaign:
    """A draft campaign stands. Refuses (Impossible) a bad slug or one in use, no annotators, an
    overlap below 1, above 50 or above the number of annotators, a tag of another corpus, a corpus
    in the trash."""
    people = list({user.pk: user for user in design.annotators}.values())
    if not slug_re.fullmatch(design.slug) or len(design.slug) > 100 or design.slug in RESERVED:
        raise Impossible(
            _("“%(slug)s” cannot be a short name: use letters, digits, “-” and “_”.")
            % {"slug": design.slug}
        )
    refuse_taken(design.slug)
    if not people:
        raise Impossible(_("A campaign needs at least one annotator."))
    if not 1 <= design.overlap <= min(50, len(people)):
        raise Impossible(
            _("With %(people)s annotators each article can be labelled 1 to %(people)s times.")
            % {"people": min(50, len(people))}
        )
    if design.tag is not None and design.tag.corpus_id != design.corpus.pk:
        raise Impossible(_("This tag belongs to another corpus."))
    if Corpus.objects.select_for_update(no_key=True).get(pk=design.corpus.pk).withdrawn_at:
        raise Impossible(_("This corpus is in the trash. Restore it first."))
    campaign = Campaign.objects.create(
        slug=design.slug,
        name=design.name or design.slug,
        corpus=design.corpus,
        schema=design.schema,
        overlap=design.overlap,
        instructions=design.instructions,
        suggestions=design.options.suggestions,
        quote_coverage=design.options.quote_coverage,
        stories=design.options.stories,
        gold_shown=design.options.gold_shown,
        tag=design.tag,
        created_by=by,
    )
    CampaignAnnotator.objects.bulk_create(
        CampaignAnnotator(campaign=campaign, user=user) for user in people
    )
    Membership.objects.bulk_create(
        (Membership(corpus=design.corpus, user=user, role=Role.ANNOTATOR) for user in people),
        ignore_conflicts=True,
    )
    history.record("campaign.created", campaign, by=by)
    return campaign


def refuse_taken(slug: str) -> None:
    """Raises Impossible where a campaign has this short name, be it in the trash, or none may."""
    there = Campaign.objects.filter(slug=slug).first()
    if there is None and slug not in RESERVED:
        return
    words = _("There is a campaign “%(slug)s” already.")
    if there is not None and there.hidden:
        words = _("A campaign in the trash is called “%(slug)s”. Choose another short name.")
    raise Impossible(words % {"slug": slug})


@transaction.atomic
def change_options(campaign: Campaign, options: Options, *, by: User | None) -> None:
    """The draft has these options. Refuses (Impossible) a campaign that was started: the layers of
    one campaign are made under one set of rules."""
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.status != Campaign.Status.DRAFT:
        raise Impossible(_("This campaign was started: its options can change no more."))
    told = asdict(options)
    Campaign.objects.filter(pk=locked.pk).update(**told)
    history.record("campaign.options-changed", locked, by=by, **told)


@transaction.atomic
def start(campaign: Campaign, *, by: User | None) -> int:
    """The campaign runs: its schema version is frozen and every article of its corpus, or of its
    part of it, has its assignments. Starting it again adds those of articles loaded or tagged
    since. Returns how many.

    Refuses (Impossible) a closed campaign, one in the trash, and one of single stories while
    articles are still compared: nobody knows yet which tell the same.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.hidden:
        raise Impossible(_("This campaign is in the trash. Restore it first."))
    if locked.status == Campaign.Status.CLOSED:
        raise Impossible(_("This campaign is closed."))
    if locked.stories != Stories.EACH and is_behind(locked.corpus):
        raise Impossible(
            _("The articles are still being compared with one another. Try again in a moment.")
        )
    freeze(locked.schema)
    made = _make_places(locked)
    now = timezone.now()
    Campaign.objects.filter(pk=locked.pk).update(
        status="running", started_at=locked.started_at or now
    )
    campaign.refresh_from_db()
    history.record("campaign.started", campaign, by=by, assignments=made)
    return made


def _make_places(campaign: Campaign, articles: list[int] | None = None) -> int:
    """Every article of the corpus (or of these) has its places; those there are stay: of a story
    that is labelled once, the article that has some is the one. Returns how many were made."""
    people = list(campaign.places.order_by("pk").values_list("user_id", flat=True))
    everyone = people if len(people) == campaign.overlap else [None] * campaign.overlap
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO assignment (campaign_id, corpus_id, schema_id, article_id, annotator_id,
                      kind, status, slot, revision, span_count, relation_count, active_seconds,
                      skip_reason)
               SELECT %(campaign)s, a.corpus_id, %(schema)s, a.id, p.person, 'annotator', 'waiting',
                      p.slot, 0, 0, 0, 0, ''
                 FROM (SELECT DISTINCT ON (story) a.id, a.corpus_id, story
                         FROM article a LEFT JOIN article_cluster c ON c.article_id = a.id,
                              LATERAL (SELECT CASE WHEN %(one)s THEN c.cluster END) s (cluster),
                              LATERAL (SELECT coalesce(s.cluster, a.id)) t (story)
                        WHERE a.corpus_id = %(corpus)s AND a.withdrawn_at IS NULL
                          AND NOT a.superseded
                          AND (%(articles)s::bigint[] IS NULL OR a.id = ANY(%(articles)s))
                          AND (%(tag)s::bigint IS NULL OR EXISTS (
                               SELECT FROM article_tag u
                                WHERE u.tag_id = %(tag)s AND u.article_id = a.id))
                        ORDER BY story, NOT (%(one)s AND EXISTS (
                              SELECT FROM assignment g
                               WHERE g.campaign_id = %(campaign)s AND g.article_id = a.id
                                 AND NOT g.withdrawn)), a.id) a,
                      unnest(%(people)s::bigint[]) WITH ORDINALITY AS p (person, slot)
                ORDER BY a.id, p.slot
               ON CONFLICT DO NOTHING""",
            {
                "campaign": campaign.pk,
                "corpus": campaign.corpus_id,
                "schema": campaign.schema_id,
                "people": everyone,
                "articles": articles,
                "one": campaign.stories == Stories.ONE,
                "tag": campaign.tag_id,
            },
        )
        made: int = cursor.rowcount
    return made


def follow(campaign: Campaign, old: int, new: int) -> Sequence[Assignment]:
    """A newer version of an article is handed out as the older one was, of which nothing is handed
    out any more. Returns the assignments over the older one that hold somebody's work. To be called
    in a transaction."""
    _make_places(campaign, [new])
    before = campaign.assignments.filter(article=old)
    held = list(
        before.exclude(status__in=(Status.WAITING, Status.LOADING))
        .exclude(status=Status.OPEN, revision=0)
        .select_related("annotator")
        .order_by("pk")
    )
    before.update(withdrawn=True)
    return held


@transaction.atomic
def close(campaign: Campaign, *, by: User | None) -> None:
    """Nobody gets another article of this campaign, and its open layers can change no more."""
    Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.CLOSED)
    history.record("campaign.closed", campaign, by=by)


@transaction.atomic
def claim_next(campaign: Campaign, user: User) -> Assignment | None:
    """The article this person should label now: one they have open, else the first that waits
    for them or for anyone. No two people are ever given the same place. None: nothing is left."""
    if campaign.status != Campaign.Status.RUNNING or campaign.hidden:
        return None
    mine = campaign.assignments.filter(annotator=user, kind="annotator", withdrawn=False)
    if unfinished := mine.filter(status__in=EDITABLE).order_by("article_id").first():
        return unfinished
    waiting = campaign.assignments.select_for_update(skip_locked=True).filter(
        kind="annotator", status=Status.WAITING, withdrawn=False
    )
    free = waiting.none()
    if campaign.places.filter(user=user).exists():
        seen = mine.values("article_id")
        free = waiting.filter(annotator=None).exclude(article_id__in=seen)
    chosen = None
    if campaign.stories == Stories.TOGETHER:
        chosen = _of_the_same_story(mine, waiting.filter(annotator=user), free)
    chosen = chosen or _first(waiting.filter(annotator=user), free)
    if chosen:
        _open(chosen, user)
    return chosen


def _first(*some: QuerySet[Assignment]) -> Assignment | None:
    """The first that waits, of the first of these that has any."""
    return next(filter(None, (one.order_by("article_id", "slot").first() for one in some)), None)


def _of_the_same_story(
    mine: QuerySet[Assignment], *some: QuerySet[Assignment]
) -> Assignment | None:
    """The first that waits on an article that tells what the person's last one told."""
    last = mine.order_by(F("touched_at").desc(nulls_last=True), "-pk")
    story = last.values_list("article__cluster__cluster", flat=True).first()
    if story is None:
        return None
    return _first(*(one.filter(article__cluster__cluster=story) for one in some))


def _open(assignment: Assignment, user: User) -> None:
    assignment.annotator, assignment.status = user, Status.OPEN
    assignment.touched_at = timezone.now()
    assignment.save(update_fields=["annotator", "status", "touched_at"])


@transaction.atomic
def open_own(assignment: Assignment, user: User) -> Assignment:
    """An assignment that waits for this person is open; any other is returned as it is."""
    locked = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if locked.annotator_id == user.pk and locked.status == Status.WAITING:
        _open(locked, user)
    return locked


@transaction.atomic
def skip(assignment: Assignment, *, reason: str, by: User) -> None:
    """The annotator cannot label this article; it goes to the manager with the reason."""
    locked = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if locked.kind == Kind.GOLD:
        raise Impossible(_("A gold layer cannot be set aside: somebody else can take it over."))
    if locked.status not in EDITABLE:
        raise Impossible(_("Only an open article can be set aside."))
    if not reason.strip():
        raise Impossible(_("Say in a few words why this article cannot be labelled."))
    Assignment.objects.filter(pk=locked.pk).update(
        status=Status.SKIPPED, skip_reason=reason.strip()[:2000], touched_at=timezone.now()
    )
    history.record("assignment.skipped", locked, by=by, reason=reason.strip()[:2000])


@transaction.atomic
def reopen(assignment: Assignment, *, by: User | None, reason: str = "") -> None:
    """A submitted layer may change again; agreement and exports leave it out meanwhile. The
    annotator reads the reason (`queries.reopenings`), of which 2,000 code points are kept."""
    locked = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if locked.status not in (Status.SUBMITTED, Status.SKIPPED):
        raise Impossible(_("Only a submitted or skipped article can be reopened."))
    Assignment.objects.filter(pk=locked.pk).update(status=Status.REOPENED)
    history.record(REOPENED, locked, by=by, reason=reason.strip()[:2000])


def add_active_seconds(assignment_id: int, user: User, seconds: int) -> None:
    """Count time that the person was active on the article; at most a minute a call."""
    Assignment.objects.filter(pk=assignment_id, annotator=user, status__in=EDITABLE).update(
        active_seconds=F("active_seconds") + max(0, min(seconds, 60))
    )


def publish_load(load: UUID, *, others: Mapping[str, Sequence[int]]) -> int:
    """The layers of a load become visible, all at once, as submitted; `others` names those that
    become something else, by their status. Returns how many."""
    status = Case(
        *(When(pk__in=pks, then=Value(status)) for status, pks in others.items()),
        default=Value(str(Status.SUBMITTED)),
    )
    return Assignment.objects.filter(load_job=load, status=Status.LOADING).update(
        status=status, load_job=None
    )


@transaction.atomic
def discard_load(load: UUID, campaign: Campaign) -> int:
    """Nothing is left of a load that was not published, and the places it had taken wait again.
    A loader that was killed while it committed is waited for. Returns how many layers it had."""
    loading = campaign.assignments.filter(load_job=load, status=Status.LOADING)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        articles = [*set(loading.select_for_update().values_list("article_id", flat=True))]
        cursor.execute("SELECT discard_load(%s)", [load])
        gone: int = cursor.fetchone()[0]
    if articles:
        _make_places(campaign, articles)
    return gone
