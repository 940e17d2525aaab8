"""What a one-way analysis of variance assumes, tested: equal variances and normal residuals.

    Levene          one-way F of |y - mean of its group|;  Brown-Forsythe: of |y - median of its group|
    Bartlett        chi2 of the ratio of arithmetic and geometric mean of the variances
    Fligner-Killeen chi2 of normal scores of the ranks of |y - median|
    Shapiro-Wilk    W of the residuals y - mean of its group

Computed by scipy.stats; the same numbers as R's car and stats.

Source: Levene (1960), Contributions to Probability and Statistics, 278; Brown and Forsythe (1974), JASA 69:364;
Bartlett (1937), Proceedings of the Royal Society A 160:268; Fligner and Killeen (1976), JASA 71:210; Shapiro and Wilk
(1965), Biometrika 52:591.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from benchmark.statistics.groups import groups_of, split

ASSUMPTIONS = ["assumption", "test", "statistic", "df1", "df2", "p"]


def assumptions(values: Sequence[float] | np.ndarray, group: Sequence[Hashable] | np.ndarray) -> pd.DataFrame:
    """The table ``ASSUMPTIONS`` of ``values`` (n,) in the groups (n,). NaN where groups have no variance (Bartlett: any
    group; the others: all). ``DataError`` as ``groups_of``."""
    groups = groups_of(values, group)
    found, codes, names = split(values, group)
    parts = [found[codes == code] for code in range(len(names))]
    k, df2 = float(groups.k - 1), groups.total - groups.k
    equal, undefined = "equal variances", (np.nan, np.nan)
    none, some = bool(groups.constant.all()), bool(groups.constant.any())
    rows = [
        (equal, "Levene", *(undefined if none else stats.levene(*parts, center="mean")), k, df2),
        (equal, "Brown-Forsythe", *(undefined if none else stats.levene(*parts, center="median")), k, df2),
        (equal, "Bartlett", *(undefined if some else stats.bartlett(*parts)), k, np.nan),
        (equal, "Fligner-Killeen", *(undefined if none else stats.fligner(*parts)), k, np.nan),
        ("normal residuals", "Shapiro-Wilk", *_shapiro(found - groups.mean[codes], none), np.nan, np.nan),
    ]
    table = pd.DataFrame(rows, columns=["assumption", "test", "statistic", "p", "df1", "df2"])
    return table[ASSUMPTIONS]


def _shapiro(residuals: np.ndarray, constant: bool) -> tuple[float, float]:
    if constant or len(residuals) < 3:
        return np.nan, np.nan
    found = stats.shapiro(residuals)
    return float(found.statistic), float(found.pvalue)
