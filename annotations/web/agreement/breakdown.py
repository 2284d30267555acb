"""What is behind the figures of a label: its articles, pair by pair, and the values that met."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from annotations.agreement import queries
from annotations.agreement.measures.doubts import of_values as doubts_of_values
from annotations.agreement.measures.tally import VARIANTS
from annotations.agreement.models import AgreementRun
from annotations.agreement.queries import Line
from annotations.corpora.models import Article
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Attribute, Label
from annotations.web.agreement import edges
from annotations.web.agreement.asking import way
from annotations.web.agreement.coefficients import Compared, of_values
from annotations.web.agreement.doubts import sentences
from annotations.web.agreement.edges import EdgesScreen
from annotations.web.agreement.figures import Results, Shown
from annotations.web.agreement.funnel import Funnel, funnel
from annotations.web.labels import LabelName, label_name, value_words
from annotations.web.shell import way_to

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Titled:
    """A line with the words for its article, and the ways to what it counts: the article itself (no
    address where this release has no such page), equal and overlapping pairs, and spans alone of
    each."""

    title: str
    url: str
    line: Line
    exact: str
    overlap: str
    only_one: str
    only_other: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How often two values met (None below the diagonal, where it stands above), and the way to the
    spans."""

    number: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often two values of an attribute met on overlapping spans, in either order: `rows` has
    a cell for every value after its word."""

    attribute: str
    doubts: Sequence[str]
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class LabelScreen:
    """The page of one label, or of all (`label` None), of one `pair` of annotators or all ("")."""

    label: LabelName | None
    title: str
    pair: str
    figures: Sequence[tuple[str, Shown]]
    funnel: Funnel | None
    page: "Page[Line]"
    sort: str
    rows: Sequence[Titled]
    confusions: Sequence[Confusion]
    coefficients: Sequence[Compared]
    edges: EdgesScreen | None
    to_edges: str
    moved: bool


def screen(
    run: AgreementRun, label: Label | None, *, of: Sequence[str], number: str | None, sort: str
) -> LabelScreen:
    """Return page `number` of what is behind the label, in the order of `sort` (a key of `queries.SORTS`, else
    the first), of the two annotators `of` alone if they were compared; at most four queries."""
    spec, results = spec_of(run.campaign.schema_id), Results(run)
    pair = tuple(sorted(of)) if tuple(sorted(of)) in results.pairs() else None
    labels = [label.key] if label else [each.key for each in spec.labels]
    sort = sort if sort in queries.SORTS else "unlike"
    lines = queries.lines(run, labels, pair=pair, sort=sort)
    page = Paginator(lines, ON_A_PAGE).get_page(number)
    return LabelScreen(
        label=label_name(label) if label else None,
        title=named(label.name) if label else _("All labels"),
        pair=" · ".join(pair or ()),
        figures=list(_figures(run, results, label, pair)),
        funnel=funnel(run, results, label.key if label else None, pair),
        page=page,
        sort=sort,
        rows=list(_titled(run, list(page.object_list), label)),
        confusions=list(_confusions(run, label)) if label and not pair else [],
        coefficients=of_values(spec, results, label.key, pair) if label else [],
        edges=None if pair else edges.screen(run, labels),
        to_edges=way(run.campaign.slug, step="boundary", label=label and label.key),
        moved=lines.moved,
    )


def _names(line: Line) -> tuple[str, ...]:
    return tuple(sorted((line.one, line.other)))


def _figures(
    run: AgreementRun, results: Results, label: Label | None, pair: tuple[str, ...] | None
) -> Iterator[tuple[str, Shown]]:
    key = label.key if label else None
    words = {"exact": _("Exact F1"), "iou:0.5": _("Half shared F1"), "overlap": _("Overlap F1")}
    for variant in VARIANTS:
        yield words[variant], results.shown("span_f1", variant, key, pair=pair)
    yield _("u-alpha"), results.shown("u_alpha", "nominal" if key else "binary", key, pair=pair)
    if run.depth and not pair:
        sampler = run.depth["parameters"]["sampler"]
        words = {"gamma_k": _("Gamma-k"), "ku_alpha": _("(k)u-alpha")}
        if not key:
            words = {"gamma": _("Gamma"), "gamma_cat": _("Gamma-cat"), "cu_alpha": _("cu-alpha")}
        for measure, word in words.items():
            yield word, results.shown(measure, sampler if "gamma" in measure else "nominal", key)


def _titled(run: AgreementRun, lines: Sequence[Line], label: Label | None) -> Iterator[Titled]:
    articles = Article.objects.in_bulk({line.article for line in lines})
    for line in lines:
        yield Titled(
            title=_title(articles[line.article]),
            url=way_to("article", run.campaign.corpus.slug, line.article),
            line=line,
            exact=_way(run, line, label, what="matched", variant="exact"),
            overlap=_way(run, line, label, what="matched", variant="overlap"),
            only_one=_way(run, line, label, what="alone", by=line.one),
            only_other=_way(run, line, label, what="alone", by=line.other),
        )


def _way(run: AgreementRun, line: Line, label: Label | None, **asked: str) -> str:
    """Return the address of spans that a line counts."""
    where = {"pair": _names(line), "article": line.article, "label": label and label.key}
    return way(run.campaign.slug, **where, **asked)


def _title(article: Article) -> str:
    return article.title or article.external_id or _("Article %(number)s") % {"number": article.pk}


def _confusions(run: AgreementRun, label: Label) -> Iterator[Confusion]:
    met = queries.confusions(run, label.key)
    for attribute in label.attributes:
        if attribute.key in met:
            yield _confusion(run, label, attribute, met[attribute.key])


def _confusion(
    run: AgreementRun, label: Label, attribute: Attribute, met: "Counter[tuple[str, str]]"
) -> Confusion:
    words = {value: word for value, word in value_words(attribute).items() if _met(value, met)}
    order = list(words)
    asked = {"what": "value", "label": label.key, "detail": attribute.key}

    def cell(i: int, j: int) -> Cell:
        number = _cell(met, order, i, j)
        return Cell(number, way(run.campaign.slug, **asked, one=order[i], other=order[j]))

    rows = [(words[one], [cell(i, j) for j in range(len(order))]) for i, one in enumerate(order)]
    found = sentences(doubts_of_values(met, order), words)
    return Confusion(named(attribute.name), found, list(words.values()), rows)


def _met(value: str, met: "Counter[tuple[str, str]]") -> bool:
    return any(value in two for two in met)


def _cell(met: "Counter[tuple[str, str]]", order: Sequence[str], i: int, j: int) -> int | None:
    one, other = sorted((order[i], order[j]))
    return met[one, other] if j >= i else None
