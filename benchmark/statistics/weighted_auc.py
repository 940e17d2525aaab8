"""The AUC of cases that count several times or not at all, for many sets of weights at once.

    A_b = sum_i sum_j w_bi w_bj psi(x_i, y_j) / (sum_i w_bi sum_j w_bj)

over positive cases i and negative cases j, psi = 1, 1/2, 0 for x_i >, =, < y_j. With the counts of a bootstrap draw as
weights it is the AUC of that draw; with weights of 1 it is the AUC. The cases are sorted once for all draws, so it
costs O(n log n + b n) per model and no case is copied.

Source: Hanley and McNeil (1982), Radiology 143:29, eq. 1, with frequency weights.
"""

from __future__ import annotations

import numpy as np


def weighted_aucs(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The AUCs, (n_draws, k), of ``scores`` (n_cases, k) for ``y`` (n_cases,), 1 for positive, under each row of
    ``weights`` (n_draws, n_cases), not negative. NaN where a class has no weight, and of a model with a NaN score."""
    positive = np.asarray(y) == 1
    by_case = np.ascontiguousarray(np.asarray(weights, float).T)
    of_positive, of_negative = by_case[positive], by_case[~positive]
    pairs = of_positive.sum(0) * of_negative.sum(0)
    found = np.full((by_case.shape[1], scores.shape[1]), np.nan)
    if not positive.any() or positive.all():
        return found
    below = np.zeros((len(of_negative) + 1, by_case.shape[1]))
    for model in np.flatnonzero(~np.isnan(scores).any(0)):
        high, low = scores[positive, model], scores[~positive, model]
        order = np.argsort(low)
        ranked = low[order]
        # below[r]: the weight of the r lowest negative cases
        np.cumsum(of_negative[order], axis=0, out=below[1:])
        first, last = ranked.searchsorted(high, "left"), ranked.searchsorted(high, "right")
        wins = np.einsum("ib,ib->b", of_positive, below[first])
        wins += wins if np.array_equal(first, last) else np.einsum("ib,ib->b", of_positive, below[last])
        np.divide(wins, 2 * pairs, out=found[:, model], where=pairs > 0)
    return found
