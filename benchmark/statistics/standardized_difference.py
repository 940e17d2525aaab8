"""Interval of a standardized difference of two means from the noncentral t distribution.

    t = d / sqrt(1/n_1 + 1/n_2),   lambda with P(T' <= t; v, lambda) = (1 +- level) / 2,   v = n_1 + n_2 - 2
    limits of d = lambda sqrt(1/n_1 + 1/n_2);  of Hedges' g = J d, times the same J

Exact for two normal groups of one variance, as R's effectsize has it.

Source: Hedges and Olkin (1985), Statistical Methods for Meta-Analysis, 5; Steiger and Fouladi (1997), in What If There
Were No Significance Tests, 9.
"""

from __future__ import annotations

import numpy as np
from scipy import special


def hedges_limits(
    g: np.ndarray, n_first: np.ndarray, n_second: np.ndarray, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of Hedges' ``g`` (m,) of groups of so many values (m,) each, at least 2; NaN where g is NaN."""
    v = np.asarray(n_first, float) + n_second - 2
    root = np.sqrt(1 / np.asarray(n_first, float) + 1 / np.asarray(n_second, float))
    small = np.exp(special.gammaln(v / 2) - special.gammaln((v - 1) / 2)) / np.sqrt(v / 2)
    t = np.asarray(g, float) / small / root
    low, high = (special.nctdtrinc(v, share, t) for share in ((1 + level) / 2, (1 - level) / 2))
    return low * root * small, high * root * small
