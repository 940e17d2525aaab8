"""p values adjusted for the number of tests in one family; p values that are NaN are not counted as tests.

With p_(1) <= ... <= p_(n):

    bonferroni  n p                       holm      max_(j<=i) (n - j + 1) p_(j)
    hochberg    min_(j>=i) (n - j + 1) p_(j)
    hommel      the closed test of Simes
    bh          min_(j>=i) (n/j) p_(j)    by        bh times sum_j 1/j

Source: Holm (1979), Scandinavian Journal of Statistics 6:65; Hochberg (1988), Biometrika 75:800; Hommel (1988),
Biometrika 75:383; Benjamini and Hochberg (1995), JRSS B 57:289; Benjamini and Yekutieli (2001), Annals of Statistics
29:1165.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.errors import ConfigError, unknown


def adjust(p: np.ndarray, method: str) -> np.ndarray:
    """The adjusted ``p`` (n,), in the same order; NaN stays NaN. ``ConfigError`` for an unknown method."""
    if method not in ADJUSTMENTS:
        raise ConfigError(unknown("adjustment of p values", method, ADJUSTMENTS))
    p = np.asarray(p, float)
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    if len(order):
        adjusted[order] = np.minimum(1, ADJUSTMENTS[method](p[order]))
    return adjusted


def _none(p: np.ndarray) -> np.ndarray:
    return p


def _bonferroni(p: np.ndarray) -> np.ndarray:
    return len(p) * p


def _holm(p: np.ndarray) -> np.ndarray:
    return np.maximum.accumulate(np.arange(len(p), 0, -1) * p)


def _hochberg(p: np.ndarray) -> np.ndarray:
    return _least_from_here(np.arange(len(p), 0, -1) * p)


def _hommel(p: np.ndarray) -> np.ndarray:
    n = len(p)
    best = np.full(n, np.min(n * p / np.arange(1, n + 1)))
    for m in range(n - 1, 1, -1):
        split = n - m + 1
        least = np.min(m * p[split:] / np.arange(2, m + 1))
        first = np.minimum(m * p[:split], least)
        best[:split] = np.maximum(best[:split], first)
        best[split:] = np.maximum(best[split:], first[-1])
    return np.maximum(best, p)


def _benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    return _least_from_here(len(p) / np.arange(1, len(p) + 1) * p)


def _benjamini_yekutieli(p: np.ndarray) -> np.ndarray:
    return float(np.sum(1 / np.arange(1, len(p) + 1))) * _benjamini_hochberg(p)


def _least_from_here(values: np.ndarray) -> np.ndarray:
    return np.minimum.accumulate(values[::-1])[::-1]


ADJUSTMENTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": _none,
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
    "hommel": _hommel,
    "bh": _benjamini_hochberg,
    "by": _benjamini_yekutieli,
}
