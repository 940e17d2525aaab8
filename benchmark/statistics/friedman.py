"""Conditions compared over several data sets by their ranks within each: Friedman, Iman-Davenport, and pairs.

    chi2  = (k - 1) sum_j (R_j - n (k + 1)/2)^2 / (sum_ij r_ij^2 - n k (k + 1)^2 / 4),  df = k - 1  (with ties)
    F     = (n - 1) chi2 / (n (k - 1) - chi2),  df = k - 1, (k - 1) (n - 1)             (Iman and Davenport)
    W     = chi2 / (n (k - 1))                                                          (Kendall)
    Nemenyi  q = sqrt 2 (r_i - r_j) / sqrt(k (k + 1) / (6 n)),  studentized range with k and infinite df
    Siegel-Castellan  z = (r_i - r_j) / sqrt(k (k + 1) / (6 n)),  normal
    Conover  t = (R_i - R_j) / sqrt(2 (n sum r_ij^2 - sum R_j^2) / ((n - 1) (k - 1))),  df = (n - 1) (k - 1)
    exact    P(|D| >= |R_i - R_j|) of the sum D of n differences of two ranks drawn without replacement from 1..k

R_j are sums, r_j means of ranks; rank 1 is the highest value; ties share their mean. As in R's PMCMRplus only chi2, F
and Conover's t take ties into account, the exact p needs a table without ties, and Conover's t adjusted by the
studentized range (single step) is taken with infinite degrees of freedom.

Source: Friedman (1937), JASA 32:675; Iman and Davenport (1980), Communications in Statistics A9:571; Demsar (2006),
JMLR 7:1; Conover (1999), Practical Nonparametric Statistics, 5.8; Eisinga et al. (2017), BMC Bioinformatics 18:68.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.one_way import FTest, f_test
from benchmark.statistics.pair_rows import all_pairs, pair_rows, ratio
from benchmark.statistics.repeated_measures import check_complete
from benchmark.statistics.studentized_range import studentized_range_cdf


@dataclass(frozen=True)
class Friedman:
    """Friedman's chi-square and the better test of Iman and Davenport; NaN if in every row all values are equal."""

    statistic: float
    df: int
    p: float
    kendalls_w: float
    iman_davenport: FTest


def ranks_within(table: pd.DataFrame) -> pd.DataFrame:
    """The ranks within each row of ``table`` (n, k), 1 for the highest value. ``DataError`` for a missing value."""
    values = check_complete(table)
    return pd.DataFrame(stats.rankdata(-values, axis=1), index=table.index, columns=table.columns)


def friedman(table: pd.DataFrame) -> Friedman:
    """The test of ``table``: a row per data set (n >= 2), a column per condition. ``DataError`` with a NaN."""
    ranks = ranks_within(table).to_numpy()
    n, k = ranks.shape
    spread = float(np.sum((ranks - (k + 1) / 2) ** 2))
    between = float(np.sum((ranks.sum(0) - n * (k + 1) / 2) ** 2))
    chi2 = (k - 1) * between / spread if spread > 0 else np.nan
    left = n * (k - 1) - chi2
    # the same order in every row leaves nothing in the denominator
    f = np.inf if left < 1e-9 * n * (k - 1) else (n - 1) * chi2 / left
    return Friedman(
        chi2,
        k - 1,
        float(special.chdtrc(k - 1, chi2)),
        chi2 / (n * (k - 1)),
        f_test(f, k - 1.0, (k - 1.0) * (n - 1)),
    )


def nemenyi(table: pd.DataFrame) -> pd.DataFrame:
    """The table ``PAIRS``: differences of mean ranks (below 0: the first is better), q and p adjusted. All
    ranks equal: q 0, p 1."""
    difference, names, n = _apart(table)
    k = len(names)
    q = np.sqrt(2) * difference / np.sqrt(k * (k + 1) / (6 * n))
    p = 1 - studentized_range_cdf(abs(q), k, np.full(len(q), np.inf))
    return pair_rows("Nemenyi", names, difference=difference, statistic=q, df=np.inf, p_adjusted=p.clip(0, 1))


def siegel_castellan(table: pd.DataFrame, *, adjustment: str = "holm") -> pd.DataFrame:
    """The table ``PAIRS``: differences of mean ranks, z and p. All ranks equal: z 0, p 1."""
    difference, names, n = _apart(table)
    z = difference / np.sqrt(len(names) * (len(names) + 1) / (6 * n))
    p = 2 * special.ndtr(-abs(z))
    return pair_rows(
        "Siegel-Castellan", names, difference=difference, statistic=z, p=p, p_adjusted=adjust(p, adjustment)
    )


def conover(table: pd.DataFrame, *, adjustment: str = "holm") -> pd.DataFrame:
    """The table ``PAIRS``: differences of mean ranks, t and p, ``adjustment`` one of ``ADJUSTMENTS`` or ``tukey``.
    The same order in every row leaves no spread: p is NaN; all ranks equal: t 0, p 1."""
    ranks = ranks_within(table).to_numpy()
    n, k = ranks.shape
    difference, names, _ = _apart(table)
    df = (n - 1.0) * (k - 1)
    left = n * float(np.sum(ranks**2)) - float(np.sum(ranks.sum(0) ** 2))
    t = ratio(difference, np.full(len(difference), np.sqrt(max(2 * left / df, 0.0)) / n))
    p = 2 * special.stdtr(df, -abs(t))
    if adjustment == "tukey":
        usable = np.nan_to_num(np.sqrt(2) * abs(t))
        adjusted = np.where(np.isnan(t), np.nan, 1 - studentized_range_cdf(usable, k, np.full(len(t), np.inf)))
    else:
        adjusted = adjust(p, adjustment)
    return pair_rows("Conover", names, difference=difference, statistic=t, df=df, p=p, p_adjusted=adjusted.clip(0, 1))


def exact(table: pd.DataFrame, *, adjustment: str = "holm") -> pd.DataFrame:
    """The table ``PAIRS``: differences of mean ranks and exact p, NaN for all if a row of ``table`` has ties."""
    difference, names, n = _apart(table)
    k = len(names)
    ranks = ranks_within(table).to_numpy()
    tied = bool((np.sort(ranks, axis=1) != np.arange(1, k + 1)).any())
    one = k - np.abs(np.arange(-(k - 1), k)).astype(float)
    one[k - 1] = 0  # two conditions of a row never have the same rank
    one /= one.sum()
    total = np.ones(1)
    for _ in range(n):
        total = np.convolve(total, one)
    reach = np.abs(np.arange(len(total)) - n * (k - 1))
    sums = np.rint(np.abs(difference) * n)
    p = np.full(len(sums), np.nan) if tied else np.array([total[reach >= d].sum() for d in sums]).clip(0, 1)
    return pair_rows(
        "exact rank sums", names, difference=difference, statistic=sums, p=p, p_adjusted=adjust(p, adjustment)
    )


def _apart(table: pd.DataFrame) -> tuple[np.ndarray, list[str], int]:
    mean = ranks_within(table).mean().to_numpy()
    i, j = all_pairs(len(mean))
    return mean[i] - mean[j], list(table.columns), len(table)
