"""How far two groups of cases are apart in one variable, whatever its scale: the standardized mean difference.

    numbers      |m_1 - m_2| / sqrt((s_1^2 + s_2^2) / 2)
    categories   sqrt((p_1 - p_2)' S^-1 (p_1 - p_2)) over all levels but the first, with S the mean of both covariance
                 matrices of the indicators, S_kk = sum_g p_gk (1 - p_gk) / 2, S_kl = - sum_g p_gk p_gl / 2;
                 of two levels |p_1 - p_2| / sqrt((p_1 (1 - p_1) + p_2 (1 - p_2)) / 2)

Unlike p it does not depend on the number of cases. Above 0.1 is often called an imbalance. Of more than two groups: the
largest of all pairs (R's tableone gives their mean).

Source: Austin (2009), Statistics in Medicine 28:3083, eq. 1 and 2; more levels: Yang and Dalton (2012), SAS Global
Forum 335.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np


def of_numbers(mean: np.ndarray, sd: np.ndarray) -> float:
    """The largest difference between groups of ``mean`` (k,) and ``sd`` (k,); 0 if all are the same, NaN without
    values, infinite if means differ and nothing varies."""
    pairs = [(mean[i] - mean[j], np.sqrt((sd[i] ** 2 + sd[j] ** 2) / 2)) for i, j in combinations(range(len(mean)), 2)]
    return _largest([_ratio(abs(apart), spread) for apart, spread in pairs])


def of_counts(counts: np.ndarray) -> float:
    """The same of ``counts`` (n_levels, k)."""
    counts = counts[counts.sum(axis=1) > 0]
    with np.errstate(invalid="ignore"):
        shares = counts / counts.sum(axis=0)
    return _largest([_of_shares(shares[:, i], shares[:, j]) for i, j in combinations(range(counts.shape[1]), 2)])


def _of_shares(first: np.ndarray, second: np.ndarray) -> float:
    if np.isnan(first).any() or np.isnan(second).any():
        return np.nan
    apart = (first - second)[1:]
    covariance = sum(np.diag(one[1:]) - np.outer(one[1:], one[1:]) for one in (first, second)) / 2
    if not np.any(apart):
        return 0.0
    inverse = np.linalg.pinv(covariance, rcond=1e-10, hermitian=True)
    if not np.allclose(covariance @ inverse @ apart, apart):  # groups without a level in common
        return np.inf
    return float(np.sqrt(apart @ inverse @ apart))


def _ratio(apart: float, spread: float) -> float:
    if spread > 0 or np.isnan(apart) or np.isnan(spread):
        return float(apart / spread)
    return 0.0 if apart == 0 else np.inf


def _largest(differences: list[float]) -> float:
    known = [one for one in differences if not np.isnan(one)]
    return max(known) if known else np.nan
