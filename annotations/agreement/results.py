"""The record of a run: what it computed from which layers, as plain JSON that anyone can check."""

import json
import platform
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from annotations.agreement.counted import not_submitted
from annotations.agreement.material import ComparedPairs
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
        "low": _round(figure.interval.low),
        "high": _round(figure.interval.high),
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
        "value": _round(figure.value),
        "interval": interval,
        "n": figure.n,
        "articles": figure.articles,
        "sd": _round(figure.sd),
        "coverage": _round(figure.coverage),
        "undefined": figure.undefined,
    }


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


def record(run: AgreementRun) -> Json:
    """Return the whole run as outsiders read it; the methods are in the active language."""
    finished = run.finished_at and run.finished_at.isoformat()
    return {
        "format": FORMAT,
        "campaign": run.campaign.slug,
        "schema": str(run.campaign.schema),
        "run": run.pk,
        "finished_at": finished,
        "include_open": run.include_open,
        "parameters": run.parameters,
        "methods": paragraph(run),
        "results": run.results,
        "fingerprint": run.fingerprint and bytes(run.fingerprint).hex(),
        "layers": [*compared(run)],
        "excluded": [*excluded(run)],
    }


def as_json(run: AgreementRun) -> str:
    """Return the record as text; only its methods depend on the language."""
    return json.dumps(record(run), ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)


def compared(run: AgreementRun) -> Iterator[Json]:
    """Yield every layer that was compared, in the order of articles and annotators. One query."""
    revisions = dict(zip(run.layers["assignments"], run.layers["revisions"], strict=True))
    status = {key: name for name, keys in run.layers["status"].items() for key in keys}
    for key, row in _told(revisions).items():
        yield row | {
            "assignment": key,
            "status": status.get(key, "submitted"),
            "revision": revisions[key],
        }


def excluded(run: AgreementRun) -> Iterator[Json]:
    """Yield what was not compared and why: articles (`annotator` null), and layers. Two queries."""
    for reason, keys in run.excluded["articles"].items():
        for row in Article.objects.filter(pk__in=keys).order_by("pk").values(*_ARTICLE):
            yield _article(row) | {"annotator": None, "reason": reason}
    for reason, keys in run.excluded["layers"].items():
        for row in _told(keys).values():
            yield row | {"reason": reason}


_ARTICLE = ("pk", "external_id", "sha256")
_LAYER = tuple(f"article__{name}" for name in _ARTICLE)


def _told(assignments: Collection[int]) -> dict[int, Json]:
    rows = Assignment.objects.filter(pk__in=assignments)
    rows = rows.order_by("article", "annotator__username", "pk")
    return {
        row["pk"]: _article({name: row[f"article__{name}"] for name in _ARTICLE})
        | {"annotator": row["annotator__username"]}
        for row in rows.values("pk", "annotator__username", *_LAYER)
    }


def _article(row: Mapping[str, Any]) -> Json:
    return {
        "article": row["pk"],
        "external_id": row["external_id"],
        "sha256": bytes(row["sha256"]).hex(),
    }


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)
