"""Is what sets parts of a campaign apart more than chance? Asked of parts that were cut already."""

import numpy as np

from annotations.agreement.measures.groups import Two, against_the_rest, of_two
from annotations.agreement.measures.numbers import Flags
from annotations.agreement.measures.permutation import Difference
from annotations.agreement.models import AgreementRun
from annotations.agreement.parts import Grouped
from annotations.agreement.wanted import Test, word_of


def each(run: AgreementRun, grouped: Grouped) -> list[Difference]:
    """Return every group that is shown against all others, those not shown among them."""
    seed = run.parameters["seed"]
    return against_the_rest(grouped.counted, grouped.place, len(grouped.groups), seed=seed)


def two(run: AgreementRun, grouped: Grouped, test: Test) -> Two:
    """Return one group against another, or against all others; of one that is not there, there is no
    figure."""
    first = _are(grouped, test.first)
    others = _are(grouped, test.second) if test.second else ~first
    some = first | others
    seed, level = run.parameters["seed"], run.parameters["level"]
    return of_two(grouped.counted.of(some), first[some], seed=seed, level=level)


def _are(grouped: Grouped, word: str) -> Flags:
    places = [at for at, group in enumerate(grouped.groups) if word_of(group.key) == word]
    return np.isin(grouped.place, places)
