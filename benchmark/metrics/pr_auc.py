"""Average precision: the area under the precision-recall curve as a sum of steps, without interpolation.

    AP = sum_k (R_k - R_(k-1)) P_k

over the distinct scores from high to low, P precision and R recall when cases at or above the k-th score are called
positive. Its value by chance is the prevalence, so it cannot be compared between cohorts.
The interpolated areas of other packages are in ``statistics.precision_recall``.

Source: Davis and Goadrich (2006), ICML, p. 233 (why not to join the points by lines); step form as in scikit-learn.
"""

from __future__ import annotations

import numpy as np


def pr_auc(y: np.ndarray, score: np.ndarray) -> float:
    """Average precision of ``score`` (n_cases,) for ``y`` (n_cases,), 1 for positive. NaN without a positive case or
    with a NaN among the scores."""
    positive = np.asarray(y) == 1
    score = np.asarray(score, float)
    n_positive = int(positive.sum())
    if not n_positive or np.isnan(score).any():
        return float("nan")
    order = np.argsort(-score)
    ranked = score[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # of each group of ties
    true = np.cumsum(positive[order])[last]
    gained = np.diff(true, prepend=0)
    return float(np.sum(gained * (true / (last + 1))) / n_positive)
