"""Area under the ROC curve: how often a positive case has a higher score than a negative one, ties counting one half.

    AUC = (1 / (m n)) sum_i sum_j psi(x_i, y_j),   psi = 1, 1/2, 0 for x_i >, =, < y_j

with x the scores of the m positive cases and y those of the n negative ones. Higher scores always mean "positive":
the direction is never guessed.

Source: Hanley and McNeil (1982), Radiology 143:29, eq. 1; placements: DeLong et al. (1988), Biometrics 44:837, eq. 4-5;
counting in O(n log n): Sun and Xu (2014), IEEE Signal Processing Letters 21:1389.
"""

from __future__ import annotations

import numpy as np


def roc_auc(y: np.ndarray, score: np.ndarray) -> float:
    """AUC of ``score`` (n_cases,) for ``y`` (n_cases,), 1 for positive. NaN with one class or a NaN score."""
    positive = np.asarray(y) == 1
    score = np.asarray(score)
    high, low = score[positive], score[~positive]
    if not len(high) or not len(low):
        return float("nan")
    high.sort()
    low.sort()
    if high[-1] != high[-1] or low[-1] != low[-1]:  # NaN is sorted to the end
        return float("nan")
    wins = low.searchsorted(high, "left").sum() + low.searchsorted(high, "right").sum()
    return float(wins) / (2 * len(high) * len(low))


def placements(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Where each case stands among those of the other class, (n_cases, k), for ``scores`` (n_cases, k).

    For a positive case the share of negative cases below it; for a negative case the share of positive cases above it;
    ties count one half. A column is NaN if one of its scores is NaN; all is NaN with one class.
    """
    positive = np.asarray(y) == 1
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    placed = np.full(scores.shape, np.nan, order="F")
    if not n_positive or not n_negative:
        return placed
    # column by column, because the temporary arrays of one column stay in the processor's cache
    for column in range(scores.shape[1]):
        placed[:, column] = _wins(positive, np.ascontiguousarray(scores[:, column], float))
    return placed / np.where(positive, n_negative, n_positive)[:, None]


def roc_aucs(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """AUC of each column of ``scores`` (n_cases, k), as (k,); NaN as in ``placements``."""
    return np.array([roc_auc(y, scores[:, column]) for column in range(scores.shape[1])], float)


def _wins(positive: np.ndarray, score: np.ndarray) -> np.ndarray:
    """How many cases of the other class each case is on the right side of, ties counting one half, (n_cases,)."""
    order = np.argsort(score)
    ranked = score[order]
    if ranked[-1] != ranked[-1]:
        return np.full(len(score), np.nan)
    is_positive = positive[order]
    positives = np.cumsum(is_positive)  # positive cases up to and including this place
    negatives = np.arange(1, len(score) + 1) - positives
    n_positive = positives[-1]
    new = ranked[1:] != ranked[:-1]
    if not new.all():
        positives, negatives = _midway(positives, new), _midway(negatives, new)
    wins = np.empty(len(score))
    wins[order] = np.where(is_positive, negatives, n_positive - positives)
    return wins


def _midway(count: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Of running counts, the mean of the values before and at the end of each group of ties."""
    last = np.flatnonzero(np.append(new, True))
    at_end = count[last]
    before = np.concatenate(([0], at_end[:-1]))
    return np.repeat((before + at_end) / 2, np.diff(last, prepend=-1))
