"""Log loss and Brier score of the probabilities of several classes.

    log loss   -(1/n) sum_i log p_i,y_i                 kept 2.2e-16 away from 0, as for two classes
    Brier      (1/n) sum_i sum_c (p_ic - [y_i = c])^2   in [0, 2]: with two classes twice the usual one
    scaled     1 - Brier / (1 - sum_c m_c^2),           m_c the share of class c: 0 for predicting the shares

Source: Brier (1950), Monthly Weather Review 78:1; scaled: Kattan and Gerds (2018), Diagnostic and Prognostic Research
2:7; log loss: Good (1952), Journal of the Royal Statistical Society B 14:107.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import ratio
from benchmark.statistics.multiclass import prevalence_draws

TINY = np.finfo(float).eps


def class_log_loss(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """In nats, (n_draws, k), of ``scores`` (n_cases, k, n_classes) for the codes ``y`` (n_cases,) under each row of
    ``weights`` (n_draws, n_cases); NaN with a NaN score."""
    given = np.take_along_axis(scores, y[:, None, None], axis=2)[..., 0]
    known = ~np.isnan(scores).any(2)
    return _mean(weights, np.where(known, -np.log(np.clip(given, TINY, 1 - TINY)), np.nan))


def class_brier(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mean squared distance, (n_draws, k); arguments as above."""
    return _mean(weights, ((scores - np.eye(scores.shape[2])[y][:, None]) ** 2).sum(2))


def class_scaled_brier(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """1 minus the Brier score over that of the shares, (n_draws, k); NaN with one class."""
    shares = prevalence_draws(y, weights, scores.shape[2])
    return 1 - ratio(class_brier(y, scores, weights), 1 - (shares**2).sum(1, keepdims=True))


CLASS_SCORES = {
    "log_loss": class_log_loss,
    "brier_multiclass": class_brier,
    "scaled_brier_multiclass": class_scaled_brier,
}


def _mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    return weights @ values / weights.sum(1, keepdims=True)
