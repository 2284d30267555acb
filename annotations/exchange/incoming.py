"""A file of layers into a campaign: checked whole, then written unseen, then seen all at once."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article
from annotations.exchange.crew import Crew, crew
from annotations.exchange.newcomers import UnfitLine, bring_entities, named
from annotations.exchange.places import Overtaken, Placed, Placing
from annotations.exchange.reading import Summary, Task
from annotations.exchange.reasons import sentence
from annotations.exchange.turns import turn
from annotations.exchange.writing import Load
from annotations.history import services as history
from annotations.limits import LIMITS
from annotations.prepared.plans import forget_plans
from annotations.schema.services import label_ids, relation_type_ids, spec_of

SMALL = 2_000_000
"""Up to so many bytes, starting a second loader costs more than it gains."""
LOADERS = 2
ATTEMPTS = 5
"""How often places are looked for, when others take them at the same moment."""
SKIPPED_SHOWN = 1_000

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much (in bytes of the file, twice), and what. May raise."""


class BadFile(ValueError):
    """The file is refused, nothing of it was loaded. The message is for people; `line` from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(_("Line %(line)s: %(message)s") % {"line": line, "message": message})
        self.line = line


class NotRunning(ValueError):
    """Layers come only into a campaign that runs; the message is for people."""


@dataclass(slots=True)
class Skipped:
    """A layer that was not loaded, as its annotator has work on the article already."""

    line: int
    annotator: str
    kind: str
    article: str


@dataclass(slots=True)
class Report:
    """What a load did. `skipped` holds the first of `skipped_count`."""

    layers: int = 0
    spans: int = 0
    relations: int = 0
    skipped_count: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    new_annotators: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """One load: into which campaign, from which file, for whom, and who is told."""

    campaign: Campaign
    file: Path
    id: UUID
    by: User | None
    progress: Progress
    hold: Callable[[], None]
    finish: Callable[[Report], None]


def load(plan: Plan) -> Report:
    """The layers of the file are in the campaign, all at once, but those skipped.

    Raises BadFile or NotRunning, and then nothing has changed. One load of a campaign at a time.
    """
    if plan.campaign.status != Campaign.Status.RUNNING:
        raise NotRunning(_("Layers can be loaded only into a campaign that runs."))
    with turn(plan.campaign, plan.progress), _folder(plan) as folder:
        tasks = _tasks(plan, folder)
        try:
            with crew(tasks) as loaders:
                return _load(plan, loaders)
        except UnfitLine as unfit:
            raise BadFile(unfit.line, sentence(unfit.code, unfit.values)) from unfit
        except BaseException:
            if len(tasks) > 1:  # only then was anything committed; the loaders are gone by now
                assignments.discard_load(plan.id, plan.campaign)
            raise


def _load(plan: Plan, loaders: Crew) -> Report:
    summaries = loaders.read(_told(plan, _("Checking the file"), 0, 1))
    _refuse_faults(summaries)
    with transaction.atomic() if loaders.together else nullcontext():
        placed, order = _prepared(plan, loaders.tasks, summaries)
        size = plan.file.stat().st_size
        loaders.write(order, _told(plan, _("Writing"), size, size / (placed.layers or 1)))
        with transaction.atomic():
            return _publish(plan, placed)


def _prepared(
    plan: Plan, tasks: Sequence[Task], summaries: Sequence[Summary]
) -> tuple[Placed, Load]:
    """`_prepare`, in a transaction of its own, again where somebody came in between."""
    for _attempt in range(ATTEMPTS - 1):
        with suppress(Overtaken), transaction.atomic():
            return _prepare(plan, tasks, summaries)
    with transaction.atomic():
        return _prepare(plan, tasks, summaries)


def _prepare(
    plan: Plan, tasks: Sequence[Task], summaries: Sequence[Summary]
) -> tuple[Placed, Load]:
    """Every layer has its place, everyone and every entity is known: loaders may write."""
    now = timezone.now()
    forget_plans()
    entities = bring_entities(plan.campaign.corpus.registry, named(summaries), plan.by)
    placing = Placing(plan.campaign, plan.id, now)
    for task, before in zip(tasks, _lines_before(summaries), strict=True):
        placing.part(task, before)
    people = placing.people(_authors(summaries))
    by = plan.by.pk if plan.by else None
    return placing.placed, Load(plan.id, now, by, entities, people)


def _authors(summaries: Sequence[Summary]) -> dict[str, int]:
    """Who wrote the file's notes, each with the first line, in the whole file, that says so."""
    first: dict[str, int] = {}
    for summary, before in zip(summaries, _lines_before(summaries), strict=True):
        for name, line in summary.authors.items():
            first.setdefault(name, before + line)
    return first


