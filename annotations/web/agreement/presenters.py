"""A run as the page shows it: tables of figures, what they are of, and what changed since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from annotations.agreement import services
from annotations.agreement.methods import paragraph
from annotations.agreement.models import AgreementRun
from annotations.agreement.services import Changes
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement import depth
from annotations.web.agreement.coefficients import of_links
from annotations.web.agreement.depth import DepthScreen
from annotations.web.agreement.figures import Results, Shown
from annotations.web.agreement.funnel import Funnel, funnel
from annotations.web.agreement.parts import ways
from annotations.web.agreement.reasons import LeftOut, left_out
from annotations.web.labels import LabelName, label_name


@dataclass(frozen=True, slots=True)
class SpanRow:
    """Agreement on the spans of one label, or of all (`label` None)."""

    label: LabelName | None
    url: str
    exact: Shown
    overlap: Shown
    u_alpha: Shown


@dataclass(frozen=True, slots=True)
class ValueRow:
    """Agreement on the values of one attribute, over equal and over overlapping spans."""

    label: LabelName
    url: str
    attribute: str
    ordinal: bool
    overlap: Shown
    exact: Shown


@dataclass(frozen=True, slots=True)
class PairRow:
    one: str
    other: str
    url: str
    exact: Shown
    overlap: Shown


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything of one run. `unused` names the attributes that no matched spans carry."""

    run: int
    finished: datetime | None
    by: str
    include_open: bool
    articles: int
    layers: int
    annotators: int
    ways: Sequence[tuple[str, str, bool]]
    funnel: Funnel | None
    spans: Sequence[SpanRow]
    values: Sequence[ValueRow]
    unused: Sequence[str]
    links: Sequence[tuple[str, str, Shown]]
    depth: DepthScreen
    pairs: Sequence[PairRow]
    articles_left_out: Sequence[LeftOut]
    layers_left_out: Sequence[LeftOut]
    changes: Changes
    methods: str


def screen(run: AgreementRun, *, may_run: bool) -> Screen:
    """Return the page of a finished run; one query, for what changed since, and those of
    `depth.screen`."""
    spec, results = spec_of(run.campaign.schema_id), Results(run)
    values = list(_value_rows(run, spec, results))
    return Screen(
        run=run.pk,
        finished=run.finished_at,
        by=str(run.requested_by or ""),
        include_open=run.include_open,
        articles=run.summary["articles"],
        layers=run.summary["layers"],
        annotators=run.summary["annotators"],
        ways=[*ways(run)],
        funnel=funnel(run, results, None),
        spans=list(_span_rows(run, spec, results)),
        values=[row for row in values if row.overlap.n],
        unused=list(_by_label(row for row in values if not row.overlap.n)),
        links=of_links(spec, results),
        depth=depth.screen(run, may_run=may_run),
        pairs=list(_pair_rows(run, results)),
        articles_left_out=left_out(run.summary["left_out"]["articles"]),
        layers_left_out=left_out(run.summary["left_out"]["layers"]),
        changes=services.changes_since(run),
        methods=paragraph(run),
    )


def _span_rows(run: AgreementRun, spec: Spec, results: Results) -> Iterator[SpanRow]:
    slug = run.campaign.slug
    every = reverse("agreement_every_label", args=[slug])
    yield SpanRow(None, every, *_span_figures(results, None))
    for label in spec.labels:
        url = reverse("agreement_label", args=[slug, label.key])
        yield SpanRow(label_name(label), url, *_span_figures(results, label.key))


def _span_figures(results: Results, label: str | None) -> tuple[Shown, Shown, Shown]:
    """Return exact F1, overlap F1 and u-alpha of a label, or of all."""
    return (
        results.shown("span_f1", "exact", label),
        results.shown("span_f1", "overlap", label),
        results.shown("u_alpha", "nominal" if label else "binary", label),
    )


def _value_rows(run: AgreementRun, spec: Spec, results: Results) -> Iterator[ValueRow]:
    for label in spec.labels:
        url = reverse("agreement_label", args=[run.campaign.slug, label.key])
        for attribute in label.attributes:
            for level in services.levels(attribute):
                overlap, exact = (
                    results.shown("alpha", level, label.key, attribute=attribute.key, matched=over)
                    for over in ("overlap", "exact")
                )
                word, ordinal = named(attribute.name), level == "ordinal"
                yield ValueRow(label_name(label), url, word, ordinal, overlap, exact)


def _by_label(rows: Iterable[ValueRow]) -> Iterator[str]:
    """Yield each label with its attributes, once each."""
    for word, same in groupby(rows, lambda row: row.label.word):
        yield f"{word}: {', '.join(dict.fromkeys(row.attribute for row in same))}"


def _pair_rows(run: AgreementRun, results: Results) -> Iterator[PairRow]:
    behind = reverse("agreement_every_label", args=[run.campaign.slug])
    for pair in results.pairs():
        exact, overlap = (
            results.shown("span_f1", variant, pair=pair) for variant in ("exact", "overlap")
        )
        url = f"{behind}?{urlencode({'of': pair}, doseq=True)}"
        yield PairRow(pair[0], pair[1], url, exact, overlap)
