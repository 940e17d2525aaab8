"""Cosine similarity between the readings of a feature, over the subjects.

    cos(x, y) = sum_i x_i y_i / sqrt(sum_i x_i^2  sum_i y_i^2)

of two readings, and the mean over all pairs of readings of more. Nothing is centred: a feature whose mean is large
beside its spread comes near 1 whether or not its readings agree, and a second reading that is twice the first has a
cosine of 1. It is offered because published pipelines use it; the ICC or the CCC measure agreement.

Source: Salton and McGill (1983), Introduction to Modern Information Retrieval, section 4.3.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from benchmark.errors import DataError


def cosine(values: np.ndarray) -> np.ndarray:
    """(n_features,) in [-1, 1] of ``values`` (n_subjects, 2 or more readings, n_features).

    A subject with a missing reading is left out of that feature; NaN without subjects, or where a reading is 0 in all.
    """
    if values.ndim != 3 or values.shape[1] < 2:
        expected = "(n_subjects, 2 or more readings, n_features)"
        raise DataError(f"cosine similarity: readings of shape {values.shape}; expected {expected}")
    complete = ~np.isnan(values).any(axis=1)
    x = np.where(complete[:, None], values, 0.0)
    largest = np.abs(x).max(axis=(0, 1), initial=0.0)
    x = x / np.where(largest > 0, largest, 1.0)  # squares of huge values would overflow
    length = np.sqrt(np.square(x).sum(axis=0))
    unit = x / np.where(length > 0, length, np.nan)
    pairs = [(unit[:, one] * unit[:, other]).sum(axis=0) for one, other in combinations(range(x.shape[1]), 2)]
    return np.clip(np.mean(pairs, axis=0), -1.0, 1.0)
