"""Every feature of one block against every feature of another: correlations with p, all pairs at once.

    Pearson    r = sum x_i y_i / sqrt(sum x_i^2 sum y_i^2) of deviations from the mean
    Spearman   r of the mid-ranks
    both       t = r sqrt((n - 2) / (1 - r^2)) on n - 2 degrees of freedom
    Kendall    tau-b = S / sqrt((m - t_x) (m - t_y)),   S = sum_(i<j) sign(x_i - x_j) sign(y_i - y_j),
               m = n (n - 1) / 2,  t: pairs tied in x or y;  z = S / sqrt(var S), with the variance corrected for ties;
               exact for up to 33 cases without ties

Each pair over the cases that have both. Cases count as independent. The p of ``scipy.stats.pearsonr``, ``spearmanr``
and ``kendalltau`` (R's ``cor.test`` has an exact p of Spearman's rho for small n).

Source: Pearson (1896); Spearman (1904), American Journal of Psychology 15:72; Kendall (1970), Rank Correlation Methods,
4th ed., 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.stats import rankdata

from benchmark.statistics.missing_patterns import missing_patterns

EXACT = 33
"""As many cases as have the exact distribution of Kendall's S, without ties."""


@dataclass(frozen=True, eq=False)
class Correlations:
    """``estimate``, ``statistic`` (t; z of Kendall's tau) and ``p``, NaN where a feature does not vary or fewer than 3
    cases have both; ``n``: how many have; all (n_first, n_second)."""

    estimate: np.ndarray
    statistic: np.ndarray
    p: np.ndarray
    n: np.ndarray


def pair_correlations(first: np.ndarray, second: np.ndarray, method: str) -> Correlations:
    """Of the columns of ``first`` (n_cases, p) and ``second`` (n_cases, q), NaN where unknown; ``method`` is a name of
    ``METHODS``."""
    shape = (first.shape[1], second.shape[1])
    estimate, statistic, p = (np.full(shape, np.nan) for _ in range(3))
    found = Correlations(estimate, statistic, p, np.zeros(shape, int))
    for rows, columns in missing_patterns(first):
        for others, other_columns in missing_patterns(second):
            both, place = rows & others, np.ix_(columns, other_columns)
            found.n[place] = n = int(both.sum())
            if n >= 3:
                parts = METHODS[method](first[both][:, columns], second[both][:, other_columns])
                for array, part in zip((estimate, statistic, p), parts, strict=True):
                    array[place] = part
    return found


def _pearson(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r = np.clip(_unit(x).T @ _unit(y), -1, 1)
    with np.errstate(divide="ignore"):
        t = r * np.sqrt((len(x) - 2) / ((1 - r) * (1 + r)))
    return r, t, 2 * special.stdtr(len(x) - 2, -np.abs(t))


def _spearman(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return _pearson(rankdata(x, axis=0), rankdata(y, axis=0))


def _kendall(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = len(x)
    x, y = rankdata(x, axis=0), rankdata(y, axis=0)
    s = np.zeros((x.shape[1], y.shape[1]))
    for case in range(n - 1):  # case by case, because all pairs of cases at once would not fit into memory
        s += np.sign(x[case + 1 :] - x[case]).T @ np.sign(y[case + 1 :] - y[case])
    m = n * (n - 1) / 2
    (tx, x0, x1), (ty, y0, y1) = _ties(x), _ties(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau = s / np.sqrt(np.outer(m - tx, m - ty))
        variance = (2 * m * (2 * n + 5) - x1[:, None] - y1) / 18 + np.outer(tx, ty) / m
        variance += np.outer(x0, y0) / (18 * m * (n - 2))
        z = np.where(np.isnan(tau), np.nan, s / np.sqrt(variance))
    p = np.minimum(1, 2 * special.ndtr(-np.abs(z)))
    if n <= EXACT:
        untied = np.ix_(tx == 0, ty == 0)
        p[untied] = _exact(n)[((m - np.abs(s[untied])) / 2).round().astype(int)]
    return np.clip(tau, -1, 1), z, p


def _exact(n: int) -> np.ndarray:
    """Two-sided p by the number of discordant (or concordant) pairs, whichever is smaller, of n cases without ties."""
    shares = np.ones(1)
    for size in range(2, n + 1):
        shares = np.convolve(shares, np.full(size, 1 / size))
    return np.minimum(1, 2 * np.cumsum(shares))


def _ties(ranks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each column sum t (t - 1) / 2, sum t (t - 1) (t - 2) and sum t (t - 1) (2 t + 5) over groups of t ties."""
    sizes = [np.unique(column, return_counts=True)[1].astype(float) for column in ranks.T]
    sums = [(np.sum(t * (t - 1)) / 2, np.sum(t * (t - 1) * (t - 2)), np.sum(t * (t - 1) * (2 * t + 5))) for t in sizes]
    tied, triple, weighed = np.array(sums).reshape(-1, 3).T
    return tied, triple, weighed


def _unit(values: np.ndarray) -> np.ndarray:
    """Deviations from the mean with length 1; NaN for a column that does not vary."""
    apart = values - values.mean(axis=0)
    length = np.sqrt(np.square(apart).sum(axis=0))
    flat = np.ptp(values, axis=0) <= 64 * np.finfo(float).eps * np.abs(values).max(axis=0)
    return np.divide(apart, length, out=np.full(apart.shape, np.nan), where=~flat)


METHODS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]] = {
    "spearman": _spearman,
    "pearson": _pearson,
    "kendall": _kendall,
}
"""By the names that an experiment may say."""
