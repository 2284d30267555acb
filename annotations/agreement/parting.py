"""A view of a run by its parts, with what was asked of chance: for the page, for programs, for the shell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from annotations.agreement import chance, parts, versions
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.measures.bootstrap import Interval
from annotations.agreement.measures.groups import (
    DRAWS,
    REPLICATES,
    GroupF1,
    Two,
    lies_outside,
    limits,
)
from annotations.agreement.measures.permutation import CHANCE, Difference
from annotations.agreement.methods import paragraph_with_test
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Group, Grouped
from annotations.agreement.results import Json, told_difference
from annotations.agreement.wanted import FILTERS, By, Wanted
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of


@dataclass(frozen=True, slots=True)
class Parting:
    """The parts of a run. `names` are those of campaigns by their short names. `rest`: each part that is
    shown against all others, where that was asked; `two`: those two that were."""

    run: AgreementRun
    by: By
    wanted: Wanted
    grouped: Grouped
    names: Mapping[str, str] = field(default_factory=dict)
    rest: Sequence[Difference] = ()
    two: Two | None = None

    @property
    def unlike(self) -> Sequence[Difference | None]:
        """What sets each part that is shown apart from all others; None where nobody asked."""
        return self.rest or [None] * len(self.grouped.groups)


def parting(
    run: AgreementRun,
    by: By,
    wanted: Wanted,
    campaigns: "QuerySet[Campaign]",
    found: Columns | None = None,
) -> Parting:
    """Return a run by its parts; by the version of the schema it stands beside those of these campaigns.
    `found` are its columns, where they are at hand: two queries at least less."""
    labels = wanted.labels(spec_of(run.campaign.schema_id))
    found = found or columns_of(run, parts.heads_of(labels))
    names: Mapping[str, str] = {}
    if by == "version":
        grouped, names = versions.grouped(run, found, wanted, campaigns)
    else:
        grouped = parts.grouped(run, found, by, labels, wanted.variant, wanted.where)
    test = wanted.test
    return Parting(
        run,
        by,
        wanted,
        grouped,
        names,
        rest=chance.each(run, grouped) if test and not test.first else (),
        two=chance.two(run, grouped, test) if test and test.first else None,
    )


def as_json(found: Parting) -> Json:
    """Return a view as plain JSON: `filters` by their words in an address, "" for all."""
    every = found.grouped.every
    return {
        "by": found.by,
        "filters": {word: found.wanted.words.get(word, "") for word in FILTERS},
        "replicates": DRAWS,
        "all": _figure(every),
        "groups": [
            _group(every, *each) for each in zip(found.grouped.groups, found.unlike, strict=True)
        ],
        "left_out": found.grouped.left_out,
        "test": _test(found),
    }


def _group(every: GroupF1, group: Group, rest: Difference | None) -> Json:
    between = limits(every, group.f1)
    key = group.key
    return {
        "key": key if key is None or isinstance(key, str) else key.isoformat(),
        "limits": between and {"low": between.low, "high": between.high},
        "outside": lies_outside(every, group.f1),
        "rest": rest and told_difference(rest),
    } | _figure(group.f1)


def _figure(found: GroupF1) -> Json:
    return {
        "value": found.value,
        "interval": _interval(found.interval),
        "n": found.n,
        "articles": found.articles,
        "undefined": found.undefined,
    }


def _interval(found: Interval | None) -> Json | None:
    return {"low": found.low, "high": found.high} if found else None


def _test(found: Parting) -> Json | None:
    test, two = found.wanted.test, found.two
    if test is None:
        return None
    return {
        "replicates": REPLICATES,
        "seed": found.run.parameters["seed"],
        "threshold": CHANCE,
        "methods": paragraph_with_test(found.run, parts=len(found.rest)),
        "two": two
        and {
            "first": {"part": test.first} | _figure(two.first),
            "second": {"part": test.second or None} | _figure(two.second),
            "interval": _interval(two.interval),
            "shared_articles": two.shared,
        }
        | told_difference(two.difference),
    }
