"""All pairs of correlations: SciPy's numbers pair by pair, gaps, ties, and how long it takes."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.pair_correlations import METHODS, pair_correlations

SCIPY = {"spearman": stats.spearmanr, "pearson": stats.pearsonr, "kendall": stats.kendalltau}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [7, 33, 34, 90])
def test_is_scipy_pair_by_pair(method: str, n: int) -> None:
    rng = np.random.default_rng(n)
    first = rng.normal(size=(n, 4))
    second = first @ rng.normal(size=(4, 3)) + 2 * rng.normal(size=(n, 3))
    first[:, 1], second[:, 0] = np.round(first[:, 1]), np.round(second[:, 0])
    first[0, 2] = second[1, 2] = second[2, 2] = np.nan
    found = pair_correlations(first, second, method)
    for i in range(4):
        for j in range(3):
            both = np.isfinite(first[:, i]) & np.isfinite(second[:, j])
            expected = SCIPY[method](first[both, i], second[both, j])
            assert found.n[i, j] == both.sum()
            assert found.estimate[i, j] == pytest.approx(expected.statistic)
            assert found.p[i, j] == pytest.approx(expected.pvalue, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_undefined_and_perfect(method: str) -> None:
    x = np.arange(10.0)
    first = np.column_stack([x, np.full(10, 0.1), np.where(x < 2, x, np.nan)])
    found = pair_correlations(first, np.column_stack([-x]), method)
    assert found.estimate[0, 0] == pytest.approx(-1)
    assert found.p[0, 0] < 1e-4
    assert np.isnan(found.estimate[1:]).all()
    assert np.isnan(found.p[1:]).all()
    assert found.n.ravel().tolist() == [10, 10, 2]


def test_forty_thousand_pairs_are_quick() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(150, 100)), rng.normal(size=(150, 400))
    start = time.perf_counter()
    for method in ("pearson", "spearman"):
        pair_correlations(first, second, method)
    assert time.perf_counter() - start < 2
