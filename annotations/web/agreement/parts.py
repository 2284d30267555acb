"""Agreement of parts: annotators as a matrix, weeks as a control chart, sources and languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement import parts
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.measures.annotators import (
    LEAST_UNITS,
    Names,
    Pair,
    Standing,
    f1_of,
    standings,
)
from annotations.agreement.measures.doubts import of_annotators
from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.groups import REPLICATES, GroupF1, Two
from annotations.agreement.measures.permutation import CHANCE
from annotations.agreement.measures.scores import TOO_FEW_ANNOTATORS, TOO_FEW_UNITS, Score
from annotations.agreement.methods import paragraph_with_test
from annotations.agreement.models import AgreementRun
from annotations.agreement.parting import Parting, parting
from annotations.agreement.parts import IN_TIME
from annotations.agreement.wanted import NO_WORD, By, Test, Wanted, one_of
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement import people
from annotations.web.agreement.asking import way
from annotations.web.agreement.batches import batch_words
from annotations.web.agreement.doubts import sentences
from annotations.web.agreement.figures import Apart, Results, apart_of, signed
from annotations.web.agreement.groups import STEP, GroupRow, height, rows
from annotations.web.agreement.people import PeopleScreen
from annotations.web.agreement.reasons import in_words

View = Literal["annotator"] | By

VIEWS: Mapping[View, str | Promise] = {
    "annotator": gettext_lazy("Annotators"),
    "week": gettext_lazy("Weeks"),
    "batch": gettext_lazy("Batches"),
    "version": gettext_lazy("Schema versions"),
    "source": gettext_lazy("Sources"),
    "language": gettext_lazy("Languages"),
}
CHARTED: Sequence[View] = (*IN_TIME, "version")
"""What follows one another, the oldest first."""
_VARIANTS: Mapping[str, str | Promise] = {
    "exact": gettext_lazy("Exact F1"),
    "iou:0.5": gettext_lazy("Half shared F1"),
    "overlap": gettext_lazy("Overlap F1"),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filters, by the word it has in the address."""

    name: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Cell:
    """F1 of two annotators; None where they share no article, or are one person."""

    f1: F1 | None
    url: str
    tone: int


@dataclass(frozen=True, slots=True)
class AnnotatorRow:
    """One annotator with all (`names`, themselves too) and with the rest."""

    name: str
    names: Sequence[str]
    cells: Sequence[Cell]
    standing: Standing
    rest: str | Promise


@dataclass(frozen=True, slots=True)
class TwoScreen:
    """Two parts that were tested, by their words: which is first, which second ("" for all others), and
    what sets them apart; `low` and `high` are the ends of its interval, "" without one."""

    first: str
    second: str
    figures: Sequence[tuple[str, GroupF1, str | Promise]]
    apart: Apart
    low: str
    high: str
    shared: int


@dataclass(frozen=True, slots=True)
class TestScreen:
    """What can be asked of chance, and what was: `each` is the address of the test of every part,
    `kept` the words that stay in an address; `parts` of them were tested, or `two`."""

    each: str
    kept: Sequence[tuple[str, str]]
    first: Sequence[Option]
    second: Sequence[Option]
    parts: int
    two: TwoScreen | None
    replicates: int
    threshold: float
    methods: str


@dataclass(frozen=True, slots=True)
class PartsScreen:
    """`tabs`: the ways to the other views with the same filters; `charted`: whether groups follow one
    another in time; `mean`: where the line of all stands in the chart, `width` its length. `test` is
    None where there are not two parts."""

    view: str
    title: str
    tabs: Sequence[tuple[str, str, bool]]
    filters: Sequence[Filter]
    parting: Parting | None
    groups: Sequence[GroupRow]
    every: GroupF1 | None
    left_out: int
    charted: bool
    mean: str
    width: int
    test: TestScreen | None
    annotators: Sequence[AnnotatorRow]
    people: PeopleScreen | None
    doubts: Sequence[str]


def screen(run: AgreementRun, told: QueryDict, *, by: User) -> PartsScreen:
    """Return the view that an address asks for: at most fourteen queries, and three for each other campaign
    among versions. Raises NoSuchSpans."""
    spec, view = spec_of(run.campaign.schema_id), one_of(told.get("by") or "annotator", VIEWS)
    wanted = Wanted.of(told, spec)
    labels = wanted.labels(spec)
    found = columns_of(run, parts.heads_of(labels))
    parted: Parting | None = None
    annotators: list[AnnotatorRow] = []
    doubts: list[str] = []
    everyone: PeopleScreen | None = None
    if view == "annotator":
        pairs = parts.between(found, labels, wanted.variant, wanted.where)
        annotators = _annotators(run, pairs, {"what": "alone", **wanted.words})
        doubts = sentences(of_annotators(pairs))
        everyone = people.screen(run, labels, wanted.variant, by=by)
    else:
        parted = parting(run, view, wanted, policy.campaigns_measured_by(by), found)
    grouped = parted and parted.grouped
    shown = [*rows(parted)] if parted else []
    return PartsScreen(
        view=view,
        title=str(VIEWS[view]),
        tabs=[*_tabs(run, told, view)],
        filters=[*_filters(run, found, spec, told, wanted)],
        parting=parted,
        groups=shown,
        every=grouped.every if grouped else None,
        left_out=grouped.left_out if grouped else 0,
        charted=view in CHARTED and len(shown) > 1,
        mean=height(grouped.every.value) if grouped and grouped.every.value is not None else "",
        width=STEP * len(shown),
        test=_test(parted, shown) if parted and len(shown) > 1 else None,
        annotators=annotators,
        people=everyone,
        doubts=doubts,
    )


