"""Egger's test and the regression on size: against weighted least squares of statsmodels, and what both must do."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.errors import DataError
from benchmark.statistics.small_study import by_size, egger

RNG = np.random.default_rng(4)
SE = RNG.uniform(0.1, 0.6, 14)
EFFECT = 1.5 + 0.8 * SE + SE * RNG.normal(size=14)
N = np.round(20 / SE**2)


def test_egger_is_least_squares_of_the_standardized_effect() -> None:
    import statsmodels.api as sm

    found, wanted = egger(EFFECT, SE), sm.OLS(EFFECT / SE, sm.add_constant(1 / SE)).fit()
    assert (found.coefficient, found.at_infinity) == pytest.approx(tuple(wanted.params), rel=1e-10)
    assert (found.statistic, found.p) == pytest.approx((wanted.tvalues[0], wanted.pvalues[0]), rel=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(wanted.conf_int()[0]), rel=1e-9)
    assert (found.k, found.df) == (14, 12)


def test_regression_on_size_is_weighted_least_squares() -> None:
    import statsmodels.api as sm

    found, wanted = by_size(EFFECT, N), sm.WLS(EFFECT, sm.add_constant(N**-0.5), weights=N).fit()
    assert (found.at_infinity, found.coefficient) == pytest.approx(tuple(wanted.params), rel=1e-10)
    assert (found.statistic, found.p) == pytest.approx((wanted.tvalues[1], wanted.pvalues[1]), rel=1e-9)


def test_an_effect_that_does_not_depend_on_size_keeps_the_level() -> None:
    drawn = 1.5 + SE * RNG.normal(size=(300, 14))
    for p in ([egger(one, SE).p for one in drawn], [by_size(one, N).p for one in drawn]):
        assert 0.01 < np.mean(np.array(p) < 0.05) < 0.1


def test_what_small_studies_add_is_found() -> None:
    assert egger(1.5 + 3 * SE, SE).coefficient == pytest.approx(3)
    found = by_size(1.5 + 3 * N**-0.5, N)
    assert (found.coefficient, found.at_infinity) == (pytest.approx(3), pytest.approx(1.5))


@pytest.mark.parametrize(
    ("effect", "other", "says"),
    [
        ([1.0, 2.0], [0.1, 0.2], "expected at least 3"),
        ([1.0, 2.0, np.nan], [0.1, 0.2, 0.3], "should be numbers"),
        ([1.0, 2.0, 3.0], [0.1, 0.2, 0.0], "above 0"),
        ([1.0, 2.0, 3.0], [0.2, 0.2, 0.2], "cannot be told from large ones"),
    ],
)
def test_what_cannot_be_tested_is_refused(effect: list[float], other: list[float], says: str) -> None:
    for test in (egger, by_size):
        with pytest.raises(DataError, match=says):
            test(np.array(effect), np.array(other))
