"""Quantiles of each feature, gaps left out.

Formula: with the finite values in order, ``x[0] <= ... <= x[m-1]``, and ``h = (m - 1) p``, ``q = (1 - f) x[i] +
f x[i+1]`` where ``i`` is the whole part of ``h`` and ``f`` the rest. Source: Hyndman and Fan (1996), The American
Statistician 50:361, definition 7, the default of R and NumPy. ``np.nanquantile`` is the same, but loops over the
columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def quantiles(values: np.ndarray, probabilities: Sequence[float]) -> np.ndarray:
    """(n_probabilities, k) quantiles of the columns of ``values`` (n_cases, k); NaN and infinite values are left out;
    NaN for a column without any other value."""
    ordered = np.sort(np.where(np.isfinite(values), values, np.nan), axis=0)  # NaN come last
    last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    place = np.asarray(probabilities, float)[:, None] * last
    below = np.floor(place).astype(int)
    share = place - below
    low = np.take_along_axis(ordered, below, axis=0)
    high = np.take_along_axis(ordered, np.minimum(below + 1, last), axis=0)
    # Not low + share * (high - low): the difference of huge values overflows. Equal ones stay what they are.
    return np.where(low == high, low, (1 - share) * low + share * high)
