"""The studentized range against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.studentized_range import studentized_range_cdf, studentized_range_quantile


@pytest.mark.parametrize("k", [2, 3, 7, 15])
def test_equals_scipy(k: int) -> None:
    df = np.array([4, 7.5, 14.1, 60, 500])
    q = np.array([0.4, 1.5, 3.0, 4.2, 7.0])
    assert studentized_range_cdf(q, k, df) == pytest.approx(stats.studentized_range.cdf(q, k, df), abs=1e-10)
    for level in (0.9, 0.95, 0.99):
        found = studentized_range_quantile(level, k, df)
        assert studentized_range_cdf(found, k, df) == pytest.approx(level, abs=1e-11)
        assert stats.studentized_range.cdf(found, k, df) == pytest.approx(level, abs=1e-8)


def test_two_means_are_a_t_test() -> None:
    df = np.array([3.0, 10, 100])
    assert studentized_range_quantile(0.95, 2, df) == pytest.approx(np.sqrt(2) * stats.t.ppf(0.975, df), rel=1e-9)


@pytest.mark.parametrize("k", [2, 5, 10])
def test_infinite_degrees_of_freedom(k: int) -> None:
    df, q = np.array([np.inf, 12.0]), np.array([3.1, 3.1])
    assert studentized_range_cdf(q, k, df) == pytest.approx(stats.studentized_range.cdf(q, k, df), abs=1e-10)
    found = studentized_range_quantile(0.95, k, np.array([np.inf, 1e7]))
    assert stats.studentized_range.cdf(found[0], k, np.inf) == pytest.approx(0.95, abs=1e-10)
    assert found[0] == pytest.approx(found[1], rel=1e-5)


def test_undefined() -> None:
    assert np.isnan(studentized_range_quantile(0.95, 3, np.array([1.0, np.nan]))).all()
