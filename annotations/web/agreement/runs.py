"""The runs of a campaign, and what changed from one to another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from annotations.agreement import queries
from annotations.agreement.comparing import Comparison, Layer, Moved
from annotations.agreement.measures.groups import REPLICATES
from annotations.agreement.measures.permutation import CHANCE
from annotations.agreement.methods import of_two_runs
from annotations.agreement.models import AgreementRun
from annotations.agreement.results import told_layers
from annotations.agreement.twice import MOST
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement.figures import Apart, apart_of, bar_of, rounded, signed
from annotations.web.agreement.reasons import in_words
from annotations.web.agreement.wording import label_word, measure_word
from annotations.web.shell import way_to

ON_A_PAGE = 25
SHOWN = 50
"""So many layers of each kind are shown; JSON has all."""
_LEAST = 0.0005  # of a difference that shows in three digits


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a figure was and is, on a line that is a hundred units long, in the numbers of SVG;
    None where it has no value."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in digits, or in words why there is none."""

    words: str
    undefined: bool


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A figure before and after; `difference` with its sign, "" where there is none; `apart`: on the articles
    of both runs, where that was tested."""

    measure: str
    before: Told
    after: Told
    difference: str
    shift: Shift
    apart: Apart | None


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer that is not as it was: "" for a revision that was not compared."""

    title: str
    url: str
    annotator: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers of one kind: `number` of them, of which some are shown."""

    title: str
    number: int
    rows: Sequence[LayerRow]


@dataclass(frozen=True, slots=True)
class ChanceScreen:
    """The way to the test of what changed, and what was tested: on how many articles, of which some changed;
    `left_out`: how many are not in it, and why. `too_many` pairs of layers are not counted again here."""

    url: str
    articles: int | None
    changed: int
    left_out: Sequence[tuple[int, str]]
    too_many: int
    most: int
    replicates: int
    threshold: float
    methods: str


@dataclass(frozen=True, slots=True)
class ChangesScreen:
    """`figures` by their labels; `others`: how many changed that are not shown, those
    of single pairs and those that changed by less than the digits shown."""

    before: AgreementRun
    after: AgreementRun
    parameters: Sequence[tuple[str, str, str]]
    same_layers: int
    layers: Sequence[Layers]
    figures: Sequence[tuple[str, Sequence[MovedRow]]]
    others: int
    chance: "ChanceScreen"

    @property
    def nothing(self) -> bool:
        """Whether the two are the same in everything."""
        return not (self.parameters or self.layers or self.figures or self.others)


def listed(campaign: Campaign, number: str | None) -> "Page[dict[str, Any]]":
    """Return a page of the list. Two queries."""
    return Paginator(queries.listed(campaign), ON_A_PAGE).get_page(number)


def screen(found: Comparison) -> ChangesScreen:
    """Return a comparison in words. Two queries, none where no layer changed."""
    spec = spec_of(found.after.campaign.schema_id)
    over_all = [each for each in found.figures if not each.of["pair"] and _shows(each)]
    return ChangesScreen(
        before=found.before,
        after=found.after,
        parameters=[
            (each.name, _said(each.before), _said(each.after)) for each in found.parameters
        ],
        same_layers=found.same_layers,
        layers=[*_layers(found)],
        figures=[*_by_label(spec, over_all)],
        others=len(found.figures) - len(over_all),
        chance=_chance(found),
    )


def _chance(found: Comparison) -> ChanceScreen:
    told = {"before": found.before.pk, "after": found.after.pk, "test": 1}
    url = reverse("agreement_changes", args=[found.after.campaign.slug])
    twice = found.twice
    out = (
        (
            (twice.only_before, _("only in the earlier run")),
            (twice.only_after, _("only in the later run")),
            (twice.gone, _("its text is gone")),
        )
        if twice
        else ()
    )
    return ChanceScreen(
        url=f"{url}?{urlencode(told)}",
        articles=twice.shared if twice else None,
        changed=twice.changed if twice else 0,
        left_out=[(len(keys), why) for keys, why in out if keys],
        too_many=found.too_many,
        most=MOST,
        replicates=REPLICATES,
        threshold=CHANCE,
        methods=of_two_runs(articles=twice.shared, seed=twice.seed) if twice else "",
    )


def _said(value: object) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _layers(found: Comparison) -> Iterator[Layers]:
    kinds = (
        (_("Changed"), found.changed),
        (_("Compared for the first time"), found.added),
        (_("No longer compared"), found.removed),
    )
    shown = [each.assignment for _title, some in kinds for each in some[:SHOWN]]
    told = told_layers(shown) if shown else {}
    articles = Article.objects.in_bulk({row["article"] for row in told.values()})
    corpus = found.after.campaign.corpus.slug
    for title, some in kinds:
        if some:
            rows = [
                _layer(each, told.get(each.assignment), articles, corpus) for each in some[:SHOWN]
            ]
            yield Layers(title, len(some), rows)


def _layer(
    each: Layer, told: Mapping[str, Any] | None, articles: Mapping[int, Article], corpus: str
) -> LayerRow:
    before, after = ("" if at is None else str(at) for at in (each.before, each.after))
    if told is None:
        return LayerRow(_("a layer that is gone"), "", "", before, after)
    article = articles[told["article"]]
    title = article.title or article.external_id or str(article.pk)
    return LayerRow(title, way_to("article", corpus, article.pk), told["annotator"], before, after)


def _by_label(spec: Spec, moved: Sequence[Moved]) -> Iterator[tuple[str, Sequence[MovedRow]]]:
    for label in (None, *(each.key for each in spec.labels)):
        if rows := [_moved(spec, each) for each in moved if each.of["label"] == label]:
            yield label_word(spec, label), rows


def _shows(each: Moved) -> bool:
    """Whether a difference can be seen in the digits that are shown."""
    return each.difference is None or abs(each.difference) >= _LEAST


def _moved(spec: Spec, each: Moved) -> MovedRow:
    difference = each.difference
    return MovedRow(
        measure=measure_word(spec, each.of),
        before=_value(each.before),
        after=_value(each.after),
        difference="" if difference is None else signed(difference),
        shift=Shift(_at(each.before), _at(each.after)),
        apart=apart_of(each.tested) if each.tested else None,
    )


def _at(row: Mapping[str, Any] | None) -> str | None:
    bar = bar_of(row["value"] if row else None, None, None)
    return bar.at if bar else None


def _value(row: Mapping[str, Any] | None) -> Told:
    if row is None:
        return Told(_("not computed"), undefined=True)
    if row["value"] is None:
        return Told(str(in_words(row["undefined"])), undefined=True)
    return Told(rounded(row["value"]), undefined=False)
