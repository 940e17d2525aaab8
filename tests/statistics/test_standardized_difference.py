"""Limits of Hedges' g: by the definition, as the root of the noncentral t."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats

from benchmark.statistics.standardized_difference import hedges_limits


def by_definition(g: float, n: int, m: int, level: float) -> tuple[float, float]:
    v, root = n + m - 2, np.sqrt(1 / n + 1 / m)
    small = special.gamma(v / 2) / (np.sqrt(v / 2) * special.gamma((v - 1) / 2))
    t = g / small / root
    ends = [
        optimize.brentq(lambda nc, q: stats.nct.cdf(t, v, nc) - q, t - 6, t + 6, args=(q,))
        for q in ((1 + level) / 2, (1 - level) / 2)
    ]
    return ends[0] * root * small, ends[1] * root * small


@pytest.mark.parametrize(("g", "n", "m"), [(0.5, 15, 15), (-0.8, 7, 15), (0.0, 4, 9), (2.5, 6, 5)])
def test_limits_are_the_roots(g: float, n: int, m: int) -> None:
    low, high = hedges_limits(np.array([g]), np.array([n]), np.array([m]), level=0.9)
    assert (low[0], high[0]) == pytest.approx(by_definition(g, n, m, 0.9), abs=1e-6)
    assert low[0] < g < high[0]


def test_turned_round_the_limits_change_places() -> None:
    low, high = hedges_limits(np.array([0.7, -0.7]), np.array([9, 5]), np.array([5, 9]))
    assert low[0] == pytest.approx(-high[1]) and high[0] == pytest.approx(-low[1])


def test_undefined_stays_undefined() -> None:
    assert np.isnan(hedges_limits(np.array([np.nan]), np.array([5]), np.array([5]))).all()
