"""Equivalence and non-inferiority against statsmodels, the interval, and invariants."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import compare
from benchmark.statistics.delong import delong
from benchmark.statistics.equivalence import equivalence, non_inferiority


def test_equals_statsmodels() -> None:
    from statsmodels.stats.weightstats import ttost_paired

    rng = np.random.default_rng(0)
    first, second = rng.normal(0.70, 0.1, 25), rng.normal(0.71, 0.1, 25)
    d = first - second
    p, (t_low, p_low, df), (_, p_high, _) = ttost_paired(first, second, -0.05, 0.05)
    found = equivalence(d.mean(), d.std(ddof=1) / 5, 0.05, df=24)
    assert df == 24
    assert (found.p[0], found.p_below[0], found.p_above[0]) == pytest.approx((p, p_low, p_high), rel=1e-10)
    one = non_inferiority(d.mean(), d.std(ddof=1) / 5, 0.05, df=24)
    assert (one.statistic[0], one.p[0]) == pytest.approx((t_low, p_low), rel=1e-10)


def test_worked_by_hand() -> None:
    found = equivalence(0.01, 0.02, 0.05)
    assert (found.low[0], found.high[0]) == pytest.approx((0.01 - 1.644853627 * 0.02, 0.01 + 1.644853627 * 0.02))
    assert found.p[0] == pytest.approx(stats.norm.sf(2))  # (0.05 - 0.01) / 0.02
    assert found.p_below[0] == pytest.approx(stats.norm.sf(3))
    assert found.equivalent[0]
    worse = non_inferiority(-0.01, 0.02, 0.05)
    assert (worse.p[0], worse.low[0]) == pytest.approx((stats.norm.sf(2), -0.01 - 1.959963985 * 0.02))
    assert worse.not_inferior[0]


@pytest.mark.parametrize("df", [np.inf, 7])
def test_the_test_and_the_interval_agree(df: float) -> None:
    rng = np.random.default_rng(1)
    difference, se = rng.normal(0, 0.04, 500), rng.uniform(0.005, 0.04, 500)
    found = equivalence(difference, se, 0.05, df=df)
    assert ((found.low > -0.05) & (found.high < 0.05) == found.equivalent).all()
    assert found.equivalent.any() and not found.equivalent.all()
    one = non_inferiority(difference, se, 0.05, df=df)
    assert ((one.low > -0.05) == one.not_inferior).all()
    # an equivalent model is never inferior at the same level
    assert non_inferiority(difference, se, 0.05, alpha=0.05, df=df).not_inferior[found.equivalent].all()


def test_size_at_the_margin() -> None:
    estimates = np.random.default_rng(2).normal(0.05, 0.01, 20000)
    assert np.mean(equivalence(estimates, 0.01, 0.05).equivalent) == pytest.approx(0.05, abs=0.006)
    assert np.mean(non_inferiority(-estimates, 0.01, 0.05).not_inferior) == pytest.approx(0.025, abs=0.004)


def test_a_small_cohort_shows_neither_difference_nor_equivalence() -> None:
    found = equivalence(0.0, 0.06, 0.05)
    assert found.p[0] > 0.05 and not found.equivalent[0]


def test_equal_rankings_are_equivalent_and_other_differences_without_variance_untested() -> None:
    y = np.array([0, 0, 0, 1, 1])
    scores = np.column_stack([y + 0.0, np.exp(y), np.full(5, 0.5)])
    tests = compare(delong(y, scores), np.array([0, 0]), np.array([1, 2]))
    found = equivalence(tests.difference, np.zeros(2), 0.02)
    assert (found.p[0], found.low[0], found.high[0], found.equivalent[0]) == (0, 0, 0, True)
    assert np.isnan([found.p[1], found.low[1], found.high[1]]).all() and not found.equivalent[1]
    one = non_inferiority(tests.difference, np.zeros(2), 0.02)
    assert one.not_inferior.tolist() == [True, False] and np.isnan([one.p[1], one.statistic[1], one.low[1]]).all()


def test_undefined_differences_are_undefined() -> None:
    for difference, se in ((np.nan, 0.02), (0.01, np.nan)):
        found, one = equivalence(difference, se, 0.05), non_inferiority(difference, se, 0.05)
        assert np.isnan([found.p[0], one.p[0]]).all()
        assert not found.equivalent[0] and not one.not_inferior[0]


@pytest.mark.parametrize("margin", [0, -0.05, np.nan, np.inf])
def test_margin_must_be_positive(margin: float) -> None:
    with pytest.raises(ConfigError, match="margin of equivalence"):
        equivalence(0.0, 0.01, margin)
    with pytest.raises(ConfigError, match="alpha of equivalence"):
        non_inferiority(0.0, 0.01, 0.05, alpha=0.7)
