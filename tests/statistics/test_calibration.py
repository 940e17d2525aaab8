"""Calibration against statsmodels, loess of R, and what must hold; more of R in tests/oracles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

from benchmark.statistics.calibration import calibration, calibration_curve
from benchmark.statistics.logistic import fit_logistic


def simulated(seed: int = 0, n: int = 300, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logit = rng.normal(-0.5, 1.2, n)
    return (rng.random(n) < special.expit(logit)).astype(int), special.expit(slope * logit)


@pytest.mark.shared
def test_curve_is_near_loess_where_there_are_cases(shared: Path) -> None:
    folder = shared / "oracles" / "04_calibration"
    table = pd.read_csv(folder / "df_binary.csv")
    expected = json.loads((folder / "expected.json").read_text())["cases"]["df_binary_cancerpredmarker"]
    curve = calibration_curve(table["cancer"].to_numpy(), table["cancerpredmarker"].to_numpy(float))
    loess = expected["loess_default_span0.75_degree2_interpolate"]
    grid, fit = np.array(loess["grid_p"]), np.array(loess["grid_fit"])
    dense = grid <= 0.4  # nine of ten cases
    assert np.abs(np.interp(grid[dense], curve.predicted, curve.observed) - fit[dense]).max() < 0.07


def test_logistic_equals_statsmodels() -> None:
    rng = np.random.default_rng(1)
    X = np.column_stack([np.ones(80), rng.normal(size=(80, 2))])
    y = (rng.random(80) < special.expit(X @ [0.3, 1.0, -2.0])).astype(float)
    offset = rng.normal(size=80)
    found = fit_logistic(X, y, offset=offset)
    expected = sm.GLM(y, X, family=sm.families.Binomial(), offset=offset).fit()
    assert found.coefficients == pytest.approx(expected.params, rel=1e-7)
    assert found.covariance == pytest.approx(expected.cov_params(), rel=1e-6)
    patient = np.arange(80) // 4
    clustered = fit_logistic(X, y, offset=offset, patient=patient)
    robust = sm.GLM(y, X, family=sm.families.Binomial(), offset=offset).fit(
        cov_type="cluster", cov_kwds={"groups": patient, "use_correction": False}
    )
    assert clustered.covariance == pytest.approx(robust.cov_params(), rel=1e-6)


def test_logistic_without_a_maximum_is_nan() -> None:
    x = np.linspace(-1, 1, 20)
    separated = fit_logistic(np.column_stack([np.ones(20), x]), (x > 0).astype(float))
    dependent = fit_logistic(np.column_stack([np.ones(20), np.ones(20)]), (x > 0).astype(float))
    one_class = fit_logistic(np.ones((20, 1)), np.ones(20))
    for fit in (separated, dependent, one_class):
        assert not fit.exists and np.isnan(fit.covariance).all()


def test_logistic_converges_from_far_away() -> None:
    logit = np.random.default_rng(2).normal(0, 1, 500)
    y = (np.random.default_rng(3).random(500) < special.expit(9 * logit - 20)).astype(float)
    found = fit_logistic(np.column_stack([np.ones(500), logit]), y)
    expected = sm.GLM(y, sm.add_constant(logit), family=sm.families.Binomial()).fit(tol=1e-12, maxiter=200)
    assert found.coefficients == pytest.approx(expected.params, rel=1e-6)


@pytest.mark.parametrize("offset", [-6.0, -2.2, 2.2, 6.0])
def test_logistic_does_not_run_in_circles(offset: float) -> None:
    """Full Newton steps jump to and fro between -2.9 and 2.1 from here, and never arrive."""
    y = (np.arange(300) % 9 < 4).astype(float)
    found = fit_logistic(np.ones((300, 1)), y, offset=np.full(300, offset))
    assert found.coefficients[0] == pytest.approx(special.logit(y.mean()) - offset)
    shifted = np.random.default_rng(0).normal(offset, 2, 300)
    spread = fit_logistic(np.ones((300, 1)), y, offset=shifted).coefficients[0]
    assert special.expit(spread + shifted).mean() == pytest.approx(y.mean())


def test_recalibrated_scores_are_calibrated() -> None:
    y, score = simulated(4, slope=2.5)
    fit = fit_logistic(np.column_stack([np.ones(len(y)), special.logit(score)]), y.astype(float))
    better = special.expit(fit.coefficients[0] + fit.coefficients[1] * special.logit(score))
    found = calibration(y, better)
    assert found.in_the_large.estimate == pytest.approx(0, abs=1e-9)
    assert found.slope.estimate == pytest.approx(1, abs=1e-9)
    assert found.observed_expected.estimate == pytest.approx(1, abs=1e-9)
    assert calibration(y, score).slope.estimate == pytest.approx(fit.coefficients[1])


def test_intercept_shifts_with_the_logits() -> None:
    y, score = simulated(5)
    base = calibration(y, score).in_the_large.estimate
    assert calibration(y, special.expit(special.logit(score) + 0.7)).in_the_large.estimate == pytest.approx(base - 0.7)


def test_certain_predictions_leave_only_the_logistic_parts() -> None:
    y, score = simulated(6)
    ends = np.concatenate([score, [0.0, 1.0, 1.0]])
    found = calibration(np.concatenate([y, [0, 1, 0]]), ends)
    assert found.n_left_out == 3
    assert found.slope == pytest.approx(calibration(y, score).slope)
    assert found.observed_expected.estimate == pytest.approx((y.sum() + 1) / (score.sum() + 2))
    curve = calibration_curve(np.concatenate([y, [0, 1, 0]]), ends)
    assert curve.method.endswith("3 predictions of 0 or 1 left out")
    assert curve.observed == pytest.approx(calibration_curve(y, score).observed)


def test_copies_of_a_patient_widen_nothing() -> None:
    y, score = simulated(7)
    twice = np.repeat(np.arange(len(y)), 2)
    single = calibration(y, score, patient=np.arange(len(y)))
    double = calibration(y[twice], score[twice], patient=twice)
    naive = calibration(y[twice], score[twice])
    assert double.slope == pytest.approx(single.slope, rel=1e-8)
    assert double.observed_expected == pytest.approx(single.observed_expected, rel=1e-8)
    assert naive.slope.low > double.slope.low
    band = calibration_curve(y[twice], score[twice], patient=twice)
    assert band.low == pytest.approx(calibration_curve(y, score, patient=np.arange(len(y))).low, rel=1e-6)


def test_undefined_measures_are_nan() -> None:
    y, score = simulated(8)
    constant = calibration(y, np.full(len(y), 0.4))
    assert np.isnan(constant.slope.estimate) and not np.isnan(constant.in_the_large.estimate)
    one_class = calibration(np.zeros(len(y), int), score)
    assert np.isnan([one_class.slope.estimate, one_class.in_the_large.estimate]).all()
    assert one_class.observed_expected.estimate == 0 and np.isnan(one_class.observed_expected.low)
    assert np.isnan(calibration(y, np.zeros(len(y))).observed_expected.estimate)
    score[3] = np.nan
    missing = calibration(y, score)
    assert np.isnan([*missing.slope, *missing.in_the_large, *missing.observed_expected]).all()


def test_curve_is_the_spline_of_statsmodels() -> None:
    y, score = simulated(9)
    logit = special.logit(score)
    a, b, c = np.quantile(logit, [0.1, 0.5, 0.9])

    def basis(x: np.ndarray) -> np.ndarray:
        """Harrell's truncated powers, for each x by itself."""
        rows = []
        for value in x:
            cube = [max(value - knot, 0) ** 3 for knot in (a, b, c)]
            bend = cube[0] - cube[1] * (c - a) / (c - b) + cube[2] * (b - a) / (c - b)
            rows.append([1, value, bend / (c - a) ** 2])
        return np.array(rows)

    expected = sm.GLM(y, basis(logit), family=sm.families.Binomial()).fit(tol=1e-12)
    curve = calibration_curve(y, score)
    at = expected.get_prediction(basis(special.logit(curve.predicted))).summary_frame(alpha=0.05)
    assert curve.observed == pytest.approx(at["mean"].to_numpy(), rel=1e-6)
    assert curve.low == pytest.approx(at["mean_ci_lower"].to_numpy(), rel=1e-5)
    assert curve.high == pytest.approx(at["mean_ci_upper"].to_numpy(), rel=1e-5)
    assert (curve.predicted[0], curve.predicted[-1]) == pytest.approx((score.min(), score.max()))


def test_band_covers_the_diagonal_of_calibrated_scores() -> None:
    covered = []
    for seed in range(60):
        curve = calibration_curve(*simulated(100 + seed))
        middle = np.abs(curve.predicted - 0.4).argmin()
        covered.append(curve.low[middle] <= curve.predicted[middle] <= curve.high[middle])
    assert np.mean(covered) > 0.85


def test_few_distinct_scores_get_a_line_and_none_a_reason() -> None:
    y, score = simulated(10)
    two = np.where(score > 0.5, 0.7, 0.2)
    line = calibration_curve(y, two)
    assert line.method == "straight line on the logit scale"
    assert [line.observed[0], line.observed[-1]] == pytest.approx([y[two == 0.2].mean(), y[two == 0.7].mean()])
    for outcome, given in ((y, np.full(len(y), 0.3)), (np.ones(len(y), int), score), (y, y.astype(float))):
        curve = calibration_curve(outcome, given)
        assert not len(curve.predicted) and curve.method.startswith("no curve: constant scores, one class")
    score[0] = np.nan
    assert calibration_curve(y, score).method == "no curve: missing scores"
