"""An annotator's own places, and what a step of theirs labelled."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, QuerySet

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Kind
from annotations.corpora.searching.concordance import Line
from annotations.schema.services import spec_of
from annotations.spans.labelling import Chosen, taken_back
from annotations.spans.models import Operation, Span
from annotations.web.concordance.own_forms import written_place
from annotations.web.kwic import Words, led_to, words
from annotations.web.labels import LabelName, label_name
from annotations.web.shell import way_to


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A place with its article; `labels`: those that one's own layer has on these words already;
    `value`: how the form names the place."""

    title: str
    url: str
    words: Words
    value: str
    ticked: bool
    labels: Sequence[LabelName]


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did to one layer: how many places it labelled, and whether that was undone."""

    title: str
    url: str
    places: int
    taken_back: bool


def held(user: User, campaign: Campaign) -> "QuerySet[Assignment]":
    """One's own assignments of a campaign."""
    mine = policy.assignments_of(user).filter(campaign=campaign, kind=Kind.ANNOTATOR)
    return mine.select_related("article")


def own_lines(
    campaign: Campaign, lines: "Page[Line]", by: User, *, ticked: Collection[str], every: bool
) -> Sequence[OwnLine]:
    """The lines of one page, without those that left one's hands meanwhile. Two queries."""
    mine = held(by, campaign).filter(article__in={line.article for line in lines})
    of = {assignment.article_id: assignment for assignment in mine}
    labels = _labels(campaign, list(of.values()))
    shown = []
    for line in lines:
        if assignment := of.get(line.article):
            place = Chosen(assignment.pk, line.start, line.end)
            value = written_place(place)
            shown.append(
                OwnLine(
                    title=assignment.article.title,
                    url=led_to(way_to("desk", assignment.pk), line),
                    words=words(line),
                    value=value,
                    ticked=every or value in ticked,
                    labels=labels.get(place, ()),
                )
            )
    return shown


def _labels(campaign: Campaign, mine: Sequence[Assignment]) -> Mapping[Chosen, list[LabelName]]:
    names = {label.key: label_name(label) for label in spec_of(campaign.schema_id).labels}
    spans = Span.objects.filter(assignment__in=mine, removed=False)
    found: dict[Chosen, list[LabelName]] = defaultdict(list)
    for layer, key, at in spans.values_list("assignment", "label__key", "fragments"):
        if len(at) == 2 and names[key] not in found[Chosen(layer, *at)]:
            found[Chosen(layer, *at)].append(names[key])
    return found


def done(campaign: Campaign, by: User, step: UUID) -> Sequence[Done]:
    """What a step did, layer by layer; nothing for a step that is not one's own, or of another
    campaign. Three queries."""
    mine = {assignment.pk: assignment for assignment in touched(campaign, by, step)}
    counted = (
        Operation.objects.filter(assignment__in=mine, group=step, op="place")
        .order_by()
        .values_list("assignment")
        .annotate(Count("seq"))
    )
    undone = taken_back(mine.keys(), step)
    return [
        Done(
            title=mine[layer].article.title,
            url=way_to("desk", layer),
            places=places,
            taken_back=layer in undone,
        )
        for layer, places in sorted(counted, key=lambda one: mine[one[0]].article_id)
    ]


def touched(campaign: Campaign, by: User, step: UUID) -> Sequence[Assignment]:
    """One's own assignments in which a step placed spans. One query."""
    placed = Operation.objects.filter(group=step, op="place", assignment__annotator=by)
    return list(held(by, campaign).filter(pk__in=placed.values("assignment")).order_by("article"))
