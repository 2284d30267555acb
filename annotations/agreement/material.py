"""What is summed: the counted pairs of a campaign as a table, and the layers that they are of."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from annotations.accounts.models import User
from annotations.agreement.keys import Cells, keys_of
from annotations.agreement.measures.counting import turned
from annotations.agreement.measures.numbers import Flags, Ints, SmallInts
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.study import Table
from annotations.agreement.measures.tally import Key


@dataclass(frozen=True, slots=True)
class ComparedPairs:
    """The pairs that are compared, in the order of articles and layers: keys of articles and of
    assignments, revisions, and places in `names` (the annotators of each pair, in their order; those
    of `turned` pairs have their layers the other way round)."""

    article: Ints
    first: Ints
    second: Ints
    revisions: Ints
    pair: Ints
    turned: Flags
    names: Sequence[Names]

    def layers(self) -> tuple[Ints, Ints]:
        """Return the assignments that are compared, in order, and their revisions."""
        both = np.concatenate([self.first, self.second])
        assignments, at = np.unique(both, return_index=True)
        return assignments, self.revisions.T.reshape(-1)[at]


@dataclass(frozen=True, slots=True)
class Material(ComparedPairs):
    """The same with the counts: `stored` holds the cells of the pairs, `sizes` how many cells each
    has."""

    sizes: Ints
    stored: Cells = field(repr=False)

    def table(self) -> Table:
        """Return the counts to be summed, of every pair in the order of its names. One query, for
        what is counted."""
        # keys are few and their numbers small: to look them up is quicker than to sort the cells
        numbers = np.flatnonzero(np.bincount(self.stored["key"]))
        known = keys_of(numbers.tolist())
        keys = [known[number] for number in numbers.tolist()]
        place = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.int32)
        place[numbers] = np.arange(len(numbers))
        column: SmallInts = place[self.stored["key"]]
        columns: dict[Key, int] = {key: at for at, key in enumerate(keys)}
        other = np.array(
            [columns.setdefault(turned(key), len(columns)) for key in keys], dtype=np.int32
        )
        around = np.repeat(self.turned, self.sizes)
        column[around] = other[column[around]]
        return Table(
            columns,
            self.names,
            self.article,
            self.pair,
            self.sizes,
            column,
            self.stored["count"].astype(np.float64),
        )


def sides(first: Ints, second: Ints) -> tuple[Ints, Flags, list[Names]]:
    """Return, for these accounts that annotated the layers of pairs, the place of every pair in a
    list of names, whether it is turned, and the list (see `ComparedPairs`). One query."""
    who, at = np.unique(np.concatenate([first, second]), return_inverse=True)
    known = dict(User.objects.filter(pk__in=who.tolist()).values_list("pk", "username"))
    one, other = np.split(at, 2)
    both, place = np.unique(one * len(who) + other, return_inverse=True)
    found = [tuple(known[who[at]] for at in divmod(code, len(who))) for code in both.tolist()]
    names = sorted({(min(side), max(side)) for side in found})
    pair = np.array([names.index((min(side), max(side))) for side in found], dtype=np.int64)
    turned = np.array([side[0] > side[1] for side in found], dtype=bool)
    return pair[place], turned[place], names


def fingerprint(assignments: Ints, revisions: Ints) -> bytes:
    """Return what tells the layers of a run from any others: SHA-256 of the pairs (assignment,
    revision), each as two little-endian numbers of 64 bits, in the order of assignments."""
    both = np.stack([assignments, revisions], axis=1).astype("<i8")
    return hashlib.sha256(both.tobytes()).digest()
