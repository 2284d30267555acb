"""Two passes over the same articles: which of their figures differ by more than chance?

If it makes no difference which pass is which, all that was done to an article in one may change places
with what was done to it in the other (`permutation` says what p is, and that of any). Whether it does, a
coin says that follows from the seed and the article alone, as the draws of intervals do: the same articles
give the same p, in whatever order, in every database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from annotations.agreement.measures.bootstrap import STRETCH, Resampling, Rows, coins
from annotations.agreement.measures.estimates import Estimate
from annotations.agreement.measures.figures import estimates_of
from annotations.agreement.measures.numbers import Floats, Ints
from annotations.agreement.measures.permutation import CHANCE, Difference, alone_and_of_any
from annotations.agreement.measures.questions import Names, Questions
from annotations.agreement.measures.scores import TOO_FEW_ARTICLES
from annotations.agreement.measures.study import Row, Study, parts_of

Asked = tuple[str, str, str | None, str | None, str | None, Names | None]
"""What a figure is of: measure, variant, label, attribute, matched, pair."""


@dataclass(frozen=True, slots=True)
class Passes:
    """The rows of two passes over the same articles. `alike` are those of articles that are the same in
    both, which may be summed already; `before` and `after` those of all others, the same ones."""

    alike: Iterable[Row]
    before: Sequence[Row]
    after: Sequence[Row]


def differences(
    passes: Passes, ask: Questions, *, replicates: int, seed: int
) -> Mapping[Asked, Difference]:
    """Return what sets the second pass apart from the first, for every figure over all pairs and of
    each pair; `of_any` is of those over all pairs.

    Undefined where either figure is, and where so few articles differ that nothing would ever be
    more than chance.
    """
    alike = [*passes.alike]
    changed = len({row.article for row in passes.after})
    one = _estimates(alike, passes.before, passes.after, ask, replicates, seed)
    other = _estimates(alike, passes.after, passes.before, ask, replicates, seed)
    asked = [*one]
    draws = np.stack([other[key].draws - one[key].draws for key in asked], axis=1)
    enough = changed * log(2) >= log(1 / CHANCE)
    known = ~np.isnan(draws[0]) & enough
    family = known & np.array([key[-1] is None for key in asked], dtype=bool)
    values, chance = np.nan_to_num(draws[0]), np.nan_to_num(draws[1:])
    alone, of_any = alone_and_of_any(values, chance, family)
    return {
        key: Difference(
            float(values[at]),
            float(alone[at]),
            float(of_any[at]) if family[at] else None,
            replicates,
            seed,
        )
        if known[at]
        else Difference(
            None, None, None, replicates, seed, one[key].otherwise if enough else TOO_FEW_ARTICLES
        )
        for at, key in enumerate(asked)
    }


@dataclass(frozen=True, slots=True)
class _Alike:
    """What is the same in every draw."""

    draws: int

    def sums(self, rows: Rows, articles: Ints) -> Floats:
        return np.tile(rows.total(), (self.draws, 1))


@dataclass(frozen=True, slots=True)
class _Changing:
    """Articles that `stay`, or come in from the other pass, as their coins fall. In draw 0 all stay."""

    stay: bool
    replicates: int
    seed: int

    def sums(self, rows: Rows, articles: Ints) -> Floats:
        found = np.zeros((1 + self.replicates, rows.columns))
        for first in range(0, len(articles), STRETCH):
            some = articles[first : first + STRETCH]
            moved = np.zeros((len(some), 1 + self.replicates), dtype=bool)
            moved[:, 1:] = coins(some, self.replicates, self.seed)
            weights = (moved != self.stay).T.astype(np.float64)
            found += weights @ rows.between(first, first + len(some))
        return found


def _estimates(
    alike: Sequence[Row],
    stay: Sequence[Row],
    come: Sequence[Row],
    ask: Questions,
    replicates: int,
    seed: int,
) -> dict[Asked, Estimate]:
    """Return the estimates of a pass, of which some articles stay and others come in."""
    parts = [
        *parts_of(alike, _Alike(1 + replicates)),
        *parts_of(stay, _Changing(True, replicates, seed)),
        *parts_of(come, _Changing(False, replicates, seed)),
    ]
    # no article is drawn again: only as many draws are asked for
    study = Study.of_parts(parts, Resampling.of(np.zeros(0, dtype=np.int64), replicates, seed))
    return {_asked(each): each for each in estimates_of(study, ask)}


def _asked(estimate: Estimate) -> Asked:
    of = estimate.of
    return of.measure, of.variant, of.label, of.attribute, of.matched, of.pair