def _publish(plan: Plan, placed: Placed) -> Report:
    """What was written is seen, and the report stands with it."""
    plan.hold()
    assignments.publish_load(plan.id, others=placed.others)
    report = _report(placed)
    counts = {"layers": report.layers, "spans": report.spans, "skipped": report.skipped_count}
    history.record("campaign.layers_loaded", plan.campaign, by=plan.by, **counts)
    plan.finish(report)
    return report


def _report(placed: Placed) -> Report:
    shown = placed.skipped[:SKIPPED_SHOWN]
    articles = Article.objects.in_bulk([article for *_, article in shown])
    return Report(
        layers=placed.layers,
        spans=placed.spans,
        relations=placed.relations,
        skipped_count=len(placed.skipped),
        skipped=[
            Skipped(line, annotator, kind, articles[article].external_id or str(articles[article]))
            for line, annotator, kind, article in shown
        ],
        new_annotators=placed.strangers,
    )


def _lines_before(summaries: Sequence[Summary]) -> list[int]:
    """For each part, how many lines the parts before it have."""
    return list(accumulate((summary.lines for summary in summaries[:-1]), initial=0))


def _refuse_faults(summaries: Sequence[Summary]) -> None:
    for summary, before in zip(summaries, _lines_before(summaries), strict=True):
        if fault := summary.fault:
            raise UnfitLine(before + fault.line, fault.code, **fault.values)


# the parts of a file ------------------------------------------------------------------------------


def _tasks(plan: Plan, folder: Path) -> list[Task]:
    """One part for each loader: a small file, and one loaded within a transaction, has one."""
    schema = plan.campaign.schema_id
    bounds = _bounds(plan.file, 1 if connection.in_atomic_block else LOADERS)
    return [
        Task(
            file=str(plan.file.absolute()),
            begin=begin,
            end=end,
            folder=str(folder),
            part=part,
            spec=spec_of(schema),
            labels=label_ids(schema),
            relations=relation_type_ids(schema),
        )
        for part, (begin, end) in enumerate(pairwise(bounds))
    ]


def _bounds(file: Path, parts: int) -> list[int]:
    """Where the parts of a file begin, and where the last one ends: each at the begin of a line."""
    size = file.stat().st_size
    bounds = [0]
    with file.open("rb") as stream:
        for part in range(1, parts if size > SMALL else 1):
            stream.seek(size * part // parts)
            stream.readline(LIMITS.layer_line_bytes)
            bounds.append(stream.tell())
    return [*bounds, size]


# between the two passes --------------------------------------------------------------------------


@contextmanager
def _folder(plan: Plan) -> Iterator[Path]:
    """A folder for what stands between the two passes. What a load that died left in it goes."""
    folder = Path(settings.EXPORT_DIR, "loads", str(plan.campaign.pk))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# progress -----------------------------------------------------------------------------------------


def _told(plan: Plan, message: str, begin: float, share: float) -> Callable[[int], None]:
    """A progress of one pass: from `begin` on, each unit of it is worth `share` bytes."""
    size = plan.file.stat().st_size
    done = begin

    def more(units: int) -> None:
        nonlocal done
        done += units * share
        plan.progress(min(round(done), 2 * size), 2 * size, message)

    return more
