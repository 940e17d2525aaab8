"""Shapiro-Wilk of all columns at once: SciPy's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.shapiro_wilk import shapiro_wilk


@pytest.mark.parametrize("n", [3, 4, 5, 6, 11, 12, 50, 51, 400])
def test_is_scipy_column_by_column(n: int) -> None:
    rng = np.random.default_rng(n)
    values = np.column_stack([rng.normal(size=(n, 3)), rng.exponential(size=(n, 2)), rng.integers(0, 9, n)])
    w, p = shapiro_wilk(values)
    found = [stats.shapiro(column) for column in values.T]
    np.testing.assert_allclose(w, [one.statistic for one in found], rtol=1e-7)
    np.testing.assert_allclose(p, [one.pvalue for one in found], rtol=1e-5, atol=1e-9)


def test_does_not_depend_on_scale_place_or_order() -> None:
    values = np.random.default_rng(0).normal(size=(30, 1))
    for other in (1e9 * values + 3, values[::-1], -values):
        np.testing.assert_allclose(shapiro_wilk(other), shapiro_wilk(values), rtol=1e-6)


def test_undefined_without_variance_or_with_two_values() -> None:
    assert np.isnan(shapiro_wilk(np.full((9, 2), 0.1))).all()
    assert np.isnan(shapiro_wilk(np.array([[1.0], [2.0]]))).all()
