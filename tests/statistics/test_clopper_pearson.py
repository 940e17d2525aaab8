"""The exact interval against statsmodels; R in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from benchmark.statistics.clopper_pearson import clopper_pearson


def test_equals_statsmodels_at_the_ends_and_other_levels() -> None:
    k, n = np.array([0, 12, 3, 1]), np.array([12, 12, 40, 1])
    low, high = clopper_pearson(k, n, level=0.9)
    for place in range(4):
        expected = proportion_confint(k[place], n[place], alpha=0.1, method="beta")
        assert [low[place], high[place]] == pytest.approx(np.nan_to_num(expected, nan=1), abs=1e-12)
    assert (low[0], high[1]) == (0, 1)


def test_no_case_no_interval() -> None:
    assert np.isnan(clopper_pearson(np.array([0, np.nan]), np.array([0, 5]))).all()


def test_covers_at_least_at_its_level() -> None:
    n = 15
    k = np.arange(n + 1)
    low, high = clopper_pearson(k, np.full(n + 1, n))
    for p in (0.05, 0.3, 0.5, 0.93):
        chance = np.array([np.prod([(n - j) / (j + 1) for j in range(i)]) for i in k]) * p**k * (1 - p) ** (n - k)
        assert chance[(low <= p) & (p <= high)].sum() >= 0.95
