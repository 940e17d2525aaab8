"""Whether groups differ, and by how much two of them do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, chi2_contingency

from benchmark.statistics.calibration import Estimate
from benchmark.statistics.heterogeneity import difference_of, q_test, share_test
from benchmark.statistics.meta_analysis import random_effects
from benchmark.statistics.wilson import wilson


def test_q_is_that_of_a_meta_analysis_and_of_its_definition() -> None:
    t, v = np.array([0.2, 0.9, 0.5, 1.4]), np.array([0.1, 0.2, 0.05, 0.3])
    mean = sum(t_i / v_i for t_i, v_i in zip(t, v, strict=True)) / sum(1 / v_i for v_i in v)
    q = sum((t_i - mean) ** 2 / v_i for t_i, v_i in zip(t, v, strict=True))
    found, pooled = q_test(t, v), random_effects(t, v)
    assert (found.statistic, found.df) == (pytest.approx(q), 3)
    assert (found.statistic, found.p) == (pytest.approx(pooled.q), pytest.approx(pooled.q_p))


def test_two_estimates_are_a_z_test() -> None:
    found = q_test(np.array([1.0, 0.2]), np.array([0.04, 0.05]))
    assert found.statistic == pytest.approx(0.8**2 / 0.09)


def test_groups_without_a_number_are_no_part_of_it(recwarn: pytest.WarningsRecorder) -> None:
    t, v = np.array([0.2, np.nan, 0.9, np.inf, 3.0]), np.array([0.1, 0.1, 0.2, 1.0, 0.0])
    assert q_test(t, v) == q_test(t[[0, 2]], v[[0, 2]])
    for nothing in (q_test(t[:2], v[:2]), q_test(t[:0], v[:0]), share_test(np.array([0.5, np.nan]), np.ones(2))):
        assert np.isnan(nothing.statistic) and np.isnan(nothing.p) and nothing.df == 0
    assert not recwarn.list


def test_shares_are_pearsons_test_of_the_counts() -> None:
    positive, n = np.array([12, 30, 7]), np.array([20, 60, 8])
    table = np.array([positive, n - positive])
    expected = chi2_contingency(table, correction=False)
    found = share_test(positive / n, n)
    assert (found.statistic, found.df, found.p) == pytest.approx((expected.statistic, 2, expected.pvalue))
    alike = share_test(np.ones(3), n)
    assert (alike.statistic, alike.p) == (0, 1)


def test_the_limits_of_newcombes_example() -> None:
    p, n = np.array([56 / 70, 48 / 80]), np.array([70, 80])
    low, high = wilson(p, n)
    found = difference_of(*(Estimate(*each) for each in zip(p, low, high, strict=True)))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    back = difference_of(*(Estimate(*each) for each in zip(p[::-1], low[::-1], high[::-1], strict=True)))
    assert back == pytest.approx((-0.2, -0.3339, -0.0524), abs=5e-5)


def test_symmetric_limits_are_those_of_a_normal_difference() -> None:
    found = difference_of(Estimate(1.0, 0.7, 1.3), Estimate(0.2, -0.2, 0.6))
    assert found == pytest.approx((0.8, 0.3, 1.3))
    assert np.isnan(difference_of(Estimate(1.0, np.nan, np.nan), Estimate(0.2, 0.1, 0.3)).low)


def test_size_of_both_tests() -> None:
    rng = np.random.default_rng(1)
    n = np.array([60, 90, 40])
    p = [share_test(rng.binomial(n, 0.7) / n, n).p for _ in range(2000)]
    q = [q_test(rng.normal(0, np.sqrt(1 / n)), 1 / n).p for _ in range(2000)]
    for tried in (p, q):
        assert np.mean(np.array(tried) < 0.05) == pytest.approx(0.05, abs=0.015)
    assert chi2.sf(q_test(np.array([0.0, 2.0]), np.ones(2)).statistic, 1) == pytest.approx(0.1573, abs=1e-4)
