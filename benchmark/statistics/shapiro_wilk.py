"""Shapiro and Wilk's test of normality, all columns at once.

    W = (sum a_i x_(i))^2 / sum (x_i - m)^2,   a from the expected normal order statistics, Royston's approximation
    p: (1 - W) transformed to a normal deviate, whose mean and sd are polynomials in n or ln n

Algorithm AS R94, as in R's ``shapiro.test`` and ``scipy.stats.shapiro`` (equal to 1e-6 and better), which take one
sample at a time. Good for 3 to 5,000 values; above, p is extrapolated.

Source: Shapiro and Wilk (1965), Biometrika 52:591; Royston (1995), Applied Statistics 44:547 (AS R94).
"""

from __future__ import annotations

import numpy as np
from scipy import special

LAST = (-2.706056, 4.434685, -2.071190, -0.147981, 0.221157)
"""Polynomial of the correction of the largest weight in 1 / sqrt(n), highest power first, without a constant."""

NEXT_TO_LAST = (-3.582633, 5.682633, -1.752461, -0.293762, 0.042981)


def shapiro_wilk(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """W and p, (k,) each, of the columns of ``values`` (n, k) without gaps; NaN for fewer than 3 values and for a
    column that does not vary."""
    n = len(values)
    if n < 3:
        return np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    ranked = np.sort(values, axis=0)
    apart = ranked - ranked.mean(axis=0)
    spread = np.square(apart).sum(axis=0)
    varies = ranked[-1] - ranked[0] > 64 * np.finfo(float).eps * np.abs(ranked).max(axis=0)
    w = np.divide(np.square(_weights(n) @ apart), spread, out=np.full(len(spread), np.nan), where=varies)
    w = np.minimum(w, 1.0)
    return w, _p(w, n)


def _weights(n: int) -> np.ndarray:
    """(n,) the a_i, antisymmetric."""
    if n == 3:
        return np.array([-np.sqrt(0.5), 0.0, np.sqrt(0.5)])
    m = special.ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    u, total = 1 / np.sqrt(n), float(m @ m)
    ends = [m[-1] / np.sqrt(total) + float(np.polyval((*LAST, 0.0), u))]
    if n > 5:
        ends.append(m[-2] / np.sqrt(total) + float(np.polyval((*NEXT_TO_LAST, 0.0), u)))
    left = len(ends)
    phi = (total - 2 * np.sum(np.square(m[-left:]))) / (1 - 2 * np.sum(np.square(ends)))
    a = m / np.sqrt(phi)
    a[-left:], a[:left] = ends[::-1], -np.array(ends)
    return a


def _p(w: np.ndarray, n: int) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        if n == 3:
            return np.clip(6 / np.pi * (np.arcsin(np.sqrt(w)) - np.pi / 3), 0, 1)
        log = np.log1p(-w)
        if n <= 11:
            gamma = 0.459 * n - 2.273
            deviate = np.where(log < gamma, -np.log(gamma - log), np.inf)
            mean = np.polyval((-0.0006714, 0.025054, -0.39978, 0.5440), n)
            sd = np.exp(np.polyval((-0.0020322, 0.062767, -0.77857, 1.3822), n))
        else:
            deviate, x = log, np.log(n)
            mean = np.polyval((0.0038915, -0.083751, -0.31082, -1.5861), x)
            sd = np.exp(np.polyval((0.0030302, -0.082676, -0.4803), x))
        return np.where(np.isnan(w), np.nan, special.ndtr(-(deviate - mean) / sd))
