"""Brier score, RMSE, scaled Brier score, log loss and expected calibration error of cases that count several times or
not at all, for many sets of weights at once.

    B_b = sum_i w_bi (p_i - y_i)^2 / N_b        L_b = sum_i w_bi loss_i / N_b        N_b = sum_i w_bi
    RMSE_b = sqrt(B_b)        scaled = 1 - B_b / (m_b (1 - m_b)),  m_b = sum_i w_bi y_i / N_b
    ECE_b = sum over the bins |sum_(i in bin) w_bi (y_i - p_i)| / N_b

With the counts of a bootstrap draw as weights these are the numbers of that draw. The breaks of equal width do not
depend on the cases, so all is a product of matrices.

Source: those of ``metrics.brier``, ``metrics.log_loss`` and ``calibration_bins``, with frequency weights.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from benchmark.metrics.confusion import ratio
from benchmark.metrics.log_loss import case_losses
from benchmark.statistics.calibration_bins import bin_numbers


def weighted_scores(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Brier score, RMSE, scaled Brier score and log loss, (n_draws, 4, k), of ``scores`` (n_cases, k) in [0, 1] for
    ``y`` (n_cases,), 1 for positive, under each row of ``weights`` (n_draws, n_cases), not negative. NaN where nobody
    has a weight, the scaled one also with one class; NaN of a model with a NaN score."""
    event = (np.asarray(y) == 1).astype(float)
    total = weights.sum(1)
    share = ratio(weights @ event, total)
    brier = ratio(weights @ (scores - event[:, None]) ** 2, total[:, None])
    loss = ratio(weights @ case_losses(y[:, None], scores), total[:, None])
    return np.stack([brier, np.sqrt(brier), 1 - ratio(brier, (share * (1 - share))[:, None]), loss], axis=1)


def weighted_calibration_errors(
    y: np.ndarray, scores: np.ndarray, weights: np.ndarray, *, n_bins: int = 10
) -> np.ndarray:
    """The expected calibration errors in bins of equal width, (n_draws, k); arguments and NaN as above."""
    n_cases, k = scores.shape
    known = ~np.isnan(scores).any(0)
    number = bin_numbers(np.arange(n_bins + 1) / n_bins, scores[:, known])
    apart = (y == 1)[:, None] - scores[:, known]
    column = number + n_bins * np.arange(known.sum())
    row = np.repeat(np.arange(n_cases), known.sum())
    gaps = sparse.csc_array((apart.ravel(), (row, column.ravel())), shape=(n_cases, n_bins * int(known.sum())))
    within = (gaps.T @ weights.T).reshape(int(known.sum()), n_bins, -1)
    found = np.full((len(weights), k), np.nan)
    found[:, known] = ratio(np.abs(within).sum(1), weights.sum(1)).T
    return found
