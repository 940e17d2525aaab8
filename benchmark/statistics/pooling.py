"""Repeats averaged per case: the one place where that happens.

Repeated cross-validation predicts each patient once per repeat. These are not new patients, so before any statistic
that counts patients the scores are averaged:

    s_i = mean over the repeats r that hold case i out of s_ir
"""

from __future__ import annotations

import numpy as np


def average_over_repeats(scores: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """The mean of ``scores`` (n_cases, n_repeats, ...) over the repeats where ``fold`` (n_cases, n_repeats) is not -1,
    as (n_cases, ...). NaN where a score that should be there is missing."""
    held = (fold >= 0).reshape(fold.shape + (1,) * (scores.ndim - 2))
    return np.where(held, scores, 0).sum(1) / held.sum(1)
