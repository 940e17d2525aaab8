"""The net benefit of cases that count several times or not at all, for many sets of weights at once.

    NB_b(t) = (TP_b - w FP_b) / N_b,   TP_b = sum_i w_bi y_i 1{p_i >= t},   w = t / (1 - t)
    with the prevalence pi given:  pi TP_b / E_b - w (1 - pi) FP_b / (N_b - E_b),   E_b = sum_i w_bi y_i

With the counts of a bootstrap draw as weights it is the net benefit of that draw. A case falls into one interval
between neighbouring thresholds; the weights are added up within the intervals (a sparse product), then from the highest
threshold downwards, so it costs O(b n k + b t k) and not O(b n t k).

Source: Vickers and Elkin (2006), Medical Decision Making 26:565, with frequency weights.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def weighted_net_benefits(
    y: np.ndarray,
    scores: np.ndarray,
    thresholds: np.ndarray,
    weights: np.ndarray,
    *,
    prevalence: float | None = None,
) -> np.ndarray:
    """The net benefits, (n_draws, n_thresholds, k), of ``scores`` (n_cases, k) in [0, 1] for ``y`` (n_cases,), 1 for
    positive, at rising ``thresholds`` (n_thresholds,) in (0, 1), under each row of ``weights`` (n_draws, n_cases), not
    negative. NaN where nobody has a weight (with ``prevalence``: nobody of a class), and of a model with a NaN
    score."""
    positive = np.asarray(y) == 1
    by_case = np.ascontiguousarray(np.asarray(weights, float).T)
    events, others = by_case[positive].sum(0), by_case[~positive].sum(0)
    per_event, per_other = _shares(events, others, prevalence)
    exchange = (thresholds / (1 - thresholds))[:, None]
    found = _treated(scores[positive], thresholds, by_case[positive]) * per_event
    found -= exchange * (_treated(scores[~positive], thresholds, by_case[~positive]) * per_other)
    found[np.isnan(scores).any(0)] = np.nan
    return found.transpose(2, 1, 0)


def _treated(scores: np.ndarray, thresholds: np.ndarray, by_case: np.ndarray) -> np.ndarray:
    """The weight of the cases at or above each threshold, (k, n_thresholds, n_draws)."""
    (n_cases, k), n_intervals = scores.shape, len(thresholds) + 1
    interval = np.searchsorted(thresholds, scores, side="right")  # how many thresholds the case is treated at
    row = (interval + n_intervals * np.arange(k)).ravel()
    member = sparse.csr_array(
        (np.ones(len(row)), (row, np.repeat(np.arange(n_cases), k))), shape=(k * n_intervals, n_cases)
    )
    within = (member @ by_case).reshape(k, n_intervals, -1)
    return within[:, :0:-1].cumsum(1)[:, ::-1]


def _shares(events: np.ndarray, others: np.ndarray, prevalence: float | None) -> tuple[np.ndarray, np.ndarray]:
    """What one unit of weight of an event, and of a non-event, counts in each draw, (n_draws,) both."""
    if prevalence is None:
        each = _inverse(events + others)
        return each, each
    complete = np.where((events > 0) & (others > 0), 1.0, np.nan)
    return prevalence * complete * _inverse(events), (1 - prevalence) * complete * _inverse(others)


def _inverse(total: np.ndarray) -> np.ndarray:
    return np.divide(1, total, out=np.full(len(total), np.nan), where=total > 0)
