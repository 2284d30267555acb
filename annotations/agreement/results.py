"""The record of a run: what it computed from which layers, as plain JSON that anyone can check."""

import json
import platform
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from annotations.agreement.counted import not_submitted, print_of
from annotations.agreement.material import ComparedPairs
from annotations.agreement.measures.permutation import Difference
from annotations.agreement.measures.questions import Figure
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.methods import paragraph
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article

FORMAT = "kutip-agreement/1"
DIGITS = 9  # further digits would show the order of additions, which differs between machines
MEASURES = {
    "span_f1": "1",
    "funnel": "1",
    "u_alpha": "2016/1",
    "values": "1",
    "relations": "1",
    "entities": "1",
    "counts": str(VERSION),
    "intervals": "2",
}

Json = dict[str, object]


def software() -> Json:
    """Return the versions of what computes, for the record."""
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
    }


def row(figure: Figure) -> Json:
    """Return one line of the results."""
    interval = figure.interval and {
        "low": rounded(figure.interval.low),
        "high": rounded(figure.interval.high),
        "level": figure.interval.level,
        "method": figure.interval.method,
    }
    return {
        "measure": figure.measure,
        "variant": figure.variant,
        "label": figure.label,
        "attribute": figure.attribute,
        "matched": figure.matched,
        "pair": figure.pair and list(figure.pair),
        "value": rounded(figure.value),
        "interval": interval,
        "n": figure.n,
        "articles": figure.articles,
        "sd": rounded(figure.sd),
        "coverage": rounded(figure.coverage),
        "undefined": figure.undefined,
    }


def schema_of(run: AgreementRun) -> str:
    """Return the key and version of the schema a run was computed under."""
    return str(run.parameters.get("schema", run.campaign.schema))


def figures(run: AgreementRun) -> list[dict[str, Any]]:
    """Return all lines of the results, those in depth last."""
    return [*run.results, *(run.depth["results"] if run.depth else ())]


def layers(found: ComparedPairs, campaign: Campaign, *, include_open: bool) -> Json:
    """Return the layers that were compared, at the revisions they were compared at, as a run keeps
    them; `status` names those that are not submitted."""
    assignments, revisions = found.layers()
    known = set(assignments.tolist())
    opened = not_submitted(campaign, include_open=include_open)
    return {
        "assignments": assignments.tolist(),
        "revisions": revisions.tolist(),
        "status": {
            status: [key for key in keys if key in known] for status, keys in opened.items()
        },
        "articles": len(set(found.article.tolist())),
        "annotators": len({name for pair in found.names for name in pair}),
    }


def summary(run: AgreementRun) -> Json:
    """Return what a run is of, in numbers: no list of layers is needed to show it."""
    return {
        "articles": run.layers["articles"],
        "annotators": run.layers["annotators"],
        "layers": len(run.layers["assignments"]),
        "left_out": {
            what: {reason: len(keys) for reason, keys in reasons.items()}
            for what, reasons in run.excluded.items()
        },
        "print": print_of(run.layers["assignments"], run.layers["revisions"]),
    }


def record(run: AgreementRun) -> Json:
    """Return the whole run as outsiders read it; the methods are in the active language."""
    finished = run.finished_at and run.finished_at.isoformat()
    return {
        "format": FORMAT,
        "campaign": run.campaign.slug,
        "schema": schema_of(run),
        "run": run.pk,
        "finished_at": finished,
        "include_open": run.include_open,
        "parameters": run.parameters,
        "methods": paragraph(run),
        "results": figures(run),
        "depth": _depth(run),
        "fingerprint": run.fingerprint and bytes(run.fingerprint).hex(),
        "layers": [*compared(run)],
        "excluded": [*excluded(run)],
    }


def as_json(run: AgreementRun, **more: Json) -> str:
    """Return the record as text, with more of it by its names; only its methods depend on the
    language."""
    return json.dumps(
        record(run) | more, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True
    )


def compared(run: AgreementRun) -> Iterator[Json]:
    """Yield every layer that was compared, in the order of articles and annotators. One query."""
    revisions = dict(zip(run.layers["assignments"], run.layers["revisions"], strict=True))
    status = {key: name for name, keys in run.layers["status"].items() for key in keys}
    for key, row in told_layers(revisions).items():
        yield row | {
            "assignment": key,
            "status": status.get(key, "submitted"),
            "revision": revisions[key],
        }


def excluded(run: AgreementRun) -> Iterator[Json]:
    """Yield what was not compared and why: articles (`annotator` null), and layers. Two queries."""
    for reason, keys in run.excluded["articles"].items():
        for row in _articles(keys):
            yield _article(row) | {"annotator": None, "reason": reason}
    for reason, keys in run.excluded["layers"].items():
        for row in told_layers(keys).values():
            yield row | {"reason": reason}


def _depth(run: AgreementRun) -> Json | None:
    """Return how the figures in depth were computed and what they leave out; those stand among the
    results. One query. None where nobody asked for them."""
    if not run.depth:
        return None
    told: Mapping[str, Any] = run.depth
    out = [
        (measure, reason, key)
        for measure, reasons in told["left_out"].items()
        for reason, keys in reasons.items()
        for key in keys
    ]
    known = {row["pk"]: row for row in _articles({key for *_, key in out})}
    kept = ("parameters", "articles", "samples", "precision", "fused", "trust", "finished_at")
    return {name: told[name] for name in kept} | {
        "excluded": [
            _article(known[key]) | {"measure": measure, "reason": reason}
            for measure, reason, key in out
            if key in known
        ]
    }


_ARTICLE = ("pk", "external_id", "sha256")
_LAYER = tuple(f"article__{name}" for name in _ARTICLE)


def told_layers(assignments: Collection[int]) -> dict[int, Json]:
    """Return, by their keys, of which article and annotator these layers are. One query."""
    rows = Assignment.objects.filter(pk__in=assignments)
    rows = rows.order_by("article", "annotator__username", "pk")
    return {
        row["pk"]: _article({name: row[f"article__{name}"] for name in _ARTICLE})
        | {"annotator": row["annotator__username"]}
        for row in rows.values("pk", "annotator__username", *_LAYER)
    }


def _articles(keys: Collection[int]) -> Iterator[Mapping[str, Any]]:
    yield from Article.objects.filter(pk__in=keys).order_by("pk").values(*_ARTICLE)


def _article(row: Mapping[str, Any]) -> Json:
    return {
        "article": row["pk"],
        "external_id": row["external_id"],
        "sha256": bytes(row["sha256"]).hex(),
    }


def told_difference(found: Difference) -> Json:
    """Return what sets two figures apart, and how often chance does as much."""
    return {
        "difference": rounded(found.value),
        "p": rounded(found.p),
        "p_of_any": rounded(found.of_any),
        "undefined": found.undefined,
    }


def told_articles(keys: Collection[int]) -> list[Json]:
    """Return these articles as outsiders know them. One query."""
    return [_article(row) for row in _articles(keys)]


def rounded(number: float | None) -> float | None:
    """Return a number as the record has it."""
    return None if number is None else round(number, DIGITS)
