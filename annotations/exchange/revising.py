"""A corrected text: a new version of an article, and every layer that is at work on it."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign
from annotations.assignments.queries import REOPENED
from annotations.corpora.models import Article
from annotations.corpora.versions import succeed
from annotations.exchange import incoming
from annotations.exchange.assembly import moment
from annotations.exchange.formats import kutip
from annotations.exchange.outgoing import line_over
from annotations.exchange.rebasing import Telling, rebase
from annotations.exchange.records import LayerRecord, article_key
from annotations.exchange.settlements import standing
from annotations.history.services import record
from annotations.text.revising import Revision


@dataclass(slots=True)
class Revised:
    """What a new version did: its key, and counts over all layers that were brought onto it."""

    article: int = 0
    layers: int = 0
    placed: int = 0
    changed: int = 0
    unplaced: int = 0


@transaction.atomic
def revise(
    article: Article,
    text: str,
    *,
    load: UUID,
    by: User | None,
    hold: Callable[[], None],
    wait: Callable[[], None] = lambda: None,
) -> Revised:
    """The article has a newer version with this text, and every layer of a running campaign over
    the older one goes on over the newer one: spans by position or by their words, what has no place
    named in a note. Campaigns that are closed keep the version they were made on. `wait` is called
    again and again while a load is at work. Raises BadVersion, and what `wait` raises."""
    new = succeed(article, text, by=by, wait=wait)
    revised = Revised(new.pk)
    revision = Revision(article.body.text, text)
    running = Campaign.objects.filter(status=Campaign.Status.RUNNING, assignments__article=article)
    for campaign in running.select_related("corpus__registry", "schema").distinct().order_by("pk"):
        held = assignments.follow(campaign, article.pk, new.pk)
        if held:
            _Rebasing(campaign, article, new, text, revision, by).run(held, load, revised)
    hold()
    return revised


class _Rebasing:
    """The layers of one campaign over one article, brought onto its newer version."""

    def __init__(
        self,
        campaign: Campaign,
        old: Article,
        new: Article,
        text: str,
        revision: Revision,
        by: User | None,
    ) -> None:
        self._campaign, self._old, self._new, self._text = campaign, old, new, text
        self._revision, self._by = revision, by
        self._reasons: dict[tuple[str, str], str] = {}

    def run(self, held: Sequence[Assignment], load: UUID, revised: Revised) -> None:
        line = line_over(self._campaign, self._old, [one.pk for one in held])
        about = msgspec.structs.replace(
            line.article,
            id=str(UUID(bytes=article_key(bytes(self._new.sha256)))),
            sha256=bytes(self._new.sha256).hex(),
            text=self._text,
        )
        layers = standing([self._layer(layer, revised) for layer in line.layers])
        written = bytearray()
        kutip.write(msgspec.structs.replace(line, article=about, layers=layers), written)
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
            file.write(written)
            file.flush()
            plan = incoming.Plan(
                self._campaign, Path(file.name), load, self._by, _nobody, _nothing, _nothing_told
            )
            incoming.load(plan)
        self._remember(held)

    def _layer(self, layer: LayerRecord, revised: Revised) -> LayerRecord:
        at = moment(f"{timezone.now().astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}")
        title = _("The text was corrected. These spans have no place in it any more:")
        telling = Telling(self._by.username if self._by else layer.annotator, at, title)
        rebased, told = rebase(layer, self._revision, self._text, telling)
        revised.layers += 1
        revised.placed += told.placed
        revised.changed += told.changed
        revised.unplaced += len(told.unplaced)
        if rebased.status != layer.status:
            self._reasons[layer.annotator, layer.kind] = _reason(len(told.unplaced))
        return rebased

    def _remember(self, held: Sequence[Assignment]) -> None:
        """The new assignments know what no line carries: the time that was worked, why an article
        was set aside or came back."""
        for old in held:
            new = Assignment.objects.get(
                campaign=self._campaign,
                article=self._new,
                annotator=old.annotator,
                kind=old.kind,
            )
            Assignment.objects.filter(pk=new.pk).update(
                active_seconds=old.active_seconds, skip_reason=old.skip_reason
            )
            name = old.annotator.username if old.annotator else ""
            if reason := self._reasons.get((name, old.kind)):
                record(REOPENED, new, by=self._by, reason=reason)


def _reason(unplaced: int) -> str:
    if not unplaced:
        return _("The text was corrected, and words that you labelled changed.")
    words = ngettext(
        "The text was corrected: %(n)s span waits to be placed.",
        "The text was corrected: %(n)s spans wait to be placed.",
        unplaced,
    )
    return words % {"n": unplaced}


def _nobody(done: int, total: int, message: str) -> None:
    pass


def _nothing() -> None:
    pass


def _nothing_told(report: incoming.Report) -> None:
    pass
