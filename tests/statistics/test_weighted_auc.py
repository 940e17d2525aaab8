"""Weighted AUCs against the AUC of repeated rows and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.metrics.roc_auc import roc_auc, roc_aucs
from benchmark.statistics.weighted_auc import weighted_aucs


def simulated(digits: int, n: int = 60, k: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(digits)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return y, (0.2 * y[:, None] + rng.random((n, k))).round(digits), rng.integers(0, 4, (25, n))


@pytest.mark.parametrize("digits", [0, 1, 12])
def test_counts_are_repeated_rows_exactly(digits: int) -> None:
    y, scores, counts = simulated(digits)
    found = weighted_aucs(y, scores, counts)
    for draw, model in ((0, 0), (7, 1), (24, 2)):
        rows = np.repeat(np.arange(len(y)), counts[draw])
        assert found[draw, model] == roc_auc(y[rows], scores[rows, model])


def test_weights_of_one_are_the_auc_exactly() -> None:
    y, scores, _ = simulated(1)
    assert weighted_aucs(y, scores, np.ones((1, len(y))))[0].tolist() == roc_aucs(y, scores).tolist()


def test_fractions_equal_scikit_learn() -> None:
    y, scores, _ = simulated(2)
    weights = np.random.default_rng(0).random((4, len(y)))
    for draw, weight in enumerate(weights):
        expected = roc_auc_score(y, scores[:, 1], sample_weight=weight)
        assert weighted_aucs(y, scores, weights)[draw, 1] == pytest.approx(expected, abs=1e-14)
    assert weighted_aucs(y, scores, 3 * weights) == pytest.approx(weighted_aucs(y, scores, weights), abs=1e-14)


def test_undefined() -> None:
    y, scores, counts = simulated(3)
    counts[2, y == 1] = 0
    counts[5, y == 0] = 0
    scores[4, 1] = np.nan
    found = weighted_aucs(y, scores, counts)
    gone = np.zeros_like(found, bool)
    gone[[2, 5]], gone[:, 1] = True, True
    assert np.array_equal(np.isnan(found), gone)
    assert np.isnan(weighted_aucs(np.ones_like(y), scores, counts)).all()
    assert np.isnan(weighted_aucs(np.zeros_like(y), scores, counts)).all()
