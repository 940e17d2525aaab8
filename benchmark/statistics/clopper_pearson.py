"""The exact interval of a proportion.

    low = Beta^-1(alpha; k, n - k + 1),   high = Beta^-1(1 - alpha; k + 1, n - k),   alpha = (1 - level) / 2

with low = 0 for k = 0 and high = 1 for k = n. It covers at least at its level for every proportion, so it is longer
than needed; the intervals of the tables are Wilson's, which cover at their level on average.

Source: Clopper and Pearson (1934), Biometrika 26:404; against Wilson: Agresti and Coull (1998), American Statistician
52:119.
"""

from __future__ import annotations

import numpy as np
from scipy import special


def clopper_pearson(k: np.ndarray, n: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits for ``k`` of ``n`` cases (arrays of one shape). NaN where n is 0."""
    k, n = np.broadcast_arrays(np.asarray(k, float), np.where(np.asarray(n) > 0, n, np.nan))
    alpha = (1 - level) / 2
    low = special.betaincinv(np.where(k > 0, k, 1), n - k + 1, alpha)
    high = special.betaincinv(k + 1, np.where(k < n, n - k, 1), 1 - alpha)
    undefined = np.isnan(k + n)
    return (
        np.where(undefined, np.nan, np.where(k > 0, low, 0)),
        np.where(undefined, np.nan, np.where(k < n, high, 1)),
    )
