"""What becomes of each name in another tool's files, as a form: the questions, and their answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotations.assignments import services as campaigns
from annotations.assignments.models import Campaign
from annotations.corpora.models import Corpus
from annotations.exchange.annotated_handlers import BRING
from annotations.exchange.drawing import MAKE, everything
from annotations.exchange.mapping import LEFT_OUT, Decisions, Named, account_name, proposed
from annotations.exchange.surveying import AttributeFound, LabelFound, RelationFound, Survey
from annotations.jobs.models import Job, State
from annotations.schema.models import Schema
from annotations.schema.services import find
from annotations.schema.spec import Label, RelationType, Spec, parse
from annotations.web.naming import NamingForm

BUILT_IN = "atribusi@1.0"
VALUES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Where layers go: a campaign that runs, or one to be made under `base` (a schema as
    KEY@VERSION) or, where that is empty, under a schema drawn from the files."""

    key: str
    name: str
    campaign: Campaign | None = None
    base: str = ""
    schema: Schema | None = None

    @property
    def may_make(self) -> bool:
        """Only a campaign that is to be made may get a schema of its own."""
        return self.campaign is None

    @property
    def spec(self) -> Spec | None:
        return parse(self.schema.spec) if self.schema else None


def targets(corpus: Corpus) -> list[Target]:
    """All there are for layers of this corpus; the first is what most want."""
    find(BUILT_IN)  # registered when first asked for
    running = corpus.campaigns.filter(status=Campaign.Status.RUNNING, hidden=False).select_related(
        "schema"
    )
    return [
        Target("new", _("A new campaign, its schema made from these files")),
        *(
            Target(
                f"schema:{schema}",
                _("A new campaign with %(schema)s") % {"schema": schema},
                base=str(schema),
                schema=schema,
            )
            for schema in Schema.objects.order_by("key", "version")
        ),
        *(
            Target(
                f"campaign:{one.slug}",
                _("The campaign %(name)s") % {"name": one.name},
                campaign=one,
                schema=one.schema,
            )
            for one in running.order_by("name")
        ),
    ]


def target_of(corpus: Corpus, key: str) -> Target | None:
    known = {target.key: target for target in targets(corpus)}
    return known.get(key or "new")


def refuse_taken(naming: NamingForm) -> None:
    """The form has an error where its short name is another campaign's, or a schema's."""
    slug = naming.cleaned_data["slug"]
    try:
        campaigns.refuse_taken(slug)
    except campaigns.Impossible as impossible:
        naming.add_error("slug", str(impossible))
        return
    if Schema.objects.filter(key=slug, version="1.0").exists():
        naming.add_error("slug", _("There is a schema “%(slug)s” already.") % {"slug": slug})


# --- the questions ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str | Promise


@dataclass(slots=True)
class Question:
    """One name in the files: `key` names its input, `answer` what stands there now."""

    key: str
    name: str
    count: int
    about: str
    answer: str
    choices: Sequence[Choice]
    more: "list[Question]" = field(default_factory=list)
    fault: str = ""


@dataclass(slots=True)
class Person:
    key: str
    name: str
    layers: int
    spans: int
    answer: str
    fault: str = ""


@dataclass(slots=True)
class Questions:
    labels: list[Question]
    relations: list[Question]
    people: list[Person]

    @property
    def faults(self) -> int:
        """How many answers cannot be."""
        owners = [*self.labels, *self.relations]
        asked = [*owners, *(more for one in owners for more in one.more)]
        faults = [one.fault for one in asked] + [one.fault for one in self.people]
        return sum(map(bool, faults))

    def decisions(self) -> Decisions:
        return Decisions(
            {one.name: _named(one) for one in self.labels},
            {one.name: _named(one) for one in self.relations},
            {one.name: one.answer for one in self.people},
        )


def _named(question: Question) -> Named:
    return Named(question.answer, {more.name: more.answer for more in question.more})


def survey_of(job: Job) -> Survey:
    return msgspec.convert((job.result or {})["survey"], Survey)


