"""The record of a run: what it computed from which layers, as plain JSON that anyone can check."""

import json
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from annotations.agreement.gather import Layer, Subject
from annotations.agreement.measures.figures import Figure
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.methods import paragraph
from annotations.agreement.models import AgreementRun

FORMAT = "kutip-agreement/1"
DIGITS = 9  # further digits would show the order of additions, which differs between machines
MEASURES = {"span_f1": "1", "u_alpha": "2016/1", "alpha": "1", "tally": str(VERSION)}

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


def layers(found: Sequence[Subject]) -> Iterator[Json]:
    """Yield every layer that was compared, at the revision it was compared at."""
    for subject in found:
        for layer in () if subject.exclusion else subject.counted:
            yield _article(subject) | _layer(layer)


def excluded(found: Sequence[Subject]) -> Iterator[Json]:
    """Yield what was not compared and why: articles (`annotator` null), and layers of anyone."""
    for subject in found:
        if subject.exclusion:
            yield _article(subject) | {"annotator": None, "reason": subject.exclusion}
        for layer in subject.layers:
            if layer.left_out and layer.annotator:
                yield _article(subject) | {"annotator": layer.annotator, "reason": layer.left_out}


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
        "layers": run.layers,
        "excluded": run.excluded,
    }


def as_json(run: AgreementRun) -> str:
    """Return the record as text; only its methods depend on the language."""
    return json.dumps(record(run), ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)


def _article(subject: Subject) -> Json:
    return {
        "article": subject.article,
        "external_id": subject.external_id,
        "sha256": subject.sha256,
    }


def _layer(layer: Layer) -> Json:
    return {
        "assignment": layer.assignment,
        "annotator": layer.annotator,
        "status": layer.status,
        "revision": layer.revision,
    }


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)
