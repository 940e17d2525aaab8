"""All pairs of groups from size, mean and standard deviation: Tukey-Kramer, Games-Howell, and t tests adjusted.

    Tukey-Kramer   q = (m_i - m_j) / sqrt(MS_w / 2 (1/n_i + 1/n_j)),       df = N - k
    Games-Howell   q = (m_i - m_j) / sqrt((s_i^2/n_i + s_j^2/n_j) / 2),    df = Welch-Satterthwaite of the pair
    p = 1 - P(|q|; k, df) of the studentized range;  limits  (m_i - m_j) -+ q_(level; k, df) times the same root
    pooled t       t = (m_i - m_j) / sqrt(MS_w (1/n_i + 1/n_j)),           df = N - k
    Welch t        t = (m_i - m_j) / sqrt(s_i^2/n_i + s_j^2/n_j),          df = Welch-Satterthwaite

The column ``statistic`` is t, that is q / sqrt 2, in all four, as R's rstatix and pingouin have it (PMCMRplus: q).
The effect size is Hedges' g: (m_i - m_j) / s_pooled of the pair, times Gamma(v/2) / (sqrt(v/2) Gamma((v-1)/2)).

Source: Kramer (1956), Biometrics 12:307; Games and Howell (1976), Journal of Educational Statistics 1:113; Hedges
(1981), Journal of Educational Statistics 6:107.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from benchmark.statistics.groups import Groups
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.pair_rows import all_pairs, pair_rows, ratio
from benchmark.statistics.studentized_range import studentized_range_cdf, studentized_range_quantile


def tukey_kramer(groups: Groups, *, level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS``, limits simultaneous. Without variance in any group: p 1 for equal means, else NaN."""
    return _by_range("Tukey-Kramer", groups, *_pooled(groups), level)


def games_howell(groups: Groups, *, level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS``, limits simultaneous. Of two groups without variance: p 1 for equal means, else NaN."""
    return _by_range("Games-Howell", groups, *_own(groups), level)


def pooled_t(groups: Groups, *, adjustment: str = "holm", level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS`` of t tests with the variance of all groups; limits single. Without variance in any group: p 1
    for equal means, else NaN."""
    return _by_t("pooled t", groups, *_pooled(groups), adjustment, level)


def welch_t(groups: Groups, *, adjustment: str = "holm", level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS`` of Welch's t tests; limits single. Of two groups without variance: p 1 for equal means, else
    NaN."""
    return _by_t("Welch t", groups, *_own(groups), adjustment, level)


def hedges_g(groups: Groups) -> np.ndarray:
    """(n_pairs,): NaN where neither group has variance."""
    i, j = all_pairs(groups.k)
    v = groups.n[i] + groups.n[j] - 2
    pooled = np.sqrt(((groups.n[i] - 1) * groups.sd[i] ** 2 + (groups.n[j] - 1) * groups.sd[j] ** 2) / v)
    small = np.exp(special.gammaln(v / 2) - special.gammaln((v - 1) / 2)) / np.sqrt(v / 2)
    found = np.full(len(v), np.nan)
    return np.divide(small * (groups.mean[i] - groups.mean[j]), pooled, out=found, where=pooled > 0)


def _pooled(groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    """Standard error and degrees of freedom of each difference."""
    i, j = all_pairs(groups.k)
    variance = 0.0 if groups.constant.all() else groups.variance_within
    return np.sqrt(variance * (1 / groups.n[i] + 1 / groups.n[j])), np.full(len(i), groups.total - groups.k)


def _own(groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    i, j = all_pairs(groups.k)
    each = np.where(groups.constant, 0, groups.sd**2) / groups.n
    total = each[i] + each[j]
    below = each[i] ** 2 / (groups.n[i] - 1) + each[j] ** 2 / (groups.n[j] - 1)
    return np.sqrt(total), np.divide(total**2, below, out=np.full(len(i), np.nan), where=below > 0)


def _by_range(test: str, groups: Groups, error: np.ndarray, df: np.ndarray, level: float) -> pd.DataFrame:
    i, j = all_pairs(groups.k)
    difference = groups.mean[i] - groups.mean[j]
    statistic = ratio(difference, error)
    p = np.where(statistic == 0, 1.0, np.nan)
    usable = (df > 1) & ~np.isnan(statistic)
    p[usable] = 1 - studentized_range_cdf(np.sqrt(2) * abs(statistic[usable]), groups.k, df[usable])
    margin = np.where(error > 0, studentized_range_quantile(level, groups.k, df) * error / np.sqrt(2), np.nan)
    return pair_rows(
        test,
        groups.names,
        difference=difference,
        low=difference - margin,
        high=difference + margin,
        statistic=statistic,
        df=df,
        p_adjusted=np.clip(p, 0, 1),
        effect_size=hedges_g(groups),
        effect_size_name="Hedges g",
    )


def _by_t(test: str, groups: Groups, error: np.ndarray, df: np.ndarray, adjustment: str, level: float) -> pd.DataFrame:
    i, j = all_pairs(groups.k)
    difference = groups.mean[i] - groups.mean[j]
    statistic = ratio(difference, error)
    p = np.where(error > 0, 2 * special.stdtr(df, -abs(statistic)), np.where(statistic == 0, 1.0, np.nan))
    margin = np.where(error > 0, special.stdtrit(df, (1 + level) / 2) * error, np.nan)
    return pair_rows(
        test,
        groups.names,
        difference=difference,
        low=difference - margin,
        high=difference + margin,
        statistic=statistic,
        df=df,
        p=p,
        p_adjusted=adjust(p, adjustment),
        effect_size=hedges_g(groups),
        effect_size_name="Hedges g",
    )