def questions(
    corpus: Corpus, job: Job, target: Target, given: Mapping[str, Any] | None = None
) -> Questions:
    """What to ask of a survey, with the answers `given`, else with those that are likely: what was
    decided last time in this corpus, what has the same name, what is to be made."""
    survey = survey_of(job)
    likely = _likely(corpus, job, target, survey)
    spec = target.spec
    make = target.may_make
    labels = _asked("label", survey.labels, likely.labels, spec.labels if spec else (), make)
    types = _asked("relation", survey.types, likely.relations, spec.relations if spec else (), make)
    people = [
        Person(f"person-{n}", name, one.layers, one.spans, likely.people[name])
        for n, (name, one) in enumerate(sorted(survey.people.items()))
    ]
    asked = Questions(labels, types, people)
    if given is not None:
        _fill(asked, given)
    return asked


def _likely(corpus: Corpus, job: Job, target: Target, survey: Survey) -> Decisions:
    before = _before(corpus, job)
    if target.spec is None:
        made = everything(survey)
        made.people = {
            name: before.people.get(name) or account_name(name) for name in survey.people
        }
        return made
    return proposed(survey, target.spec, before)


def _before(corpus: Corpus, job: Job) -> Decisions:
    """What was decided at the last load of annotations into this corpus."""
    loads = Job.objects.filter(kind=BRING, args__corpus=corpus.pk, state=State.DONE)
    last = loads.order_by("-finished_at").first()
    return msgspec.convert(last.args["decisions"], Decisions) if last else Decisions()


def _asked(
    what: str,
    found: Mapping[str, LabelFound | RelationFound],
    likely: Mapping[str, Named],
    owners: Sequence[Label] | Sequence[RelationType],
    make: bool,
) -> list[Question]:
    asked = []
    keys = _choices([(one.key, _name_of(one.name)) for one in owners], make)
    attributes = {a.key: _name_of(a.name) for one in owners for a in one.attributes}
    inner = _choices(sorted(attributes.items()), make)
    for number, (name, one) in enumerate(sorted(found.items())):
        answer = likely.get(name, Named())
        question = Question(f"{what}-{number}", name, one.count, _about(one), answer.to, keys)
        question.more = [
            Question(
                f"{what}-{number}-{inside}",
                attribute,
                counted.count,
                _values(counted),
                answer.attributes.get(attribute, LEFT_OUT),
                inner,
            )
            for inside, (attribute, counted) in enumerate(sorted(one.attributes.items()))
        ]
        asked.append(question)
    return asked


def _choices(keys: Iterable[tuple[str, str]], make: bool) -> list[Choice]:
    made = [Choice(MAKE, _("make it"))] if make else []
    return [*made, Choice(LEFT_OUT, _("leave out")), *(Choice(key, name) for key, name in keys)]


def _name_of(name: Mapping[str, str]) -> str:
    return name.get(get_language() or "en") or name["en"]


def _about(one: LabelFound | RelationFound) -> str:
    """An example of a label; the labels that a relation joins."""
    if isinstance(one, LabelFound):
        return one.example
    return ", ".join(f"{ends.source} → {ends.target}" for ends in one.ends[:3])


def _values(counted: AttributeFound) -> str:
    if counted.truths == counted.count:
        return _("yes or no")
    first = sorted(counted.values, key=lambda value: (-counted.values[value], value))
    return ", ".join(first[:VALUES_SHOWN]) + (", …" if len(first) > VALUES_SHOWN else "")


def _fill(asked: Questions, given: Mapping[str, Any]) -> None:
    for question in (*asked.labels, *asked.relations):
        for one in (question, *question.more):
            one.answer = str(given.get(one.key, LEFT_OUT))
            if one.answer not in {choice.value for choice in one.choices}:
                one.fault, one.answer = _("Choose one of the list."), LEFT_OUT
    for person in asked.people:
        person.answer = str(given.get(person.key, "")).strip()
        if person.answer != account_name(person.answer):
            person.fault = _("A user name has letters, digits and @ . + - _ only.")
