"""ICI, E50, E90, Emax and the curve by loess against loops, and what must hold; R in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.loess import loess, loess_weights
from benchmark.statistics.smooth_calibration import calibration_indices, loess_calibration_curve


def simulated(seed: int = 0, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    score = rng.beta(2, 3, n)
    return (rng.random(n) < score).astype(int), score


def test_indices_are_those_of_the_distances() -> None:
    y, score = simulated(1)
    apart = np.sort(np.abs(score - loess(score, y.astype(float), score)))
    found = calibration_indices(y, score)
    assert found.ici == pytest.approx(sum(apart) / 200)
    assert found.e50 == pytest.approx((apart[99] + apart[100]) / 2)
    assert found.e90 == pytest.approx(apart[179] + 0.1 * (apart[180] - apart[179]))
    assert found.emax == apart[-1]


def test_shifted_predictions_are_farther_off() -> None:
    for seed in range(5):
        y, score = simulated(seed, n=1000)
        true, shifted = calibration_indices(y, score), calibration_indices(y, np.minimum(score + 0.2, 1))
        assert true.ici < 0.06 < 0.15 < shifted.ici < 0.25
        assert true.e50 <= true.e90 <= true.emax


def test_curve_and_band_are_those_of_the_weights() -> None:
    y, score = simulated(2)
    curve = loess_calibration_curve(y, score, level=0.9)
    assert (curve.predicted[0], curve.predicted[-1]) == (score.min(), score.max())
    weights = loess_weights(score, curve.predicted)
    assert curve.observed == pytest.approx(weights @ y)
    residual = y - loess(score, y.astype(float), score)
    error = np.sqrt((weights * residual) ** 2 @ np.ones(len(y)))
    assert curve.high - curve.observed == pytest.approx(1.6448536269514722 * error)
    assert curve.observed - curve.low == pytest.approx(1.6448536269514722 * error)
    assert curve.method.startswith("loess")


def test_band_covers_the_diagonal_of_calibrated_scores() -> None:
    covered = []
    for seed in range(150):
        curve = loess_calibration_curve(*simulated(seed))
        middle = np.searchsorted(curve.predicted, [0.2, 0.4, 0.6])
        covered.append((curve.low[middle] <= curve.predicted[middle]) & (curve.predicted[middle] <= curve.high[middle]))
    assert 0.9 < np.mean(covered) < 0.98


def test_copies_of_a_patient_widen_nothing() -> None:
    y, score = simulated(3)
    twice = np.repeat(np.arange(len(y)), 2)
    naive, clustered = (loess_calibration_curve(y[twice], score[twice], patient=patient) for patient in (None, twice))
    wider = (clustered.high - clustered.low) / (naive.high - naive.low)
    assert wider == pytest.approx(np.full(len(wider), np.sqrt(2)))


def test_undefined_has_a_reason() -> None:
    y, score = simulated(4)
    missing = score.copy()
    missing[0] = np.nan
    for outcome, given, reason in (
        (y, missing, "missing scores"),
        (np.ones(len(y), int), score, "one class"),
        (y, np.full(len(y), 0.4), "too few distinct scores"),
        (y, np.where(np.arange(len(y)) < 180, 0.4, score), "too few distinct scores"),
    ):
        curve = loess_calibration_curve(outcome, given)
        assert not len(curve.predicted) and reason in curve.method
        if reason != "too few distinct scores":
            assert np.isnan(calibration_indices(outcome, given, smoother="lowess").ici)
        assert np.isnan(calibration_indices(outcome, given).ici)
    assert calibration_indices(y, np.full(len(y), 0.4), smoother="lowess").ici == pytest.approx(abs(y.mean() - 0.4))
