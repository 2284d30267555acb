"""Whom to trust with what, without a gold answer: Dawid and Skene's confusions, MACE's competence.

Readings of all articles are summed by what they say (`together.Reading`); items that were read alike
are one row of the models that stands for all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from annotations.agreement.measures.dawid_skene import DawidSkene, dawid_skene
from annotations.agreement.measures.mace import Mace, mace
from annotations.agreement.measures.numbers import Floats, Ints
from annotations.agreement.measures.together import NOTHING, Reading

Task = tuple[str, str]
"""Label and attribute; two empty words: the labels themselves."""
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """`trust`: how often the annotator looks and does not guess (MACE); `right`: how often what they
    say is the likeliest truth (Dawid and Skene); `said[true][said]`: how often they say a class where
    another is true, None where it is never true. None, where there is too little of theirs."""

    name: str
    readings: int
    trust: float | None
    right: float | None
    said: Sequence[Sequence[float | None]] | None


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of everybody at one task; `items` were read by two or more. `shares` has how
    common each class is, in truth. Undefined: nobody is judged, for that reason."""

    label: str
    attribute: str
    classes: Sequence[str]
    items: int
    shares: Sequence[float]
    people: Sequence[Person]
    undefined: str | None = None


@dataclass(slots=True)
class Heard:
    """Readings of many articles, summed: by task, how often these people said these things."""

    times: defaultdict[Task, defaultdict[Names, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, readings: Iterable[Reading], names: Sequence[str]) -> None:
        """Add the readings of an article whose layers are by these annotators, in their order."""
        for each in readings:
            said = tuple(sorted((names[at], word) for at, word in each.said))
            self.times[each.label, each.attribute][said] += each.times


def trusts(heard: Heard, classes: Mapping[Task, Sequence[str]], *, seed: int) -> Iterator[Trust]:
    """Yield who is to be trusted with each of these tasks that anybody did; `classes` are theirs."""
    for task, known in classes.items():
        if said := heard.times.get(task):
            yield _trust(task, said, _used(known, said), seed)


def _used(known: Sequence[str], said: Iterable[Names]) -> list[str]:
    """Return the classes that anybody said: of others nothing can be told."""
    words = {word for each in said for _, word in each}
    return [each for each in known if each in words]


def _trust(task: Task, said: Mapping[Names, int], classes: Sequence[str], seed: int) -> Trust:
    names = sorted({name for each in said for name, _ in each})
    order = sorted(said)
    times = np.array([said[each] for each in order], dtype=np.int64)
    readings = _table(order, names, classes)
    errors, honest = (
        dawid_skene(readings, times=times),
        mace(readings, times=times, seed=seed),
    )
    people = [*_people(names, readings, times, errors, honest)]
    shares = errors.marginals.tolist()
    return Trust(*task, classes, errors.items, shares, people, errors.undefined)


def _table(order: Sequence[Names], names: Sequence[str], classes: Sequence[str]) -> Ints:
    place = {name: at for at, name in enumerate(names)}
    kind = {word: at for at, word in enumerate(classes)}
    cells = [
        (row, place[name], kind[word])
        for row, each in enumerate(order)
        for name, word in each
        if word in kind
    ]
    readings = np.zeros((len(order), len(names), len(classes)), dtype=np.int64)
    np.add.at(readings, tuple(np.array(cells, dtype=np.int64).reshape(-1, 3).T), 1)
    return readings


def _people(
    names: Sequence[str], readings: Ints, times: Ints, errors: DawidSkene, honest: Mace
) -> Iterator[Person]:
    placed = np.einsum("i,iol->o", times, readings)
    for at, name in enumerate(names):
        if errors.undefined or honest.undefined or np.isnan(errors.errors[at]).all():
            yield Person(name, int(placed[at]), None, None, None)
        else:
            own = errors.errors[at]
            right = float(np.nansum(errors.marginals * np.diag(own)))
            trust = float(honest.competence[at])
            yield Person(name, int(placed[at]), trust, right, _rows(own))


def _rows(table: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(cell) else float(cell) for cell in row] for row in table]


def tasks(labels: Sequence[str], values: Mapping[Task, Sequence[str]]) -> dict[Task, Sequence[str]]:
    """Return all tasks with their classes: the labels with NOTHING, and the values of each attribute."""
    return {("", ""): (*labels, NOTHING), **values}
