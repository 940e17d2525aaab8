"""All pairs of conditions over the same data sets: Wilcoxon's signed rank test and the paired t test.

    V = sum of the ranks of |d_i| over d_i > 0, zeros left out;   exact p: the distribution of V over all signs
    z = (V - m (m + 1)/4 -+ 1/2) / sqrt(m (m + 1)(2 m + 1)/24 - sum (t^3 - t)/48)    (m differences that are not 0)
    t = mean(d) / (sd(d) / sqrt n),  df = n - 1

As R's wilcox.test: exact below 50 differences without ties and zeros, else normal with continuity correction. The
difference is that of Hodges and Lehmann, the median of all (d_i + d_j)/2; the size of the effect is the rank-biserial
correlation 2 V / (m (m + 1)/2) - 1.

Source: Wilcoxon (1945), Biometrics Bulletin 1:80; Hollander and Wolfe (1999), Nonparametric Statistical Methods, 3.1;
Kerby (2014), Comprehensive Psychology 3:1; for classifiers over data sets: Demsar (2006), JMLR 7:1; Benavoli et al.
(2016), JMLR 17:1.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.pair_rows import SMALLEST, all_pairs, pair_rows, ratio
from benchmark.statistics.repeated_measures import check_complete

Method = Literal["as R", "exact", "normal"]
EXACT_BELOW = 50


def signed_rank(
    table: pd.DataFrame, *, adjustment: str = "holm", method: Method = "as R", continuity: bool = True
) -> pd.DataFrame:
    """The table ``PAIRS`` of Wilcoxon's tests of ``table``, a row per data set, a column per condition; the statistic
    is V. p is 1 where all differences are 0, NaN where ``method`` is exact but there are ties or zeros."""
    values = check_complete(table)
    i, j = all_pairs(values.shape[1])
    each = np.array([_signed_rank(values[:, a] - values[:, b], method, continuity) for a, b in zip(i, j, strict=True)])
    v, p, effect, middle = each.T
    return pair_rows(
        "Wilcoxon signed rank",
        list(table.columns),
        difference=middle,
        statistic=v,
        p=p,
        p_adjusted=adjust(p, adjustment),
        effect_size=effect,
        effect_size_name="rank-biserial",
    )


def paired_t(table: pd.DataFrame, *, adjustment: str = "holm", level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS`` of paired t tests, limits single. Without variance of the differences p is 1 if they are 0,
    else NaN."""
    values = check_complete(table)
    n, k = values.shape
    i, j = all_pairs(k)
    apart = values[:, i] - values[:, j]
    mean, sd = apart.mean(0), apart.std(0, ddof=1)
    scale = SMALLEST * np.abs(values).max()
    mean, sd = np.where(np.abs(mean) > scale, mean, 0.0), np.where(sd > scale, sd, 0.0)
    t = ratio(mean, sd / np.sqrt(n))
    p = 2 * special.stdtr(n - 1, -abs(t))
    margin = np.where(sd > 0, special.stdtrit(n - 1, (1 + level) / 2) * sd / np.sqrt(n), np.nan)
    return pair_rows(
        "paired t",
        list(table.columns),
        difference=mean,
        low=mean - margin,
        high=mean + margin,
        statistic=t,
        df=n - 1.0,
        p=p,
        p_adjusted=adjust(p, adjustment),
        effect_size=np.divide(mean, sd, out=np.full(len(sd), np.nan), where=sd > 0),
        effect_size_name="Cohen d_z",
    )


def _signed_rank(d: np.ndarray, method: Method, continuity: bool) -> tuple[float, float, float, float]:
    """V, p, rank-biserial correlation and the median of the Walsh averages."""
    first, second = np.triu_indices(len(d))
    middle = float(np.median((d[first] + d[second]) / 2))
    kept = d[d != 0]
    m = len(kept)
    if m == 0:
        return 0.0, 1.0, np.nan, middle
    ranks = stats.rankdata(abs(kept))
    v, most = float(ranks[kept > 0].sum()), m * (m + 1) / 2
    clean = m == len(d) and len(np.unique(ranks)) == m
    if method == "exact" or (method == "as R" and clean and m < EXACT_BELOW):
        p = _exact_p(round(v), m) if clean else np.nan
    else:
        p = _normal_p(v, ranks, continuity)
    return v, p, 2 * v / most - 1, middle


def _exact_p(v: int, m: int) -> float:
    share = np.ones(1)
    for rank in range(1, m + 1):
        step = np.zeros(rank + 1)
        step[[0, rank]] = 0.5
        share = np.convolve(share, step)
    return float(min(1.0, 2 * min(share[: v + 1].sum(), share[v:].sum())))


def _normal_p(v: float, ranks: np.ndarray, continuity: bool) -> float:
    away = abs(v - ranks.sum() / 2) - (0.5 if continuity else 0.0)
    # without ties the sum of squares is m (m + 1)(2 m + 1)/6; ties take (t^3 - t)/12 of it
    return float(min(1.0, 2 * special.ndtr(-away / np.sqrt(np.sum(ranks**2) / 4))))
