"""Threads in words: what they are about, who said what, and who will read what is said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.conversation.queries import (
    Letter,
    Place,
    letters,
    notes_at,
    spans_at,
    threads,
)
from annotations.conversation.services import Draft
from annotations.corpora.models import ArticleText
from annotations.schema.services import spec_of
from annotations.spans.requests import SpanImage
from annotations.web.adjudicating import gold_url
from annotations.web.kwic import desk_at
from annotations.web.labels import label_name, values_in_words
from annotations.web.passages import Fact, Version, parts, stretch


@dataclass(frozen=True, slots=True)
class ShownLetter:
    who: str
    at: datetime
    text: str
    is_mine: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class ShownThread:
    """`version` is the span it is about, None for the article; `is_gone`: the span was removed.
    `notes` are the annotator's own about it. `key` is the id that the next message will have; `last`
    the newest message, "" where there is none. `url`: where it stands on the desk, "" for nowhere."""

    layer: int
    span: str
    title: str
    campaign: str
    annotator: str
    url: str
    version: Version | None
    is_gone: bool
    notes: Sequence[str]
    letters: Sequence[ShownLetter]
    waits: bool
    is_open: bool
    readers: str
    key: str
    last: str
    draft: str = ""
    fault: str = ""


def every(user: User) -> Sequence[ShownThread]:
    """Return the threads of a person, those that wait first. Nine queries at most."""
    return _shown(threads(user, policy.layers_discussed_by(user)), user)


def one(
    layer: Assignment, span: UUID | None, user: User, *, draft: Draft | None = None, fault: str = ""
) -> ShownThread | None:
    """Return one thread, which may have no message yet; None where the layer never had that span.
    What was not sent stands in it as it was written. Seven queries at most."""
    found = _shown({(layer.pk, span): False}, user, draft=draft, fault=fault)
    return found[0] if found else None


def _shown(
    places: Mapping[Place, bool], user: User, *, draft: Draft | None = None, fault: str = ""
) -> Sequence[ShownThread]:
    keys = {layer for layer, _span in places}
    layers = Assignment.objects.select_related("article", "campaign", "annotator").in_bulk(keys)
    articles = {layer.article_id for layer in layers.values()}
    said: dict[Place, list[Letter]] = {}
    for letter in letters(keys):
        said.setdefault((letter.layer, letter.span), []).append(letter)
    showing = _Showing(
        user,
        dict(ArticleText.objects.filter(article__in=articles).values_list("article", "text")),
        spans_at(places),
        notes_at(keys),
        _golds(user, layers.values()),
    )
    return [
        showing.thread(layers[place[0]], place[1], said.get(place, ()), draft=draft, fault=fault)
        for place in places
        if place[1] is None or place in showing.spans
    ]


def _golds(user: User, layers: Collection[Assignment]) -> Mapping[tuple[int, int], int]:
    """The person's own gold layers of these articles, by campaign and article; no query for whoever
    asks about nothing but their own layers."""
    theirs = [layer for layer in layers if layer.annotator_id != user.pk]
    if not theirs:
        return {}
    found = policy.assignments_of(user).filter(
        kind=Kind.GOLD,
        campaign__in={layer.campaign_id for layer in theirs},
        article__in={layer.article_id for layer in theirs},
        status__in=(*EDITABLE, Status.SUBMITTED),
    )
    return {(gold.campaign_id, gold.article_id): gold.pk for gold in found}


class _Showing:
    """Threads as one person sees them."""

    def __init__(
        self,
        user: User,
        texts: Mapping[int, str],
        spans: Mapping[Place, tuple[SpanImage, bool]],
        notes: Mapping[Place, Sequence[str]],
        golds: Mapping[tuple[int, int], int],
    ) -> None:
        self.spans = spans
        self._user, self._texts, self._notes, self._golds = user, texts, notes, golds
        self._hides = user.preferred.hide_names

    def thread(
        self,
        layer: Assignment,
        span: UUID | None,
        said: Sequence[Letter],
        *,
        draft: Draft | None,
        fault: str,
    ) -> ShownThread:
        is_own = layer.annotator_id == self._user.pk
        image, is_gone = self.spans[layer.pk, span] if span else (None, False)
        annotator = self._name_of(layer)
        return ShownThread(
            layer=layer.pk,
            span=str(span or ""),
            title=str(layer.article),
            campaign=layer.campaign.name,
            annotator="" if is_own else annotator,
            url=self._url(layer, image),
            version=self._version(layer, image, annotator) if image else None,
            is_gone=is_gone,
            notes=self._notes.get((layer.pk, span), ()),
            letters=[self._letter(each, layer) for each in said],
            waits=any(self._waits(each, layer) for each in said),
            is_open=layer.campaign.status == Campaign.Status.RUNNING,
            readers=_readers(is_own, annotator),
            key=str(draft.id if draft else uuid4()),
            last=str(said[-1].id) if said else "",
            draft=draft.text if draft else "",
            fault=fault,
        )

    def _name_of(self, layer: Assignment) -> str:
        if layer.annotator_id == self._user.pk:
            return _("You")
        return _("An annotator") if self._hides else str(layer.annotator)

    def _letter(self, letter: Letter, layer: Assignment) -> ShownLetter:
        is_mine = letter.by == self._user.pk
        return ShownLetter(
            who=_("You") if is_mine else self._author(letter, layer),
            at=letter.at,
            text=letter.text,
            is_mine=is_mine,
            waits=self._waits(letter, layer),
        )

    def _author(self, letter: Letter, layer: Assignment) -> str:
        """An annotator learns nobody's name; who adjudicates hides annotators' where they chose so."""
        if layer.annotator_id == self._user.pk:
            return _("Adjudicator") if letter.asks else _("Annotator")
        return _("An annotator") if self._hides and not letter.asks else letter.author

    def _waits(self, letter: Letter, layer: Assignment) -> bool:
        """Whether it waits for this person's side."""
        return letter.waits and letter.asks == (layer.annotator_id == self._user.pk)

    def _url(self, layer: Assignment, image: SpanImage | None) -> str:
        start, end = (image.fragments[0][0], image.fragments[-1][1]) if image else (0, 0)
        if layer.annotator_id == self._user.pk:
            return desk_at(layer.pk, layer.article_id, self._texts[layer.article_id], start, end)
        gold = self._golds.get((layer.campaign_id, layer.article_id))
        return gold_url(gold, start, end) if gold else ""

    def _version(self, layer: Assignment, image: SpanImage, annotator: str) -> Version:
        label = spec_of(layer.schema_id).label(image.label)
        text = self._texts[layer.article_id]
        fragments = [(start, end) for start, end in image.fragments]
        around = stretch(text, fragments[0][0], fragments[-1][1])
        values = values_in_words(label.attributes, image.attributes) if label else ()
        return Version(
            annotator=annotator,
            label=label_name(label) if label else None,
            parts=parts(text, fragments, around),
            facts=[Fact(name, value) for name, value in values],
        )


def _readers(is_own: bool, annotator: str) -> str:
    """Who reads what is written here, and what must not stand in it."""
    if is_own:
        return _("Those who adjudicate this campaign read it, and nobody else.")
    return _(
        "%(annotator)s reads it, and who adjudicates this campaign. Tell nothing of what others"
        " labelled."
    ) % {"annotator": annotator}
