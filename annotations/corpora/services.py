"""Make corpora and fill them. The same text twice is one article, remembered as met again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import Role, User
from annotations.corpora.loading import Chunks, Loading, Progress, Spoilt, readings, take_turn
from annotations.corpora.models import Corpus, Membership
from annotations.corpora.readers import kinds
from annotations.corpora.readers.columns import Wish
from annotations.corpora.readers.dates import usual_order
from annotations.corpora.readers.drafts import LineRefusal, Reading
from annotations.corpora.readers.sources import Source
from annotations.corpora.reports import LOADED, LoadReport, Record, Tally
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.upkeep import count_loaded
from annotations.history.services import record
from annotations.registry.models import Registry

Finish = Callable[[LoadReport], None]

RESERVED = frozenset({"new"})
"""Words that stand in the place of a slug in addresses."""


class Policy(StrEnum):
    """What a refusal does to the rest of a load."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP = "skip"


class SlugTakenError(ValueError):
    """Another corpus has this name for outsiders, or it means something else in addresses."""


@transaction.atomic
def create_corpus(
    slug: str,
    *,
    name: str,
    by: User | None,
    language: str = "id",
    title_in_text: bool = False,
    registry: Registry | None = None,
) -> Corpus:
    """A corpus exists with a registry (its own unless one is given); `by` is its manager.

    Raises SlugTakenError.
    """
    if slug in RESERVED:
        raise SlugTakenError(_("“%(slug)s” cannot be used.") % {"slug": slug})
    corpus = Corpus(
        slug=slug, name=name, language=language, title_in_text=title_in_text, created_by=by
    )
    corpus.registry = registry or _own_registry(slug, name)
    try:
        with transaction.atomic():
            corpus.save(force_insert=True)
    except IntegrityError as error:
        raise SlugTakenError(_taken(slug) % {"slug": slug}) from error
    if by is not None:
        Membership.objects.create(corpus=corpus, user=by, role=Role.MANAGER)
    CorpusSummary.objects.create(corpus=corpus)
    record("corpus.created", corpus, by=by, slug=slug)
    return corpus


def _taken(slug: str) -> str:
    if Corpus.objects.filter(slug=slug).exclude(withdrawn_at=None).exists():
        return _("A corpus in the trash is called “%(slug)s”. Choose another short name.")
    return _("Another corpus is called “%(slug)s”.")


def _own_registry(slug: str, name: str) -> Registry:
    """A new registry named as the corpus; where that name is taken, the slug tells them apart."""
    free = not Registry.objects.filter(name=name).exists()
    return Registry.objects.get_or_create(name=name if free else f"{name} ({slug})")[0]


def as_wished(sources: Iterable[Source], wishes: Iterable[Wish], corpus: Corpus) -> list[Source]:
    """Return the files as they are to be read for this corpus: their columns as `wishes` say, and
    numeric dates that nothing decides as people of its language write them."""
    order = usual_order(corpus.language)
    return [replace(source, wishes=tuple(wishes), order=order) for source in sources]


def load(
    corpus: Corpus,
    sources: Iterable[Source],
    *,
    by: User | None,
    policy: Policy = Policy.ALL_OR_NOTHING,
    progress: Progress = lambda done, total: None,
    journal: Record = lambda row: None,
    finish: Finish = lambda report: None,
) -> LoadReport:
    """Every article of the sources is in the corpus once, or its refusal is reported.

    With ALL_OR_NOTHING one refusal leaves the corpus as it was; what follows is still read, so
    that the report names every fault. One transaction; one load of a corpus at a time; constant
    memory. `journal` gets every line not loaded; `finish` the report, in that transaction.
    Whatever `progress` raises stops the load and leaves nothing.
    """
    with ExitStack() as opened:
        files = kinds.unpacked(sources, opened)
        return load_readings(
            corpus,
            readings(files, progress),
            files=files,
            by=by,
            policy=policy,
            progress=progress,
            journal=journal,
            finish=finish,
        )


def load_readings(
    corpus: Corpus,
    found: Iterator[Reading],
    *,
    files: Sequence[Source | LineRefusal] = (),
    by: User | None,
    policy: Policy,
    progress: Progress,
    journal: Record,
    finish: Finish,
) -> LoadReport:
    """As `load`, of what a reader found in these files."""
    tally = Tally(journal, files)
    made = Chunks(found, title_in_text=corpus.title_in_text)
    try:
        return _load(corpus, made, tally, by, policy, progress, finish)
    except Spoilt:
        _only_refusals(made, tally)
    report = tally.report(kept=False)
    with transaction.atomic():
        finish(report)
    return report


@transaction.atomic
def _load(
    corpus: Corpus,
    made: Chunks,
    tally: Tally,
    by: User | None,
    policy: Policy,
    progress: Progress,
    finish: Finish,
) -> LoadReport:
    take_turn(corpus, lambda: progress(0, 0))
    loading = Loading(corpus, tally, timezone.now(), skip=policy is Policy.SKIP)
    for chunk in made:
        loading.take(chunk, made.advance)
    count_loaded(corpus, loading.count, loading.last)
    report = tally.report(kept=True)
    counts = {"loaded": report.loaded, "already": report.already, "refused": report.refused}
    record(LOADED, corpus, by=by, **counts)
    finish(report)
    return report


def _only_refusals(made: Chunks, tally: Tally) -> None:
    for chunk in made:
        for found in chunk:
            tally.read(found if isinstance(found, LineRefusal) else found.draft)
            if isinstance(found, LineRefusal):
                tally.refused(found)
