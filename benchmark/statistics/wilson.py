"""Interval of a proportion.

    (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n)

Source: Wilson (1927), Journal of the American Statistical Association 22:209.
"""

from __future__ import annotations

import numpy as np

from benchmark.statistics.aucs import normal_quantile


def wilson(p: np.ndarray, n: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits of the proportions ``p`` of ``n`` cases (arrays of one shape; n need not be whole). NaN
    where n is 0."""
    p, n = np.broadcast_arrays(np.asarray(p, float), np.asarray(n, float))
    z = normal_quantile(level)
    n = np.where(n > 0, n, np.nan)
    centre = p + z**2 / (2 * n)
    margin = z * np.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    scale = 1 + z**2 / n
    return np.clip((centre - margin) / scale, 0, 1), np.clip((centre + margin) / scale, 0, 1)