def _test(found: Parting, shown: Sequence[GroupRow]) -> TestScreen:
    test, words = found.wanted.test, [(row.name, row.word) for row in shown]
    kept = {"by": found.by, **found.wanted.words}
    asked = test or Test()
    return TestScreen(
        each=f"{_address(found.run)}?{urlencode(kept | {'test': 'each'})}",
        kept=[*kept.items()],
        first=[Option(key, word, key == asked.first) for key, word in words],
        second=[
            Option(key, word, key == asked.second) for key, word in (("", _("all others")), *words)
        ],
        parts=len(found.rest),
        two=_two(found.two, asked, dict(words)) if found.two else None,
        replicates=REPLICATES,
        threshold=CHANCE,
        methods=paragraph_with_test(found.run, parts=len(found.rest)) if test else "",
    )


def _two(found: Two, asked: Test, words: Mapping[str, str]) -> TwoScreen:
    first = words.get(asked.first, asked.first)
    second = words.get(asked.second, asked.second) or _("all others")
    ends = found.interval
    return TwoScreen(
        first=first,
        second=second,
        figures=[
            (word, figure, _why_not(figure))
            for word, figure in ((first, found.first), (second, found.second))
        ],
        apart=apart_of(found.difference),
        low=signed(ends.low) if ends else "",
        high=signed(ends.high) if ends else "",
        shared=found.shared,
    )


def _address(run: AgreementRun) -> str:
    return reverse("agreement_parts", args=[run.campaign.slug])


def ways(run: AgreementRun) -> Iterator[tuple[str, str, bool]]:
    """Yield the views of a run: their words, their addresses, and that none of them is this page; the
    articles are one, too."""
    slug = run.campaign.slug
    yield _("Articles"), reverse("agreement_every_label", args=[slug]), False
    yield from _tabs(run, QueryDict(), "")


def _tabs(run: AgreementRun, told: QueryDict, view: str) -> Iterator[tuple[str, str, bool]]:
    for key, word in VIEWS.items():
        kept = told.copy()
        kept["by"] = key
        for of_this_view in ("test", "first", "second"):
            kept.pop(of_this_view, None)
        yield str(word), f"{_address(run)}?{kept.urlencode()}", key == view


def _filters(
    run: AgreementRun, found: Columns, spec: Spec, told: QueryDict, wanted: Wanted
) -> Iterator[Filter]:
    def filter_(name: str, words: str, options: Sequence[tuple[str, str]], chosen: str) -> Filter:
        return Filter(name, words, [Option(key, word, key == chosen) for key, word in options])

    labels = [("", _("All labels")), *((each.key, named(each.name)) for each in spec.labels)]
    yield filter_("label", _("Label"), labels, wanted.label or "")
    variants = [(key, str(word)) for key, word in _VARIANTS.items()]
    yield filter_("variant", _("Measure"), variants, wanted.variant)
    pairs = [(" ".join(pair), " · ".join(pair)) for pair in Results(run).pairs()]
    yield filter_("pair", _("Annotators"), [("", _("All pairs")), *pairs], told.get("pair", ""))
    sources = [(each or NO_WORD, each or _("no source")) for each in found.source.words]
    yield filter_("source", _("Source"), [("", _("All sources")), *sources], told.get("source", ""))
    languages = [("", _("All languages")), *((each, each) for each in found.language.words)]
    yield filter_("language", _("Language"), languages, told.get("language", ""))
    batches = [("", _("All batches")), *batch_words(found.batch.words).items()]
    yield filter_("batch", _("Batch"), batches, told.get("batch", ""))


def _annotators(
    run: AgreementRun, pairs: Mapping[Names, Pair], asked: Mapping[str, object]
) -> list[AnnotatorRow]:
    found = standings(pairs)
    names = sorted(found)

    def cell(one: str, other: str) -> Cell:
        pair = (one, other) if one <= other else (other, one)
        if pair not in pairs or one == other:
            return Cell(None, "", 0)
        f1 = f1_of(pairs[pair])
        tone = 0 if f1.value is None else 1 + min(4, int(5 * f1.value))
        return Cell(f1, way(run.campaign.slug, **{**asked, "pair": pair}), tone)

    return [
        AnnotatorRow(
            one,
            names,
            [cell(one, other) for other in names],
            found[one],
            _why_not(found[one].rest),
        )
        for one in names
    ]


def _why_not(score: Score) -> str | Promise:
    if score.undefined == TOO_FEW_ANNOTATORS:
        return _("no rest to compare with: fewer than three annotators")
    if score.undefined == TOO_FEW_UNITS:
        return _("%(number)s spans, fewer than %(least)s") % {
            "number": number_format(score.n, force_grouping=True),
            "least": LEAST_UNITS,
        }
    return in_words(score.undefined) if score.undefined else ""
