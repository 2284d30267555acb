"""The assignment problem, by the way that suits its size: who goes with whom, at the best total.

Dense by the Hungarian method (Crouse 2016, in scipy), sparse by LAPJVsp (Jonker and Volgenant
1987), with repeated spans as a transportation problem (its vertices are whole numbers: Hitchcock
1941). All three are exact.
"""

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints

TIE = 1e-9  # below any difference of overlap that could matter, above the noise of the sums
DENSE = 10_000  # cells of a table that is solved as one, and
EXPANDED = 1_000_000  # pairs of copies; beyond, copies are counted instead of told apart
SPREAD = 2  # how many cells a pair may have for that in a larger table


def best(
    first: Ints,
    second: Ints,
    iou: Floats,
    copies: Ints | None = None,
    others: Ints | None = None,
) -> tuple[Ints, Ints]:
    """Return, of these pairs, those of the matching with the most pairs and then the most `iou`.

    `copies` and `others` say how often each position of the two sides may be used; default once.
    """
    if len(first) == 2 and copies is None:
        # they compete, so one of them goes; of equals the first in the order of reading stays
        better = int(iou[1] > iou[0] + TIE)
        return first[better : better + 1], second[better : better + 1]
    rows, row = np.unique(first, return_inverse=True)
    columns, column = np.unique(second, return_inverse=True)
    if copies is None or others is None:
        chosen = _most(row, column, iou)
    else:
        chosen = _most_of_copies(row, column, iou, copies[rows], others[columns])
    return first[chosen], second[chosen]


def _most(row: Ints, column: Ints, iou: Floats) -> Ints:
    """Return the positions of the pairs to use: one more pair always outweighs all overlap, and
    order decides only between equals."""
    size = max(int(row.max()), int(column.max())) + 1
    return assigned(row, column, size + iou - TIE * ((row - column) / size) ** 2)


def _most_of_copies(row: Ints, column: Ints, iou: Floats, supply: Ints, demand: Ints) -> Ints:
    """Return the positions of the pairs to use, each as often as it is used."""
    times = supply[row] * demand[column]
    if times.sum() > EXPANDED:
        return _shipped(row, column, min(supply.sum(), demand.sum()) + iou, supply, demand)
    pair = np.repeat(np.arange(len(row)), times)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    one, other = np.divmod(nth, demand[column][pair])
    rows = (np.cumsum(supply) - supply)[row][pair] + one
    columns = (np.cumsum(demand) - demand)[column][pair] + other
    return pair[_most(rows, columns, iou[pair])]


def assigned(row: Ints, column: Ints, gain: Floats) -> Ints:
    """Return the positions of the pairs (row, column), each row and column used at most once,
    with the largest total `gain`; each gain is positive, and no pair is listed twice."""
    if not len(gain):
        return np.zeros(0, dtype=np.int64)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    if rows * columns <= max(DENSE, SPREAD * len(gain)):
        return _dense(row, column, gain, (rows, columns))
    return _sparse(row, column, gain, (rows, columns))


def _dense(row: Ints, column: Ints, gain: Floats, shape: tuple[int, int]) -> Ints:
    from scipy.optimize import linear_sum_assignment

    weight = np.zeros(shape)
    listed = np.full(shape, -1, dtype=np.int64)
    weight[row, column] = gain
    listed[row, column] = np.arange(len(gain))
    found = listed[linear_sum_assignment(weight, maximize=True)]
    return np.asarray(found[found >= 0])


def _sparse(row: Ints, column: Ints, gain: Floats, shape: tuple[int, int]) -> Ints:
    """Let every row also go with a column of its own, at no gain: then a full matching exists."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns = shape
    nobody = np.arange(rows)
    most = float(gain.max()) + 1  # costs must be positive: zero would be no pair
    cost = np.concatenate((most - gain, np.full(rows, most)))
    where = np.concatenate((row, nobody)), np.concatenate((column, columns + nobody))
    graph = csr_array((cost, where), shape=(rows, columns + rows))
    one, other = min_weight_full_bipartite_matching(graph)
    real = other < columns
    listed = csr_array((np.arange(1, len(gain) + 1), (row, column)), shape=shape)
    return np.asarray(listed[one[real], other[real]] - 1).ravel().astype(np.int64)


def _shipped(row: Ints, column: Ints, gain: Floats, supply: Ints, demand: Ints) -> Ints:
    """Return the positions of the pairs, each as often as it is used."""
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array

    at = np.arange(len(gain))
    once = np.ones(2 * len(gain))
    where = np.concatenate((row, len(supply) + column)), np.concatenate((at, at))
    uses = csr_array((once, where), shape=(len(supply) + len(demand), len(gain)))
    limits = LinearConstraint(uses, ub=np.concatenate((supply, demand)))
    found = milp(-gain / gain.max(), integrality=np.ones_like(at), constraints=limits)
    if found.x is None:
        raise ArithmeticError(found.message)
    return np.repeat(at, np.rint(found.x).astype(np.int64))
