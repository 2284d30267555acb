"""How reliable each annotator is: models without a right answer, and everyone with themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement.direct import Direct, again, against_gold
from annotations.agreement.measures.annotators import f1_of
from annotations.agreement.measures.dawid_skene import (
    LEAST_ANNOTATORS,
    LEAST_ITEMS,
    LEAST_READINGS,
)
from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.scores import TOO_FEW_ANNOTATORS
from annotations.agreement.models import AgreementRun
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement.figures import FEW, Bar, bar_of
from annotations.web.agreement.reasons import in_words
from annotations.web.labels import value_words


@dataclass(frozen=True, slots=True)
class Judged:
    """One annotator at one task: shares from 0 to 1, None where there is too little of theirs, as
    `why_not` says. `said`: for each class that is true, how often they say each, in percent."""

    name: str
    readings: int
    right: float | None
    right_bar: Bar | None
    trust: float | None
    trust_bar: Bar | None
    why_not: str
    said: Sequence[tuple[str, Sequence[float | None]]]


@dataclass(frozen=True, slots=True)
class Task:
    """What is judged: labels, or the values of an attribute; `why_not` is a sentence, "" where people
    are judged."""

    title: str
    items: int
    classes: Sequence[str]
    people: Sequence[Judged]
    why_not: str


@dataclass(frozen=True, slots=True)
class Own:
    """One person with themselves, or with the gold layer, over so many articles."""

    name: str
    f1: F1
    bar: Bar | None
    undefined: str | Promise
    few: bool
    articles: int


@dataclass(frozen=True, slots=True)
class PeopleScreen:
    """`deep`: whether the run was measured in depth, without which nobody is judged."""

    deep: bool
    tasks: Sequence[Task]
    again: Sequence[Own]
    gold: Sequence[Own]


def screen(run: AgreementRun, labels: Sequence[str], variant: str, *, by: User) -> PeopleScreen:
    """Return what is known of people: at most seven queries. Passes in other campaigns count where
    `by` may see how far those agree."""
    spec = spec_of(run.campaign.schema_id)
    told: Sequence[Mapping[str, Any]] = run.depth["trust"] if run.depth else ()
    return PeopleScreen(
        deep=bool(run.depth),
        tasks=[_task(spec, each) for each in told],
        again=[*_owns(again(run, policy.campaigns_measured_by(by)), labels, variant)],
        gold=[*_owns(against_gold(run.campaign), labels, variant)],
    )


def _task(spec: Spec, told: Mapping[str, Any]) -> Task:
    words = _words(spec, told)
    classes = [words.get(each or "", each or "") for each in told["classes"]]
    return Task(
        title=_title(spec, told),
        items=told["items"],
        classes=classes,
        people=[_judged(each, classes) for each in told["annotators"]],
        why_not=_why_not(told) if told["undefined"] else "",
    )


def _title(spec: Spec, told: Mapping[str, Any]) -> str:
    label = spec.label(told["label"]) if told["label"] else None
    attribute = label.attribute(told["attribute"]) if label else None
    if label is None or attribute is None:
        return _("Spans and their labels")
    return f"{named(label.name)}: {named(attribute.name)}"


def _words(spec: Spec, told: Mapping[str, Any]) -> Mapping[str, str]:
    label = spec.label(told["label"]) if told["label"] else None
    attribute = label.attribute(told["attribute"]) if label else None
    if attribute is not None:
        return value_words(attribute)
    return {each.key: named(each.name) for each in spec.labels} | {"": _("no span")}


def _why_not(told: Mapping[str, Any]) -> str:
    if told["undefined"] == TOO_FEW_ANNOTATORS:
        return _(
            "Nobody is judged: it takes %(least)s annotators to tell which of them errs, and there are"
            " %(number)s."
        ) % {"least": LEAST_ANNOTATORS, "number": len(told["annotators"])}
    return _(
        "Nobody is judged: it takes %(least)s spans that two annotators or more read, and there are"
        " %(number)s."
    ) % {"least": LEAST_ITEMS, "number": told["items"]}


def _judged(told: Mapping[str, Any], classes: Sequence[str]) -> Judged:
    rows = [[None if cell is None else 100 * cell for cell in row] for row in told["said"] or ()]
    return Judged(
        name=told["annotator"],
        readings=told["readings"],
        right=told["right"],
        right_bar=bar_of(told["right"], None, None),
        trust=told["trust"],
        trust_bar=bar_of(told["trust"], None, None),
        why_not=_("fewer than %(least)s readings of theirs") % {"least": LEAST_READINGS},
        said=[*zip(classes, rows, strict=False)],
    )


def _owns(found: Direct, labels: Sequence[str], variant: str) -> Iterator[Own]:
    for name in found.counts:
        f1 = f1_of(found.pair(name, labels, variant))
        yield Own(
            name=name,
            f1=f1,
            bar=bar_of(f1.value, None, None),
            undefined=in_words(f1.undefined) if f1.undefined else "",
            few=f1.n < FEW,
            articles=found.articles(name),
        )
