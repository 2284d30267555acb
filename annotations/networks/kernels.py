"""Kernels: how much a statement counts by its distance from the middle of a window of time.

`design/dna.md`, Time windows. With z the density at the statement's distance, a two-mode tie adds z, and a
one-mode tie the root of z1 * z2, which is the product of the roots: both are the usual sums over a cube
of z, or of roots of z. DNA's triangular kernel is |1 - u|, which is not symmetric; here it is 1 - |u|.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import exp, pi, sqrt


class Kernel(StrEnum):
    """The shape of the weights within a window; NONE counts all alike, as one."""

    NONE = "none"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    EPANECHNIKOV = "epanechnikov"
    GAUSSIAN = "gaussian"


def density(kernel: Kernel, distance: float) -> float:
    """The weight at this distance: 0 is the middle of a window, 1 and -1 are its edges. Beyond there
    is nothing to ask, also not of the Gaussian, which is cut there."""
    return _DENSITIES[kernel](distance)


_DENSITIES: Mapping[Kernel, Callable[[float], float]] = {
    Kernel.NONE: lambda u: 1,
    Kernel.UNIFORM: lambda u: 0.5,
    Kernel.TRIANGULAR: lambda u: 1 - abs(u),
    Kernel.EPANECHNIKOV: lambda u: 0.75 * (1 - u * u),
    Kernel.GAUSSIAN: lambda u: exp(-u * u / 2) / sqrt(2 * pi),
}
