"""Brier score, the mean squared error (MSE) of probabilities, its root (RMSE), and its scaled form.

    B = (1/n) sum_i (p_i - y_i)^2       RMSE = sqrt(B)       scaled = 1 - B / (m (1 - m)),   m = mean of y

The scaled form (also: index of prediction accuracy) is 1 for perfect predictions, 0 for predicting the prevalence for
everybody, and negative for worse.

Source: Brier (1950), Monthly Weather Review 78:1; Steyerberg et al. (2010), Epidemiology 21:128; Kattan and
Gerds (2018), Diagnostic and Prognostic Research 2:7.
"""

from __future__ import annotations

import math

import numpy as np


def brier(y: np.ndarray, score: np.ndarray) -> float:
    """Mean squared difference of ``score`` (n_cases,) in [0, 1] and ``y`` (n_cases,), 1 for positive. NaN without
    a case."""
    if not len(y):
        return float("nan")
    error = np.asarray(score, float) - (np.asarray(y) == 1)
    return float(error @ error / len(error))


def rmse(y: np.ndarray, score: np.ndarray) -> float:
    """Root of the Brier score. NaN without a case."""
    return math.sqrt(brier(y, score))


def scaled_brier(y: np.ndarray, score: np.ndarray) -> float:
    """1 minus the Brier score over that of the prevalence. NaN with one class."""
    prevalence = float(np.mean(np.asarray(y) == 1)) if len(y) else 0.0
    chance = prevalence * (1 - prevalence)
    return 1 - brier(y, score) / chance if chance > 0 else float("nan")
