"""Spiegelhalter's z, the tests of the line, and val.prob's indices: what must hold; R in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special, stats

from benchmark.statistics.calibration import calibration
from benchmark.statistics.calibration_tests import (
    likelihood_indices,
    line_tests,
    slope_profile_interval,
    spiegelhalter,
)


def simulated(seed: int = 0, n: int = 300, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logit = rng.normal(-0.5, 1.2, n)
    return (rng.random(n) < special.expit(logit)).astype(int), special.expit(slope * logit)


def test_spiegelhalter_equals_a_loop_and_is_standard_normal() -> None:
    y, score = simulated(1)
    above = sum((o - p) * (1 - 2 * p) for o, p in zip(y, score, strict=True))
    below = sum((1 - 2 * p) ** 2 * p * (1 - p) for p in score)
    assert spiegelhalter(y, score).z == pytest.approx(above / np.sqrt(below))
    found = [spiegelhalter(*simulated(seed)).z for seed in range(300)]
    assert stats.kstest(found, "norm").pvalue > 0.001
    overconfident = [spiegelhalter(*simulated(seed, slope=2.0)).p for seed in range(20)]
    assert max(overconfident) < 0.05


def test_line_tests_equal_statsmodels() -> None:
    y, score = simulated(2, slope=1.5)
    logit = special.logit(score)
    line = sm.Logit(y, sm.add_constant(logit)).fit(disp=False, tol=1e-12)
    large = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=logit).fit(tol=1e-12)
    diagonal = float(np.sum(y * np.log(score) + (1 - y) * np.log(1 - score)))
    found = line_tests(y, score)
    assert found.both.chi2 == pytest.approx(2 * (line.llf - diagonal))
    assert found.intercept.chi2 == pytest.approx(2 * (large.llf - diagonal))
    assert found.slope.chi2 == pytest.approx(2 * (line.llf - large.llf))
    assert found.both.chi2 == pytest.approx(found.intercept.chi2 + found.slope.chi2)
    indices = likelihood_indices(y, score)
    assert indices.discrimination * len(y) + 1 == pytest.approx(2 * (diagonal - line.llnull))
    assert indices.quality == pytest.approx(indices.discrimination - indices.unreliability)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_profile_limits_are_where_the_test_is_just_significant(level: float) -> None:
    y, score = simulated(3, n=60)
    logit = special.logit(score)
    low, high = slope_profile_interval(y, score, level=level)
    for limit in (low, high):
        assert line_tests(y, special.expit(limit * logit)).slope.p == pytest.approx(1 - level, abs=1e-8)
    assert low < calibration(y, score).slope.estimate < high


def test_profile_limits_exist_with_few_events() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        score = rng.beta(1, 3, 25)
        y = (rng.random(25) < score).astype(int)
        slope, limits = calibration(y, score).slope.estimate, slope_profile_interval(y, score)
        if np.isnan(slope):
            assert np.isnan(limits).all()
        else:
            assert limits[0] < slope < limits[1] < np.inf


def test_recalibrated_predictions_pass_every_test_of_the_line() -> None:
    y, score = simulated(4, slope=2.0)
    line = calibration(y, score)
    better = special.expit(line.intercept.estimate + line.slope.estimate * special.logit(score))
    found = line_tests(y, better)
    assert max(found.both.chi2, found.intercept.chi2, found.slope.chi2) < 1e-9
    assert likelihood_indices(y, better).unreliability == pytest.approx(-2 / len(y))
    assert calibration(y, better).intercept.estimate == pytest.approx(0, abs=1e-9)


def test_certain_predictions_stay_in_z_and_leave_the_rest() -> None:
    y, score = simulated(5)
    longer, ends = np.concatenate([y, [0, 1]]), np.concatenate([score, [0.0, 1.0]])
    assert line_tests(longer, ends) == line_tests(y, score)
    assert likelihood_indices(longer, ends) == likelihood_indices(y, score)
    assert slope_profile_interval(longer, ends) == slope_profile_interval(y, score)
    wrong = np.concatenate([y, [1, 0]])
    assert spiegelhalter(longer, ends).z == pytest.approx(spiegelhalter(y, score).z)
    assert spiegelhalter(wrong, ends).z > spiegelhalter(y, score).z


def test_undefined_is_nan() -> None:
    y, score = simulated(6)
    missing = score.copy()
    missing[0] = np.nan
    assert np.isnan(spiegelhalter(y, missing)).all()
    assert np.isnan(spiegelhalter(y, np.full(len(y), 0.5))).all()
    assert np.isnan(spiegelhalter(y, y.astype(float))).all()
    for outcome, given in ((y, missing), (np.ones(len(y), int), score), (y, y.astype(float))):
        found, indices = line_tests(outcome, given), likelihood_indices(outcome, given)
        assert np.isnan([found.both.p, found.intercept.p, found.slope.p, indices.r2, indices.quality]).all()
        assert np.isnan(slope_profile_interval(outcome, given)).all()
    constant = line_tests(y, np.full(len(y), 0.4))
    assert np.isnan([constant.both.p, constant.slope.p]).all() and constant.intercept.p > 0
    unsure = likelihood_indices(y, np.full(len(y), 0.4))
    assert unsure.r2 <= 0 and np.isnan(unsure.unreliability)
