"""The 5x2cv F test against the definition with loops, its distribution, and invariants."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.five_by_two import five_by_two


def by_loops(d: np.ndarray) -> float:
    above, below = 0.0, 0.0
    for first, second in d:
        mean = (first + second) / 2
        above += first**2 + second**2
        below += (first - mean) ** 2 + (second - mean) ** 2
    return above / (2 * below)


def test_definition() -> None:
    d = np.random.default_rng(0).normal(0.02, 0.05, (5, 2))
    test = five_by_two(d)
    assert test.statistic[0] == pytest.approx(by_loops(d), rel=1e-12)
    assert test.p[0] == pytest.approx(stats.f.sf(by_loops(d), 10, 5), rel=1e-10)
    assert test.difference[0] == pytest.approx(d.mean())


def test_worked_by_hand() -> None:
    d = np.array([[0.1, 0.3], [0.2, 0.0], [0.1, 0.1], [0.0, 0.2], [-0.1, 0.1]])
    # squares: 0.10 + 0.04 + 0.02 + 0.04 + 0.02 = 0.22; within: 0.02 + 0.02 + 0 + 0.02 + 0.02 = 0.08
    assert five_by_two(d).statistic[0] == pytest.approx(0.22 / 0.16)


def test_many_pairs_and_signs() -> None:
    d = np.random.default_rng(1).normal(0, 1, (5, 2, 6))
    together = five_by_two(d)
    assert together.p == pytest.approx([five_by_two(d[:, :, pair]).p[0] for pair in range(6)])
    assert five_by_two(-d).p == pytest.approx(together.p)
    assert five_by_two(d[:, ::-1]).p == pytest.approx(together.p)


def test_size_for_independent_differences_is_the_one_that_the_docstring_says() -> None:
    exact = stats.f.sf(2 * stats.f.isf(0.05, 10, 5) - 1, 5, 5)
    assert exact == pytest.approx(0.018, abs=5e-4)
    d = np.random.default_rng(2).normal(0, 1, (5, 2, 20000))
    assert np.mean(five_by_two(d).p < 0.05) == pytest.approx(exact, abs=0.004)


def test_without_variance() -> None:
    zero, equal = np.zeros((5, 2)), np.tile(np.arange(1.0, 6)[:, None], (1, 2))
    assert (five_by_two(zero).statistic[0], five_by_two(zero).p[0]) == (0, 1)
    assert np.isnan(five_by_two(equal).p[0])
    zero[2, 1] = np.nan
    assert np.isnan([five_by_two(zero).statistic[0], five_by_two(zero).p[0], five_by_two(zero).difference[0]]).all()


@pytest.mark.parametrize("shape", [(10,), (2, 5), (5, 3), (4, 2)])
def test_other_designs_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="expected 5 x 2"):
        five_by_two(np.zeros(shape))
