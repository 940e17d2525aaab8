"""Scores and ECE under weights: weights of 1 give the metrics, counts give the metrics of the repeated cases."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics.brier import brier, rmse, scaled_brier
from benchmark.metrics.log_loss import log_loss
from benchmark.statistics.calibration_bins import calibration_error
from benchmark.statistics.weighted_scores import weighted_calibration_errors, weighted_scores


@pytest.fixture
def cases() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    y = rng.permutation(np.arange(40) % 3 == 0).astype(int)
    scores = np.column_stack([rng.random(40), rng.random(40).round(1), np.full(40, 0.3)])
    return y, scores, rng.multinomial(40, np.full(40, 1 / 40), 5).astype(float)


def test_counts_are_repeated_cases(cases) -> None:
    y, scores, weights = cases
    found, errors = weighted_scores(y, scores, weights), weighted_calibration_errors(y, scores, weights)
    for draw, counts in enumerate(weights.astype(int)):
        again, drawn = np.repeat(y, counts), np.repeat(scores, counts, axis=0)
        for k in range(3):
            expected = [metric(again, drawn[:, k]) for metric in (brier, rmse, scaled_brier, log_loss)]
            assert found[draw, :, k] == pytest.approx(expected, rel=1e-12)
            assert errors[draw, k] == pytest.approx(calibration_error(again, drawn[:, k]).expected, rel=1e-12)


def test_undefined(cases) -> None:
    y, scores, _ = cases
    scores = scores.copy()
    scores[3, 1] = np.nan
    weights = np.array([np.zeros(40), y == 1, np.ones(40)], float)
    found, errors = weighted_scores(y, scores, weights), weighted_calibration_errors(y, scores, weights)
    assert np.isnan(found[0]).all() and np.isnan(errors[0]).all()
    # one class: no scaled score
    assert np.isnan(found[1, 2]).all() and not np.isnan(found[1, [0, 1, 3]][:, [0, 2]]).any()
    assert np.isnan(found[:, :, 1]).all() and np.isnan(errors[:, 1]).all()
    assert not np.isnan(found[2][:, [0, 2]]).any()
