"""A job as people see it: what it does, how far it is, what came of it. For every screen that
shows one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotations.corpora.pieces import so_far
from annotations.corpora.uploads import kept_until
from annotations.jobs.models import ENDED_EARLY, LIVE, Job, State
from annotations.web.pacing import figures

TITLES: dict[str, str | Promise] = {
    "adjudicate": _("Settling what annotators agree on"),
    "agreement": _("Measuring agreement"),
    "agreement_count": _("Counting for agreement"),
    "agreement_depth": _("Measuring agreement in depth"),
    "agreement_depth_count": _("Aligning for agreement in depth"),
    "export": _("Exporting"),
    "convert_export": _("Writing an export in another format"),
    "load_articles": _("Loading articles"),
    "index_articles": _("Making articles searchable"),
    "tag_articles": _("Tagging articles"),
    "survey_articles": _("Looking into articles"),
    "revise_article": _("Bringing layers onto a corrected text"),
    "import_layers": _("Loading layers"),
    "survey_annotations": _("Looking into annotations"),
    "load_annotations": _("Loading annotations"),
    "compare_names": _("Comparing names"),
    "count_uses": _("Counting mentions"),
    "empty_trash": _("Emptying the trash"),
    "expire_exports": _("Removing old exports"),
    "survey_registry": _("Looking into a registry"),
    "import_registry": _("Importing a registry"),
}
CHIPS = {
    State.QUEUED: "chip-plain",
    State.RUNNING: "chip-live",
    State.DONE: "chip-good",
    State.FAILED: "chip-bad",
    State.CANCELLED: "chip-warn",
}


@dataclass(frozen=True, slots=True)
class WatchedJob:
    id: UUID
    title: str | Promise
    state: str | Promise
    chip: str
    live: bool
    waiting: bool
    stopping: bool
    done: int
    total: int | None
    message: str
    figures: str
    """How far it is, how fast and how long it still takes; "" where nothing is counted."""
    error: str
    kept: str
    """Where it ended early: what it has done for good."""
    kept_until: datetime | None
    """Where it ended early and its uploads are there still: when they will be removed."""


def shown(job: Job) -> WatchedJob:
    """Return what the page and the fragment show; no queries."""
    live = job.state in LIVE
    until = kept_until(job.args) if job.state in ENDED_EARLY else None
    return WatchedJob(
        id=job.pk,
        title=TITLES.get(job.kind, job.kind),
        state=State(job.state).label,
        chip=CHIPS[State(job.state)],
        live=live,
        waiting=job.state == State.QUEUED,
        stopping=live and job.cancel_requested,
        done=job.done,
        total=job.total,
        message=job.message,
        figures=figures(job),
        error=job.error,
        kept=_kept(job, may_go_on=until is not None) if job.state in ENDED_EARLY else "",
        kept_until=until,
    )


def _kept(job: Job, *, may_go_on: bool) -> str:
    """What stays of a load that went in pieces, and what becomes of the rest."""
    load = so_far(job.checkpoint)
    if load is None:
        return ""
    count = load.report.loaded
    stays = ngettext(
        "%(n)s article of this load is in the corpus already, and stays there.",
        "%(n)s articles of this load are in the corpus already, and stay there.",
        count,
    )
    words = [stays % {"n": number_format(count, force_grouping=True)}]
    if may_go_on:
        words.append(str(_("Tried again, the load goes on from there.")))
    return " ".join(words)
