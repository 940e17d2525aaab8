"""The true and false positives of every threshold, for many sets of weights at once: what areas under ROC and
precision-recall curves are made of.

    TP_b(t) = sum over positive cases with score >= t of w_bi,    FP_b(t) the same over negative cases

With the counts of a bootstrap draw as weights these are the counts of that draw.

Source: Fawcett (2006), Pattern Recognition Letters 27:861, algorithm 1, with frequency weights.
"""

from __future__ import annotations

import numpy as np


def weighted_roc(y: np.ndarray, score: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """TP and FP, (n_distinct + 1, n_draws) each, of ``score`` (n_cases,) without NaN for ``y`` (n_cases,), 1 for
    positive, under each row of ``weights`` (n_draws, n_cases): first 0, where nobody is called positive, then at each
    distinct score from high to low."""
    order = np.argsort(-np.asarray(score, float))
    ranked = np.asarray(score)[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    by_case = np.asarray(weights, float).T[order]
    positive = (np.asarray(y) == 1)[order, None]
    return _up_to(by_case * positive, last), _up_to(by_case * ~positive, last)


def _up_to(weights: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Sums of ``weights`` (n_cases, n_draws) up to each place of ``last``, after a row of 0."""
    return np.concatenate([np.zeros((1, weights.shape[1])), np.cumsum(weights, axis=0)[last]])
