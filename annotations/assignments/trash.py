"""Campaigns and corpora in the trash: hidden with all that hangs on them, and put back as they were.

Nothing below them changes meanwhile: no assignment is touched, however many there are. What a job
was about to do with them is stopped; making articles searchable is not, which harms nothing.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Corpus
from annotations.corpora.withdrawing import restorable
from annotations.history.services import record
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job

_HARMLESS = ("index_articles",)


@transaction.atomic
def withdraw_corpus(corpus: Corpus, *, by: User | None) -> bool:
    """The corpus is in the trash, for 30 days, and its campaigns are hidden. False: it was."""
    locked = Corpus.objects.select_for_update(no_key=True).get(pk=corpus.pk)
    if locked.withdrawn_at is not None:
        return False
    Corpus.objects.filter(pk=locked.pk).update(withdrawn_at=timezone.now())
    Campaign.objects.filter(corpus=locked).update(hidden=True)
    stop = jobs_of_corpus(locked)
    record("corpus.withdrawn", locked, by=by, slug=locked.slug, stopped=_stop(stop, by))
    return True


@transaction.atomic
def restore_corpus(corpus: Corpus, *, by: User | None) -> bool:
    """The corpus is there again, with its campaigns but those that lay in the trash by themselves.
    False: it was not in the trash, or for too long."""
    held = Corpus.objects.select_for_update(no_key=True)
    locked = restorable(held).filter(pk=corpus.pk).first()
    if locked is None:
        return False
    Corpus.objects.filter(pk=locked.pk).update(withdrawn_at=None)
    Campaign.objects.filter(corpus=locked, withdrawn_at=None).update(hidden=False)
    record("corpus.restored", locked, by=by, slug=locked.slug)
    return True


@transaction.atomic
def withdraw_campaign(campaign: Campaign, *, by: User | None) -> bool:
    """The campaign is in the trash, for 30 days. False: it was."""
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if locked.withdrawn_at is not None:
        return False
    Campaign.objects.filter(pk=locked.pk).update(withdrawn_at=timezone.now(), hidden=True)
    stop = jobs_of_campaign(locked)
    record("campaign.withdrawn", locked, by=by, slug=locked.slug, stopped=_stop(stop, by))
    return True


@transaction.atomic
def restore_campaign(campaign: Campaign, *, by: User | None) -> bool:
    """The campaign is there again, as it was; hidden while its corpus is in the trash. False: it
    was not in the trash, or for too long."""
    corpus = Corpus.objects.select_for_update(no_key=True).get(pk=campaign.corpus_id)
    held = Campaign.objects.select_for_update(no_key=True)
    locked = restorable(held).filter(pk=campaign.pk).first()
    if locked is None:
        return False
    hidden = corpus.withdrawn_at is not None
    Campaign.objects.filter(pk=locked.pk).update(withdrawn_at=None, hidden=hidden)
    record("campaign.restored", locked, by=by, slug=locked.slug)
    return True


def jobs_of_corpus(corpus: Corpus) -> Q:
    """The jobs about a corpus or about one of its campaigns, as a condition."""
    about = Q(args__contains={"corpus": corpus.pk})
    for campaign in corpus.campaigns.all():
        about |= jobs_of_campaign(campaign)
    return about


def jobs_of_campaign(campaign: Campaign) -> Q:
    return Q(args__contains={"campaign": campaign.pk})


def stopped(about: Q) -> QuerySet[Job]:
    """Those of the jobs that are stopped when what they are about goes into the trash."""
    return Job.objects.filter(about, state__in=LIVE).exclude(kind__in=_HARMLESS)


def _stop(about: Q, by: User | None) -> int:
    """Those of the jobs that wait or run are asked to stop. Returns how many."""
    keys = list(stopped(about).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        jobs.cancel(key, by=by)
    return len(keys)
