"""Whether two ways of sorting cases into categories go together: chi-square, or exactly where few cases are expected.

    chi-square   sum (O - E)^2 / E without continuity correction, if no expected count is below 5
    Fisher       the share of tables with the same margins that are no more probable than the one found; of more than
                 two rows and columns (Freeman and Halton) estimated by 20,000 drawn tables, p = (1 + b) / (20,001)
    size         Cramer's V of the table

Source: Fisher (1935), Journal of the Royal Statistical Society 98:39; Freeman and Halton (1951), Biometrika 38:141;
drawn tables: Patefield (1981), Applied Statistics 30:91, as in R's ``fisher.test(simulate.p.value = TRUE)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from benchmark.statistics.association import association

CHI_SQUARE, FISHER = "chi-square", "Fisher"
FEW = 5
DRAWS = 20_000


@dataclass(frozen=True)
class CountTest:
    """NaN if rows or columns have a single level; Fisher's test has no statistic."""

    test: str
    statistic: float
    df: float
    p: float
    v: float


def count_test(counts: np.ndarray, *, seed: int = 0) -> CountTest:
    """Of a table of counts (n_rows, n_columns); rows and columns without a case do not count."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return CountTest("", np.nan, np.nan, np.nan, np.nan)
    found = association(counts)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    if expected.min() >= FEW:
        return CountTest(CHI_SQUARE, found.chi2, found.df, found.p, found.v)
    p = float(stats.fisher_exact(counts).pvalue) if counts.shape == (2, 2) else _drawn(counts.astype(int), seed)
    return CountTest(FISHER, np.nan, np.nan, p, found.v)


def _drawn(counts: np.ndarray, seed: int) -> float:
    """p of Freeman and Halton: tables as probable as the one found, but for rounding, count."""
    tables = stats.random_table(counts.sum(axis=1), counts.sum(axis=0)).rvs(
        DRAWS, random_state=np.random.default_rng(seed)
    )
    every = -special.gammaln(tables + 1.0).sum(axis=(1, 2))
    mine = -special.gammaln(counts + 1.0).sum()
    return float((1 + np.sum(every <= mine + 1e-7)) / (DRAWS + 1))
