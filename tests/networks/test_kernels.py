"""Kernels: densities, as far as a window reaches."""

from datetime import date
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.networks.kernels import Kernel, density
from annotations.networks.windows import Unit, calendar_windows

CURVED = [Kernel.TRIANGULAR, Kernel.EPANECHNIKOV, Kernel.GAUSSIAN]


@pytest.mark.parametrize(
    ("kernel", "middle", "half", "edge"),
    [
        (Kernel.NONE, 1, 1, 1),
        (Kernel.UNIFORM, 0.5, 0.5, 0.5),
        (Kernel.TRIANGULAR, 1, 0.5, 0),
        (Kernel.EPANECHNIKOV, 0.75, 0.5625, 0),
        (Kernel.GAUSSIAN, 0.39894228, 0.35206533, 0.24197072),
    ],
)
def test_a_kernel_has_its_known_values(
    kernel: Kernel, middle: float, half: float, edge: float
) -> None:
    found = [density(kernel, at) for at in (0, 0.5, 1)]
    assert found == pytest.approx([middle, half, edge])


@pytest.mark.parametrize("kernel", [Kernel.UNIFORM, Kernel.TRIANGULAR, Kernel.EPANECHNIKOV])
def test_within_a_window_it_sums_to_one(kernel: Kernel) -> None:
    steps = 10_000
    total = sum(density(kernel, -1 + (2 * at + 1) / steps) for at in range(steps)) * 2 / steps
    assert isclose(total, 1, rel_tol=1e-6)


@given(st.sampled_from(CURVED), st.floats(0, 1), st.floats(0, 1))
def test_what_is_further_off_counts_no_more_on_either_side(
    kernel: Kernel, one: float, other: float
) -> None:
    near, far = sorted((one, other))
    assert density(kernel, near) >= density(kernel, far)
    assert density(kernel, far) == density(kernel, -far)


def test_the_distance_is_one_at_both_ends_of_a_window() -> None:
    [window] = calendar_windows(date(2024, 1, 15), date(2024, 3, 16), Unit.MONTHS, 3)
    days = (window.first, date(2024, 1, 31), window.at, window.last)
    assert [window.distance(day) for day in days] == pytest.approx([-1, -15 / 31, 0, 1])
