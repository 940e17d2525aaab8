"""The empirical ROC curve, without the points that lie on the straight line between their neighbours.

    x(t) = share of negative cases with score >= t,    y(t) = share of positive cases with score >= t

Source: Fawcett (2006), Pattern Recognition Letters 27:861, algorithm 1.
"""

from __future__ import annotations

import numpy as np


def roc_curve(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 - specificity and sensitivity of ``score`` (n_cases,) for ``y`` (n_cases,), 1 for positive, from (0, 0) to (1,
    1); the trapezoids under it are the AUC. Empty with one class or a NaN score."""
    positive = np.asarray(y) == 1
    if positive.all() or not positive.any() or np.isnan(score).any():
        return np.empty(0), np.empty(0)
    order = np.argsort(-np.asarray(score, float), kind="stable")
    ranked = np.asarray(score)[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    true = np.concatenate(([0], np.cumsum(positive[order])[last]))
    false = np.concatenate(([0], last + 1)) - true
    across, up = np.diff(false), np.diff(true)
    corner = np.concatenate(([True], across[1:] * up[:-1] != across[:-1] * up[1:], [True]))
    return false[corner] / false[-1], true[corner] / true[-1]
