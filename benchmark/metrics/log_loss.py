"""Logarithmic loss, the mean of minus the log of the probability given to what happened.

    L = -(1/n) sum_i [y_i log p_i + (1 - y_i) log(1 - p_i)]

Probabilities are kept 2.2e-16 away from 0 and 1 (as scikit-learn does), so that one certain and wrong prediction costs
36 and not infinity.

Source: Good (1952), Journal of the Royal Statistical Society B 14:107.
"""

from __future__ import annotations

import numpy as np


def log_loss(y: np.ndarray, score: np.ndarray) -> float:
    """Mean log loss in nats of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN without
    a case."""
    if not len(y):
        return float("nan")
    return float(case_losses(y, score).mean())


def case_losses(y: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The loss of each case, in the shape of ``score``."""
    tiny = np.finfo(float).eps
    given = np.where(np.asarray(y) == 1, score, 1 - np.asarray(score, float))
    return np.asarray(-np.log(np.clip(given, tiny, 1 - tiny)))
