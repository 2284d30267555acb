"""Hand out gold layers: who settles which article."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.adjudication.preparing import prepare
from annotations.adjudication.queries import State, first_ready, state_of
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.assignments.services import Impossible
from annotations.corpora.models import Article
from annotations.history import services as history


class Held(Impossible):
    """Another adjudicator has the article; `gold` is their layer, which can be taken over."""

    def __init__(self, gold: Assignment) -> None:
        message = _("%(name)s settles this article already. You can take it over.")
        super().__init__(message % {"name": gold.annotator})
        self.gold = gold


def open_gold(campaign: Campaign, article: Article, *, by: User) -> Assignment:
    """The gold layer of an article that is ready, `by`'s own: the one that is there, or a new one. What
    all annotators have alike is settled in it. Raises Held where it is another's, and Impossible
    where annotators are not done, or the campaign does not run."""
    gold = hand_out(campaign, article.pk, by=by)
    prepare(gold, by=by)
    return gold


def claim_next(campaign: Campaign, *, by: User) -> Assignment | None:
    """The gold layer that this person should settle now: the first that they have open, else one of
    the first article that is ready. No two people are given the same article, nor one person two.
    What all annotators have alike is settled in it. None: nothing is left."""
    gold = _claim(campaign, by)
    if gold is not None:
        prepare(gold, by=by)
    return gold


def take_over(gold: Assignment, *, by: User) -> Assignment:
    """The gold layer is `by`'s own from now on, with all that is in it. Raises Impossible where it is
    submitted: nobody works on it."""
    taken = _take_over(gold, by)
    prepare(taken, by=by)
    return taken


@transaction.atomic
def hand_out(campaign: Campaign, article: int, *, by: User) -> Assignment:
    """The same as `open_gold`, and nothing is settled in the layer."""
    locked = _locked(campaign)
    gold = gold_of(locked, article)
    if gold is not None and gold.status == Status.LOADING:
        raise Impossible(_("A gold layer of this article is being loaded. Try again in a moment."))
    if gold is not None and gold.annotator_id == by.pk:
        return gold
    if gold is not None and gold.annotator_id is not None:
        raise Held(gold)
    if locked.hidden:
        raise Impossible(_("This campaign is in the trash. Restore it first."))
    if locked.status != Campaign.Status.RUNNING:
        raise Impossible(_("This campaign does not run: nothing of it can be settled."))
    if state_of(locked, article) != State.READY:
        raise Impossible(_("This article is not ready: its annotators are not done with it."))
    return _given(locked, article, by)


@transaction.atomic
def hand_back(gold: Assignment) -> None:
    """The gold layer is nobody's, and waits for whoever settles its article next."""
    Assignment.objects.filter(pk=gold.pk, kind=Kind.GOLD, status__in=EDITABLE).update(
        annotator=None, status=Status.WAITING, touched_at=timezone.now()
    )


@transaction.atomic
def _claim(campaign: Campaign, by: User) -> Assignment | None:
    locked = _locked(campaign)
    if locked.status != Campaign.Status.RUNNING or locked.hidden:
        return None
    golds = locked.assignments.filter(kind=Kind.GOLD, withdrawn=False)
    mine = golds.filter(annotator=by, status__in=(Status.WAITING, *EDITABLE))
    if unfinished := mine.order_by("article_id", "slot").first():
        return unfinished
    article = first_ready(locked)
    return _given(locked, article, by) if article else None


@transaction.atomic
def _take_over(gold: Assignment, by: User) -> Assignment:
    held = Assignment.objects.select_for_update(of=("self",), no_key=True)
    locked = held.get(pk=gold.pk, kind=Kind.GOLD)
    if locked.annotator_id == by.pk:
        return locked
    if locked.status not in (Status.WAITING, *EDITABLE):
        raise Impossible(_("This article is settled. Reopen it first, then take it over."))
    before, locked.annotator = locked.annotator, by
    if locked.status == Status.WAITING:
        locked.status = Status.OPEN
    locked.touched_at = timezone.now()
    locked.save(update_fields=["annotator", "status", "touched_at"])
    history.record("assignment.taken-over", locked, by=by, before=str(before or ""))
    return locked


def _locked(campaign: Campaign) -> Campaign:
    """The campaign, locked against whoever hands out its gold layers at the same time: that is rare
    and quick, and leaves nothing to be claimed twice."""
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def gold_of(campaign: Campaign, article: int) -> Assignment | None:
    """Return the gold layer of an article: of several, as files may bring them, the one that settles
    it, else one that somebody has."""
    golds = campaign.assignments.filter(article=article, kind=Kind.GOLD, withdrawn=False)
    ranked = golds.annotate(is_settled=Q(status=Status.SUBMITTED), is_free=Q(annotator=None))
    found: Assignment | None = (
        ranked.select_related("annotator", "article", "corpus", "campaign")
        .order_by("-is_settled", "is_free", "slot")
        .first()
    )
    return found


def _given(campaign: Campaign, article: int, by: User) -> Assignment:
    """A gold layer of the article is `by`'s: the one that waits, or a new one."""
    held = {"annotator": by, "status": Status.OPEN, "touched_at": timezone.now()}
    gold = gold_of(campaign, article)
    if gold is not None:
        Assignment.objects.filter(pk=gold.pk).update(**held)
        gold.refresh_from_db()
    else:
        gold = Assignment.objects.create(
            campaign=campaign,
            corpus_id=campaign.corpus_id,
            schema_id=campaign.schema_id,
            article_id=article,
            kind=Kind.GOLD,
            **held,
        )
    history.record("assignment.adjudicated", gold, by=by)
    return gold
