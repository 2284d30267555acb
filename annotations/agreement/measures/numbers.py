"""Array types, and the division that knows it can be undefined."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]  # where there are millions, at half the memory
Flags = NDArray[np.bool_]


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Return the quotient, NaN where the denominator is not positive.

    NaN lives only between here and `Score` or `percentile_interval`, which both take it out.
    """
    above, below = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    quotient = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient
