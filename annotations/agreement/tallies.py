"""The tallies of a campaign, kept between runs: only pairs whose layers changed are counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import QuerySet

from annotations.agreement import gather
from annotations.agreement.gather import Layer, Subject
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import VERSION, Mark, from_rows, tally, to_rows
from annotations.agreement.models import AgreementTally
from annotations.assignments.models import Campaign
from annotations.schema.spec import Spec

ARTICLES_AT_A_TIME = 200

Advance = Callable[[int, int], None]
Two = tuple[Layer, Layer]
Kept = Mapping[tuple[int, int], tuple[int, int]]
Read = Mapping[int, tuple[Layer, list[Mark]]]


class LayersMoved(RuntimeError):
    """Somebody counted other revisions meanwhile: what was read does not fit together."""


def bring_up_to_date(
    campaign: Campaign, spec: Spec, *, include_open: bool, advance: Advance
) -> tuple[list[Subject], int]:
    """Every two layers that count have a tally at their revisions. Returns the articles with
    these layers, and how many pairs had to be counted.

    Articles whose tallies stand are not read. Costs two queries, and two more for every
    `ARTICLES_AT_A_TIME` articles that changed; `advance` hears (done, all) of those.
    """
    found = gather.subjects(campaign, include_open=include_open)
    kept = _kept(campaign)
    stale = [subject for subject in found if _missing(subject, kept)]
    fresh: dict[int, Subject] = {}
    counted, waiting = 0, iter(stale)
    while some := list(islice(waiting, ARTICLES_AT_A_TIME)):
        advance(len(fresh), len(stale))
        layers = gather.read(_assignments(some), spec, include_open=include_open)
        now = [subject.at({pk: layer for pk, (layer, _) in layers.items()}) for subject in some]
        counted += _keep(
            _tally(campaign, each, two, layers) for each in now for two in _missing(each, kept)
        )
        fresh |= {subject.article: subject for subject in now}
    advance(len(stale), len(stale))
    return [fresh.get(subject.article, subject) for subject in found], counted


def rows(campaign: Campaign, found: Sequence[Subject]) -> Iterator[Row]:
    """Yield the row of every pair of layers of these articles, streamed in one query.

    Raises LayersMoved when a tally is not at the revisions that the articles have.
    """
    wanted = {_key(two): (subject, two) for subject in found for two in subject.pairs()}
    fields = ("first_id", "second_id", "first_revision", "second_revision", "counts")
    kept = _of(campaign).order_by("article_id", "first_id", "second_id").values_list(*fields)
    for first, second, one, other, counts in kept.iterator(chunk_size=1000):
        if (first, second) in wanted:
            subject, two = wanted.pop((first, second))
            if _revisions(two) != (one, other):
                raise LayersMoved
            yield _row(subject, two, counts)
    if wanted:
        raise LayersMoved


def _of(campaign: Campaign) -> QuerySet[AgreementTally]:
    return AgreementTally.objects.filter(campaign=campaign, version=VERSION)


def _kept(campaign: Campaign) -> Kept:
    fields = ("first_id", "second_id", "first_revision", "second_revision")
    return {(a, b): (one, other) for a, b, one, other in _of(campaign).values_list(*fields)}


def _missing(subject: Subject, kept: Kept) -> list[Two]:
    return [two for two in subject.pairs() if kept.get(_key(two)) != _revisions(two)]


def _assignments(some: Sequence[Subject]) -> list[int]:
    return [layer.assignment for subject in some for layer in subject.counted]


def _tally(campaign: Campaign, subject: Subject, two: Two, layers: Read) -> AgreementTally:
    first, second = two
    marks = (layers[layer.assignment][1] for layer in two)
    return AgreementTally(
        campaign=campaign,
        article_id=subject.article,
        first_id=first.assignment,
        second_id=second.assignment,
        first_revision=first.revision,
        second_revision=second.revision,
        version=VERSION,
        counts=to_rows(tally(subject.length, *marks)),
    )


def _keep(tallies: Iterator[AgreementTally]) -> int:
    """The tallies are in the database, in the place of older ones of the same layers."""
    kept = AgreementTally.objects.bulk_create(
        tallies,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["first_revision", "second_revision", "version", "counts"],
    )
    return len(kept)


def _row(subject: Subject, two: Two, counts: list[list[str | int]]) -> Row:
    one, other = sorted(layer.annotator for layer in two)
    share = 1 / (len(subject.counted) - 1)
    return Row(subject.article, (one, other), share, from_rows(counts))


def _key(two: Two) -> tuple[int, int]:
    return two[0].assignment, two[1].assignment


def _revisions(two: Two) -> tuple[int, int]:
    return two[0].revision, two[1].revision
