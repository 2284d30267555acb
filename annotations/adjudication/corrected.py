"""What annotators are corrected in: their own submitted layers beside the submitted gold ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, QuerySet

from annotations.accounts.models import User
from annotations.adjudication.corrections import Correction, corrections
from annotations.adjudication.queries import entities_in, layers_of
from annotations.adjudication.records import Layer, Named
from annotations.assignments.models import EDITABLE, Assignment, Campaign, Kind, Status
from annotations.registry.queries import goes_on_as, seen_by
from annotations.spans import images
from annotations.spans.remarks import SettlementImage

MOST = 200
"""Layers of a campaign that are looked at at once, those of the newest articles: a second of work where
each has forty spans and as many relations."""

_GOLD = Assignment.objects.filter(
    campaign=OuterRef("campaign"),
    article=OuterRef("article"),
    kind=Kind.GOLD,
    status=Status.SUBMITTED,
    withdrawn=False,
).order_by("slot")

_SETTLEMENTS = f"""
SELECT m.assignment_id, {images.REMARK_COLUMNS} FROM remark m
 WHERE m.assignment_id = ANY(%s) AND m.kind = 'settlement' AND NOT m.removed
   AND m.body->>'reason' <> ''
 ORDER BY m.at, m.id"""


class Corrections(msgspec.Struct, frozen=True):
    """What gold has otherwise than one's own layer, as programs read it."""

    assignment: int
    article: int
    revision: int
    corrections: list[Correction]


@dataclass(frozen=True, slots=True)
class Corrected:
    """One's own layer, and what gold has otherwise."""

    layer: Assignment
    corrections: Sequence[Correction]


def settled_for(user: User) -> QuerySet[Assignment]:
    """The layers that this person submitted, whose articles have a submitted gold layer, in campaigns
    that show it. None of an article that they still label, in whatever campaign: gold would
    tell them what to put there."""
    labels = Assignment.objects.filter(
        annotator=user,
        article=OuterRef("article"),
        kind=Kind.ANNOTATOR,
        status__in=(Status.WAITING, *EDITABLE),
        withdrawn=False,
        campaign__hidden=False,
    )
    return Assignment.objects.filter(
        Exists(_GOLD),
        ~Exists(labels),
        annotator=user,
        kind=Kind.ANNOTATOR,
        status=Status.SUBMITTED,
        withdrawn=False,
        campaign__gold_shown=True,
        campaign__hidden=False,
        article__withdrawn_at=None,
    )


def corrected_in(
    campaign: Campaign, user: User, *, article: int | None = None
) -> Sequence[Corrected]:
    """Return a person's settled layers of a campaign, or the one of an article, with what is corrected
    in each, the MOST newest articles first. Seven queries at most, with the campaign's corpus one more."""
    found = settled_for(user).filter(campaign=campaign).select_related("article")
    if article is not None:
        found = found.filter(article=article)
    return _corrected(found.order_by("-article")[:MOST], campaign.corpus.registry_id, user)


def corrections_of(layer: Assignment, user: User) -> Corrections | None:
    """Return what is corrected in one's own layer, None where nothing is settled for them."""
    found = settled_for(user).filter(pk=layer.pk)
    for one in _corrected(found, layer.corpus.registry_id, user):
        return Corrections(layer.pk, layer.article_id, one.layer.revision, [*one.corrections])
    return None


def _corrected(layers: "QuerySet[Assignment]", registry_id: int, user: User) -> Sequence[Corrected]:
    golds = _GOLD.values("pk")[:1]
    pairs: list[Any] = [*layers.annotate(gold=golds)]
    keys = [each.pk for each in pairs] + [each.gold for each in pairs]
    known = {layer.id: layer for layer in layers_of(keys)}
    settlements = _settlements([each.gold for each in pairs])
    entities = _entities(registry_id, known.values(), user)
    return [
        Corrected(
            each,
            corrections(known[each.pk], known[each.gold], settlements.get(each.gold, ()), entities),
        )
        for each in pairs
    ]


def _settlements(golds: Sequence[int]) -> Mapping[int, Sequence[SettlementImage]]:
    """The settlements that have a reason, by their layers. One query, none for none."""
    found: dict[int, list[SettlementImage]] = {}
    for gold, *row in images.fetch(_SETTLEMENTS, [golds]) if golds else ():
        found.setdefault(gold, []).append(images.settlement_image(tuple(row)))
    return found


def _entities(registry_id: int, layers: Collection[Layer], user: User) -> Mapping[UUID, Named]:
    """What the layers link to, each as what it goes on as; a proposal of somebody else has no name.
    Two queries, none for none."""
    uuids = {uuid for layer in layers for uuid in entities_in(layer.spans, layer.relations)}
    if not uuids:
        return {}
    into = goes_on_as(registry_id, uuids)
    names = _names(registry_id, into.values(), user)
    return {uuid: names.get(heir, Named(heir, "", "")) for uuid, heir in into.items()}


def _names(registry_id: int, uuids: Iterable[UUID], user: User) -> Mapping[UUID, Named]:
    shown = seen_by(user.pk, registry_id).filter(uuid__in=[*uuids])
    return {each.uuid: Named(each.uuid, each.name, each.type) for each in shown}
