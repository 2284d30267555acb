"""What jobs are about: the corpora, campaigns and registries that their arguments name, as far as
this person may go there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.urls import reverse

from annotations import policy
from annotations.accounts.models import User
from annotations.jobs.models import Job

# of each kind whose work has a page of its own, where that is: for those who manage the thing
REPORTS: Mapping[str, tuple[str, str]] = {
    "load_articles": ("load", "corpus"),
    "survey_articles": ("articles_look", "corpus"),
    "survey_annotations": ("annotated_survey", "corpus"),
    "load_annotations": ("annotated_load", "corpus"),
    "import_layers": ("layers_report", "campaign"),
    "revise_article": ("correction", "corpus"),
    "survey_registry": ("registry_look", "registry"),
    "import_registry": ("registry_look", "registry"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """`key` is its word in URLs; `managed`: this person manages it."""

    name: str
    url: str
    key: Any
    managed: bool


@dataclass(frozen=True, slots=True)
class Things:
    """What some jobs are about, by the word of the arguments and the key there."""

    known: Mapping[tuple[str, int], Thing] = field(default_factory=dict)

    def of(self, job: Job) -> Thing | None:
        """The nearest thing that the job is about and that one may read."""
        words = ("campaign", "corpus", "registry")
        found = (self.known.get((word, _key(job, word))) for word in words)
        return next(filter(None, found), None)

    def report(self, job: Job) -> str:
        """Where the job's own page of results is, or ""."""
        name, word = REPORTS.get(job.kind, ("", ""))
        thing = self.known.get((word, _key(job, word)))
        return reverse(name, args=[thing.key, job.pk]) if thing and thing.managed else ""


def things_of(jobs: Iterable[Job], user: User) -> Things:
    """Three queries, one for each kind of thing that is named at all."""
    some = list(jobs)
    known: dict[tuple[str, int], Thing] = {}
    readable: tuple[tuple[str, QuerySet[Any], QuerySet[Any], str], ...] = (
        (
            "corpus",
            policy.corpora_read_by(user),
            policy.corpora_managed_by(user),
            "slug",
        ),
        (
            "campaign",
            policy.campaigns_read_by(user),
            policy.campaigns_managed_by(user),
            "slug",
        ),
        (
            "registry",
            policy.registries_read_by(user),
            policy.registries_managed_by(user),
            "pk",
        ),
    )
    for word, read, managed, key in readable:
        mine = read.filter(pk__in={_key(job, word) for job in some} - {0})
        for thing in mine.annotate(managed=Exists(managed.filter(pk=OuterRef("pk")))):
            known[word, thing.pk] = _thing(word, thing, getattr(thing, key))
    return Things(known)


def _thing(word: str, thing: Model, key: Any) -> Thing:
    name, managed = getattr(thing, "name", ""), getattr(thing, "managed", False)
    return Thing(str(name), reverse(word, args=[key]), key, bool(managed))


def _key(job: Job, word: str) -> int:
    """The key that the arguments hold under this word, 0 for none."""
    key = job.args.get(word)
    return key if isinstance(key, int) else 0
