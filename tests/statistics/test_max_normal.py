"""The largest of correlated normal variables against tables, one-dimensional integrals and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats

from benchmark.statistics.max_normal import max_normal
from benchmark.statistics.studentized_range import studentized_range_quantile

DUNNETT_ONE_SIDED = {1: 1.64, 2: 1.92, 3: 2.06, 4: 2.16, 5: 2.23, 6: 2.29, 7: 2.34, 8: 2.38, 9: 2.42}
"""Dunnett (1955), Journal of the American Statistical Association 50:1096, table 1a, infinite degrees of freedom."""


def against_control(m: int) -> np.ndarray:
    """Differences of m treatments from one control: correlation 1/2."""
    return np.hstack([np.eye(m), -np.ones((m, 1))])


def by_integration(m: int, *, two_sided: bool) -> float:
    """The same quantile from the control's value z outwards: given z the differences are independent."""
    z = np.linspace(-9, 9, 2001)
    weight = stats.norm.pdf(z) / stats.norm.pdf(z).sum()

    def excess(q: float) -> float:
        reach = np.sqrt(2) * q
        inside = special.ndtr(reach + z) - (special.ndtr(z - reach) if two_sided else 0)
        return float(weight @ inside**m) - 0.95

    return float(optimize.brentq(excess, 0, 6))


@pytest.mark.parametrize("m", DUNNETT_ONE_SIDED)
def test_dunnetts_table(m: int) -> None:
    found = max_normal(against_control(m), two_sided=False).quantile(0.95)
    assert found == pytest.approx(DUNNETT_ONE_SIDED[m], abs=0.007)


@pytest.mark.parametrize("m", [2, 10, 30, 59])
@pytest.mark.parametrize("two_sided", [False, True])
def test_equally_correlated(m: int, two_sided: bool) -> None:
    found = max_normal(against_control(m), two_sided=two_sided).quantile(0.95)
    assert found == pytest.approx(by_integration(m, two_sided=two_sided), abs=0.012)


@pytest.mark.parametrize("k", [3, 6, 15])
def test_all_pairs_are_the_studentized_range(k: int) -> None:
    first, second = np.triu_indices(k, 1)
    factor = np.eye(k)[first] - np.eye(k)[second]
    expected = studentized_range_quantile(0.95, k, np.array([1e7]))[0] / np.sqrt(2)
    assert max_normal(factor, two_sided=True).quantile(0.95) == pytest.approx(expected, abs=0.01)


def test_distribution_equals_scipy() -> None:
    rng = np.random.default_rng(0)
    for m in (2, 4):
        factor = rng.normal(size=(m, m + 2))
        rows = factor / np.linalg.norm(factor, axis=1, keepdims=True)
        normal = stats.multivariate_normal(np.zeros(m), rows @ rows.T)
        largest = max_normal(factor, two_sided=False)
        for q in (-1.0, -0.2, 0.0, 0.7, 2.0):
            assert largest.cdf(q) == pytest.approx(normal.cdf(np.full(m, q)), abs=2e-3)


def test_one_variable_is_exact() -> None:
    factor = np.array([[3.0, -4.0]])
    assert max_normal(factor, two_sided=False).quantile(0.95) == pytest.approx(stats.norm.ppf(0.95), abs=1e-9)
    assert max_normal(factor, two_sided=True).quantile(0.95) == pytest.approx(stats.norm.ppf(0.975), abs=1e-9)
    for q in (-2.0, 0.0, 1.5):
        assert max_normal(factor, two_sided=False).cdf(q) == pytest.approx(stats.norm.cdf(q))


def test_copies_and_constants_count_nothing() -> None:
    factor = np.random.default_rng(1).normal(size=(4, 6))
    once = max_normal(factor, two_sided=True).quantile(0.95)
    again = np.vstack([factor, 2 * factor, -factor[:1], np.zeros((2, 6))])
    assert max_normal(again, two_sided=True).quantile(0.95) == pytest.approx(once, abs=0.005)
    empty = max_normal(np.zeros((3, 2)), two_sided=True)
    assert np.isnan(empty.cdf(1.0)) and np.isnan(empty.quantile(0.95))


def test_bounds_and_the_same_bits() -> None:
    factor = np.random.default_rng(2).normal(size=(12, 5))
    first, second = (max_normal(factor, two_sided=True).quantile(0.95) for _ in range(2))
    assert first == second
    assert stats.norm.ppf(0.975) < first < stats.norm.ppf(1 - 0.025 / 12)
    ordered = [max_normal(factor, two_sided=True).quantile(level) for level in (0.8, 0.9, 0.95, 0.99)]
    assert ordered == sorted(ordered)
