"""The log-rank test: whether the events come as often in all groups as if the groups were one.

    E_g = sum_j d_j n_gj / n_j,     V_gh = sum_j d_j (n_gj / n_j) (1[g = h] - n_hj / n_j) (n_j - d_j) / (n_j - 1)
    chi2 = (O - E)' V^- (O - E),    df = groups - 1

over the event times t_j, with n_gj cases of group g under observation and d_j events in all.

Source: Mantel (1966), Cancer Chemotherapy Reports 50:163; Peto and Peto (1972), JRSS A 135:185.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True, eq=False)
class LogRank:
    """``n``, ``observed`` and ``expected`` events, (n_groups,) each; the statistic, its degrees of freedom and p."""

    n: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    chi2: float
    df: int
    p: float


def log_rank(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> LogRank:
    """The test of cases followed up to ``time`` (n_cases,) with an ``event`` (n_cases,) then, 1, or censored, 0, in
    ``group`` (n_cases,), whose sorted labels give the order. chi2 and p are NaN with one group or without an event, and
    where some group is never at risk together with another."""
    codes = np.unique(group, return_inverse=True)[1]
    k = int(codes.max()) + 1 if len(codes) else 0
    happened = np.asarray(event) == 1
    times, place = np.unique(time[happened], return_inverse=True)
    deaths = np.bincount(place, minlength=len(times)).astype(float)
    at_risk = np.array([np.sum(time[codes == g][:, None] >= times, axis=0) for g in range(k)], float).reshape(k, -1)
    total = at_risk.sum(0)
    share = at_risk / total
    spread = deaths * (total - deaths) / np.maximum(total - 1, 1)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    n, observed = np.bincount(codes, minlength=k), np.bincount(codes[happened], minlength=k)
    expected = share @ deaths
    chi2 = _quadratic((observed - expected)[:-1], variance[:-1, :-1])
    return LogRank(n, observed, expected, chi2, k - 1, float(special.chdtrc(k - 1, chi2)))


def _quadratic(apart: np.ndarray, variance: np.ndarray) -> float:
    """The last group is left out: its difference is minus the sum of the others."""
    if not len(apart) or np.linalg.matrix_rank(variance) < len(apart):
        return np.nan
    return float(apart @ np.linalg.solve(variance, apart))
