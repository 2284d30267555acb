"""What changed from one run to another: how they were computed, of which layers, and the figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotations.agreement.measures.groups import REPLICATES
from annotations.agreement.measures.permutation import CHANCE, Difference
from annotations.agreement.measures.scores import TOO_LARGE
from annotations.agreement.methods import of_two_runs
from annotations.agreement.models import AgreementRun
from annotations.agreement.results import (
    Json,
    figures,
    rounded,
    schema_of,
    told_articles,
    told_difference,
    told_layers,
)
from annotations.agreement.twice import MOST, TooMany, Twice, twice

FORMAT = "kutip-agreement-changes/1"
_UNLIKE = ("value", "n", "undefined")
_KEY = ("measure", "variant", "label", "attribute", "matched", "pair")
_COUNTED = "pairs_counted"  # how much work a run was: nothing that its figures depend on

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something the figures depend on, by its words in the record; None where a run has none."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer by its key, at these revisions; None in a run that did not compare it."""

    assignment: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure in both runs; None where one of them has no such line. `tested`: what sets the later one apart
    on the articles that both runs have, where that was asked."""

    before: Row | None
    after: Row | None
    tested: Difference | None = None

    @property
    def of(self) -> Row:
        """What it is a figure of."""
        return self.after or self.before or {}

    @property
    def difference(self) -> float | None:
        """By how much the later one is above the earlier; None where one of them is undefined."""
        if self.before is None or self.after is None:
            return None
        before, after = self.before["value"], self.after["value"]
        return None if before is None or after is None else float(after - before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is not the same in both runs. `same_layers`: how many are. `twice`: what was tested
    on the articles that both have, where that was asked; unless it was of `too_many` pairs of layers."""

    before: AgreementRun
    after: AgreementRun
    parameters: Sequence[Parameter]
    same_layers: int
    changed: Sequence[Layer]
    added: Sequence[Layer]
    removed: Sequence[Layer]
    figures: Sequence[Moved]
    twice: Twice | None = None
    too_many: int = 0


def with_chance(
    before: AgreementRun, after: AgreementRun, *, waited_for: bool = True
) -> Comparison:
    """Return the same as `comparison`, with what sets the figures apart on the articles that both runs
    have: the queries of `twice`. While somebody waits only MOST pairs of layers are counted again."""
    found = comparison(before, after)
    try:
        both = twice(before, after, most=MOST if waited_for else None)
    except TooMany as many:
        return replace(found, too_many=many.pairs)
    figures = [replace(each, tested=both.differences.get(_key(each.of))) for each in found.figures]
    return replace(found, figures=figures, twice=both)


def comparison(before: AgreementRun, after: AgreementRun) -> Comparison:
    """Return what changed between two finished runs of one campaign; no query."""
    used = _layers(before), _layers(after)
    both = used[0].keys() & used[1].keys()
    layers = [
        Layer(key, used[0].get(key), used[1].get(key)) for key in sorted({*used[0], *used[1]})
    ]
    unlike = [each for each in layers if each.before != each.after]
    return Comparison(
        before,
        after,
        [*_parameters(before, after)],
        sum(used[0][key] == used[1][key] for key in both),
        [each for each in unlike if each.assignment in both],
        [each for each in unlike if each.before is None],
        [each for each in unlike if each.after is None],
        [*_figures(before, after)],
    )


def as_json(found: Comparison) -> Json:
    """Return the comparison as plain JSON. Two queries, and three more where it was tested."""
    layers = {"changed": found.changed, "added": found.added, "removed": found.removed}
    told = told_layers([each.assignment for some in layers.values() for each in some])
    return {
        "format": FORMAT,
        "campaign": found.after.campaign.slug,
        "before": _run(found.before),
        "after": _run(found.after),
        "parameters": [
            {"name": each.name, "before": each.before, "after": each.after}
            for each in found.parameters
        ],
        "layers": {"same": found.same_layers}
        | {
            how: [
                told.get(each.assignment, {})
                | {"assignment": each.assignment, "before": each.before, "after": each.after}
                for each in some
            ]
            for how, some in layers.items()
        },
        "figures": [_moved(each) for each in found.figures],
        "test": _test(found),
    }


def _test(found: Comparison) -> Json | None:
    """Return how figures were tested, and on which articles; or why not. None where nobody asked."""
    if found.too_many:
        return {"undefined": TOO_LARGE, "pairs": found.too_many, "most": MOST}
    if found.twice is None:
        return None
    out = {
        "only_before": found.twice.only_before,
        "only_after": found.twice.only_after,
        "gone": found.twice.gone,
    }
    return {
        "undefined": None,
        "articles": found.twice.shared,
        "changed": found.twice.changed,
        "left_out": {reason: told_articles(keys) for reason, keys in out.items()},
        "replicates": REPLICATES,
        "seed": found.twice.seed,
        "threshold": CHANCE,
        "methods": of_two_runs(articles=found.twice.shared, seed=found.twice.seed),
    }


def _run(run: AgreementRun) -> Json:
    return {
        "run": run.pk,
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "schema": schema_of(run),
        "fingerprint": run.fingerprint and bytes(run.fingerprint).hex(),
    }


def _moved(each: Moved) -> Json:
    keep = ("value", "n", "undefined", "interval")
    return {name: each.of[name] for name in _KEY} | {
        "before": each.before and {name: each.before[name] for name in keep},
        "after": each.after and {name: each.after[name] for name in keep},
        "difference": rounded(each.difference),
        "tested": each.tested and told_difference(each.tested),
    }


def _layers(run: AgreementRun) -> dict[int, int]:
    return dict(zip(run.layers["assignments"], run.layers["revisions"], strict=True))


def _parameters(before: AgreementRun, after: AgreementRun) -> Iterator[Parameter]:
    first, second = (dict(_told(run)) for run in (before, after))
    for name in sorted({*first, *second}):
        if first.get(name) != second.get(name):
            yield Parameter(name, first.get(name), second.get(name))


def _told(run: AgreementRun) -> Iterator[tuple[str, object]]:
    yield "include_open", run.include_open
    yield "schema", schema_of(run)
    plain = {name: each for name, each in run.parameters.items() if name != _COUNTED}
    yield from _flat(plain | {"depth": run.depth["parameters"] if run.depth else {}})


def _flat(told: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, each in told.items():
        if isinstance(each, Mapping):
            yield from _flat(each, f"{before}{name}.")
        else:
            yield f"{before}{name}", each


def _figures(before: AgreementRun, after: AgreementRun) -> Iterator[Moved]:
    """Yield the figures that are not the same, in the order of the later run; then those it has
    not."""
    first, second = ({_key(row): row for row in figures(run)} for run in (before, after))
    for key in [*second, *(key for key in first if key not in second)]:
        moved = Moved(first.get(key), second.get(key))
        if _values(moved.before) != _values(moved.after):
            yield moved


def _key(row: Row) -> Any:
    return tuple(tuple(each) if isinstance(each, list) else each for each in map(row.get, _KEY))


def _values(row: Row | None) -> object:
    return row and [row[name] for name in _UNLIKE]
