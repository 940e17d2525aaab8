"""Groups compared by the ranks of their values: Kruskal-Wallis, and pairs by Dunn, Conover and Nemenyi.

    H       = [12 / (N (N + 1)) sum n_i (r_i - (N + 1)/2)^2] / C,   C = 1 - sum (t^3 - t) / (N^3 - N) over ties
    epsilon^2 = H / (N - 1);   eta^2_H = (H - k + 1) / (N - k)
    Dunn    z = (r_i - r_j) / sqrt([N (N + 1)/12 - sum (t^3 - t) / (12 (N - 1))] (1/n_i + 1/n_j))
    Conover t = (r_i - r_j) / sqrt(S^2 (N - 1 - H) / (N - k) (1/n_i + 1/n_j)),  df = N - k,  S^2 = variance of the ranks
    Nemenyi q = sqrt 2 (r_i - r_j) / sqrt(N (N + 1)/12 (1/n_i + 1/n_j)),  studentized range with k and infinite df

r_i are mean ranks, 1 is the smallest value, ties share their mean. As in R's PMCMRplus Dunn's p is two-sided (Dunn's
own tables are one-sided) and corrected for ties, Nemenyi's is not. The interval of epsilon^2 has no closed form: it is
the percentile interval of a bootstrap within groups.

Source: Kruskal and Wallis (1952), JASA 47:583; Dunn (1964), Technometrics 6:241; Conover and Iman (1979), LA-7677-MS;
Tomczak and Tomczak (2014), Trends in Sport Sciences 21:19.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from benchmark.errors import DataError
from benchmark.statistics.effect_sizes import EffectSize
from benchmark.statistics.groups import split
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.pair_rows import all_pairs, pair_rows, ratio
from benchmark.statistics.studentized_range import studentized_range_cdf

Values = Sequence[float] | np.ndarray
Labels = Sequence[Hashable] | np.ndarray


@dataclass(frozen=True)
class RankTest:
    """H corrected for ties, its degrees of freedom and p, and the sizes of the effect; NaN if all values are equal."""

    statistic: float
    df: int
    p: float
    epsilon_squared: float
    eta_squared: float


@dataclass(frozen=True, eq=False)
class _Ranked:
    names: tuple[Hashable, ...]
    n: np.ndarray
    mean_rank: np.ndarray
    variance: float
    """Of all ranks: N (N + 1) / 12 less what ties take away."""

    @property
    def total(self) -> float:
        return float(self.n.sum())

    @property
    def h(self) -> float:
        if self.variance == 0:
            return np.nan
        return float(np.sum(self.n * (self.mean_rank - (self.total + 1) / 2) ** 2)) / self.variance


def kruskal_wallis(values: Values, group: Labels) -> RankTest:
    """The test of ``values`` (n,) in the groups (n,). ``DataError`` with fewer than two groups or a NaN."""
    ranked = _rank(values, group)
    h, k, total = ranked.h, len(ranked.names), ranked.total
    return RankTest(h, k - 1, float(special.chdtrc(k - 1, h)), h / (total - 1), (h - k + 1) / (total - k))


def epsilon_squared(
    values: Values, group: Labels, *, level: float = 0.95, draws: int = 2000, seed: int = 0
) -> EffectSize:
    """Epsilon squared with its bootstrap interval. It cannot be negative: near 0 the interval lies too high.
    NaN if all values are equal."""
    estimate = kruskal_wallis(values, group).epsilon_squared
    found, codes, names = split(values, group)
    rng = np.random.default_rng(seed)
    n = np.bincount(codes)
    members = [np.flatnonzero(codes == code) for code in range(len(names))]
    drawn = found[np.hstack([rng.choice(rows, (draws, len(rows))) for rows in members])]
    ranks = stats.rankdata(drawn, axis=1)
    ends = np.cumsum(n)[:-1]
    mean_ranks = np.column_stack([part.mean(1) for part in np.split(ranks, ends, axis=1)])
    between = np.sum(n * (mean_ranks - (len(found) + 1) / 2) ** 2, axis=1)
    variance = ranks.var(1, ddof=1)
    each = np.divide(between, variance * (len(found) - 1), out=np.full(draws, np.nan), where=variance > 0)
    if np.isnan(each).all():
        return EffectSize("rank epsilon squared", estimate, np.nan, np.nan)
    low, high = np.nanquantile(each, [(1 - level) / 2, (1 + level) / 2])
    return EffectSize("rank epsilon squared", estimate, float(low), float(high))


def dunn(values: Values, group: Labels, *, adjustment: str = "holm") -> pd.DataFrame:
    """The table ``PAIRS``; difference of mean ranks, z, p. All values equal: z 0, p 1. ``DataError`` with a NaN."""
    ranked = _rank(values, group)
    difference, share = _apart(ranked)
    z = ratio(difference, np.sqrt(ranked.variance * share))
    p = 2 * special.ndtr(-abs(z))
    return pair_rows("Dunn", ranked.names, difference=difference, statistic=z, p=p, p_adjusted=adjust(p, adjustment))


def conover(values: Values, group: Labels, *, adjustment: str = "holm") -> pd.DataFrame:
    """The table ``PAIRS``; difference of mean ranks, t, p. Only after a Kruskal-Wallis test that rejects.
    All values equal: t 0, p 1. ``DataError`` with a NaN."""
    ranked = _rank(values, group)
    difference, share = _apart(ranked)
    df = ranked.total - len(ranked.names)
    left = 0.0 if np.isnan(ranked.h) else max(ranked.total - 1 - ranked.h, 0.0) / df
    t = ratio(difference, np.sqrt(ranked.variance * left * share))
    p = 2 * special.stdtr(df, -abs(t))
    return pair_rows(
        "Conover", ranked.names, difference=difference, statistic=t, df=df, p=p, p_adjusted=adjust(p, adjustment)
    )


def nemenyi(values: Values, group: Labels) -> pd.DataFrame:
    """The table ``PAIRS``; difference of mean ranks, q, p adjusted by the studentized range. All values equal: q 0,
    p 1. ``DataError`` with a NaN."""
    ranked = _rank(values, group)
    difference, share = _apart(ranked)
    q = np.sqrt(2) * difference / np.sqrt(ranked.total * (ranked.total + 1) / 12 * share)
    p = 1 - studentized_range_cdf(abs(q), len(ranked.names), np.full(len(q), np.inf))
    return pair_rows("Nemenyi", ranked.names, difference=difference, statistic=q, df=np.inf, p_adjusted=p.clip(0, 1))


def _rank(values: Values, group: Labels) -> _Ranked:
    found, codes, names = split(values, group)
    if len(names) < 2 or len(found) <= len(names):
        raise DataError(f"ranks of groups: {len(found)} values in {len(names)} groups, expected at least 2 and more")
    ranks = stats.rankdata(found)
    n = np.bincount(codes).astype(float)
    return _Ranked(names, n, np.bincount(codes, ranks) / n, float(ranks.var(ddof=1)))


def _apart(ranked: _Ranked) -> tuple[np.ndarray, np.ndarray]:
    """Differences of mean ranks, and 1/n_i + 1/n_j."""
    i, j = all_pairs(len(ranked.names))
    return ranked.mean_rank[i] - ranked.mean_rank[j], 1 / ranked.n[i] + 1 / ranked.n[j]
