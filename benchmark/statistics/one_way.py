"""One-way analysis of variance from size, mean and standard deviation of the groups, so from published tables as well.

    classic  F = [sum n_i (m_i - m)^2 / (k - 1)] / [sum (n_i - 1) s_i^2 / (N - k)]
    Welch    w_i = n_i / s_i^2,  m' = sum w_i m_i / sum w_i,  h = sum (1 - w_i / sum w)^2 / (n_i - 1)
             F = [sum w_i (m_i - m')^2 / (k - 1)] / [1 + 2 (k - 2) h / (k^2 - 1)],  df2 = (k^2 - 1) / (3 h)

Values of the same folds or patients are not independent groups: then ``repeated_measures`` is the test.

Source: Fisher (1925), Statistical Methods for Research Workers; Welch (1951), Biometrika 38:330.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from benchmark.statistics.effect_sizes import effect_sizes
from benchmark.statistics.groups import Groups

ONE_WAY = [
    "test", "statistic", "df1", "df2", "p", "ss_effect", "ss_error", "effect_size_name", "effect_size", "low", "high",
    "level",
]  # fmt: skip
"""One row per test and effect size."""


@dataclass(frozen=True)
class FTest:
    """An F statistic with its degrees of freedom and p; sums of squares NaN where the test has none."""

    statistic: float
    df1: float
    df2: float
    p: float
    ss_effect: float = np.nan
    ss_error: float = np.nan


def f_test(statistic: float, df1: float, df2: float, *, ss_effect: float = np.nan, ss_error: float = np.nan) -> FTest:
    """The statistic with its p; a NaN statistic has p NaN."""
    return FTest(float(statistic), df1, df2, float(special.fdtrc(df1, df2, statistic)), ss_effect, ss_error)


def one_way(groups: Groups) -> FTest:
    """The classic test, of equal variances. NaN if no group has variance."""
    grand = float(np.sum(groups.n * groups.mean) / groups.total)
    between = float(np.sum(groups.n * (groups.mean - grand) ** 2))
    within = float(np.sum((groups.n - 1) * groups.sd**2))
    df1, df2 = groups.k - 1.0, groups.total - groups.k
    statistic = np.nan if groups.constant.all() else between / df1 / (within / df2)
    return f_test(statistic, df1, df2, ss_effect=between, ss_error=within)


def welch(groups: Groups) -> FTest:
    """Welch's test, of unequal variances. NaN if a group has no variance."""
    k = groups.k
    if groups.constant.any():
        return f_test(np.nan, k - 1.0, np.nan)
    weight = groups.n / groups.sd**2
    mean = np.sum(weight * groups.mean) / weight.sum()
    h = float(np.sum((1 - weight / weight.sum()) ** 2 / (groups.n - 1)))
    between = float(np.sum(weight * (groups.mean - mean) ** 2)) / (k - 1)
    return f_test(between / (1 + 2 * (k - 2) * h / (k**2 - 1)), k - 1.0, (k**2 - 1) / (3 * h))


def one_way_table(groups: Groups, *, level: float = 0.95) -> pd.DataFrame:
    """Both tests in the columns ``ONE_WAY``; the effect sizes, with their limits, are those of the classic one."""
    tests = {"one-way": one_way(groups), "Welch": welch(groups)}
    table = pd.DataFrame(
        [{"test": name, **{part: getattr(test, part) for part in ONE_WAY[1:7]}} for name, test in tests.items()]
    )
    classic = tests["one-way"]
    sizes = effect_sizes(classic.statistic, classic.df1, classic.df2, level=level)
    rows = [("one-way", size.name, size.estimate, size.low, size.high) for size in sizes]
    effects = pd.DataFrame(rows, columns=["test", "effect_size_name", "effect_size", "low", "high"])
    return table.merge(effects, how="left", on="test").assign(level=level)[ONE_WAY]
