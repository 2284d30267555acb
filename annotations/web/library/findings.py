"""What was found in another tool's files, and what came of loading them, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.assignments.models import Campaign
from annotations.corpora.reports import LoadReport, report_from
from annotations.corpora.uploads import report_path
from annotations.exchange.reasons import sentence
from annotations.exchange.surveying import LossFound, Survey
from annotations.jobs.models import Job
from annotations.web.library.mapping import survey_of

FORMATS: Mapping[str, str] = {
    "brat": "brat",
    "conll": "CoNLL/BIO",
    "doccano": "doccano",
    "label_studio": "Label Studio",
    "prodigy": "spaCy/Prodigy",
    "qda": "REFI-QDA",
    "uima": "UIMA CAS",
    "webanno": "WebAnno TSV",
}
LEFT: Mapping[str, str | Promise] = {
    "label": _("spans of a label that was left out"),
    "relation": _("relations of a type that was left out"),
    "attribute": _("attributes that were left out"),
    "value": _("values that the attribute does not have"),
    "ends": _("relations between labels that the schema does not join"),
    "entity": _("links to a registry that the label does not have"),
    "note": _("notes without words that can be kept"),
    "same": _("relations that became the same as another"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A loss in words; `line` is None where the whole file is meant."""

    file: str
    line: int | None
    words: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Findings:
    format: str
    survey: Survey
    losses: Sequence[Said]
    more: int


def findings(job: Job) -> Findings:
    survey = survey_of(job)
    format = (job.result or {})["format"]
    total = sum(survey.lost.values()) + sum(survey.changed.values())
    return Findings(
        FORMATS.get(format, format),
        survey,
        [_said(loss) for loss in survey.losses],
        total - len(survey.losses),
    )


def _said(loss: LossFound) -> Said:
    return Said(loss.file, loss.line or None, sentence(loss.code, loss.values), loss.kept)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load of annotations, from its job's result."""

    articles: LoadReport
    layers: int
    spans: int
    relations: int
    skipped: int
    new_annotators: Sequence[str]
    campaign: Campaign | None
    left_out: Sequence[tuple[str | Promise, str, int]]
    lost: int
    changed: int
    full_report: bool


def outcome(job: Job) -> Outcome:
    result = job.result or {}
    layers = result["layers"]
    return Outcome(
        articles=report_from(result["articles"]),
        layers=layers["layers"],
        spans=layers["spans"],
        relations=layers["relations"],
        skipped=layers["skipped_count"],
        new_annotators=layers["new_annotators"],
        campaign=Campaign.objects.filter(pk=result["campaign"], hidden=False).first(),
        left_out=[(LEFT[what], name, count) for what, name, count in result["left_out"]],
        lost=sum(result["lost"].values()),
        changed=sum(result["changed"].values()),
        full_report=report_path(job.pk).is_file(),
    )
