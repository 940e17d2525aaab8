"""The net benefit of weighted cases against the copies that the weights stand for."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.decision_curve import net_benefit, percent_thresholds
from benchmark.statistics.weighted_net_benefit import weighted_net_benefits

THRESHOLDS = percent_thresholds(0.05, 0.6)


def simulated(seed: int = 0, n: int = 40, k: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(int)
    return y, rng.random((n, k)).round(2), rng.integers(0, 4, (6, n)).astype(float)


@pytest.mark.parametrize("prevalence", [None, 0.15])
def test_weights_are_copies(prevalence: float | None) -> None:
    y, scores, weights = simulated(1)
    found = weighted_net_benefits(y, scores, THRESHOLDS, weights, prevalence=prevalence)
    assert found.shape == (6, len(THRESHOLDS), 3)
    for draw, weight in zip(found, weights, strict=True):
        copies = np.repeat(np.arange(len(y)), weight.astype(int))
        expected = net_benefit(y[copies], scores[copies], THRESHOLDS, prevalence=prevalence).estimate
        assert draw == pytest.approx(expected, abs=1e-14)


def test_risks_equal_to_a_threshold_are_treated() -> None:
    scores = THRESHOLDS[:, None]
    y = np.ones(len(THRESHOLDS), int)
    found = weighted_net_benefits(y, scores, THRESHOLDS, np.ones((1, len(y))))[0, :, 0]
    assert found == pytest.approx(np.arange(len(y), 0, -1) / len(y))


def test_only_ratios_of_weights_count() -> None:
    y, scores, weights = simulated(2)
    once, tenfold = (weighted_net_benefits(y, scores, THRESHOLDS, factor * weights) for factor in (1, 10))
    assert tenfold == pytest.approx(once, abs=1e-15)


def test_undefined_is_nan() -> None:
    y, scores, weights = simulated(3)
    weights[1] = 0
    weights[2] = y
    scores[0, 1] = np.nan
    found = weighted_net_benefits(y, scores, THRESHOLDS, weights)
    assert np.isnan(found[:, :, 1]).all() and np.isnan(found[1]).all()
    assert not np.isnan(found[[0, 2, 3, 4, 5]][:, :, [0, 2]]).any()
    given = weighted_net_benefits(y, scores, THRESHOLDS, weights, prevalence=0.2)
    assert np.isnan(given[1:3]).all() and not np.isnan(given[3:, :, [0, 2]]).any()
