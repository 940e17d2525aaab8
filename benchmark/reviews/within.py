"""Families compared inside the studies that report both, and all studies together by a mixed model."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
from scipy import stats

from benchmark.statistics.paired_tests import paired_t, signed_rank
from benchmark.statistics.random_intercept import random_intercept

WITHIN = ["first", "second", "n", "n_higher", "n_lower", "difference", "low", "high", "level", "p_t", "statistic", "p",
          "p_sign", "rank_biserial"]  # fmt: skip
"""One row per pair of families: in how many studies both are, in how many the first is higher or lower, the mean
difference (first minus second) with the interval and p of a paired t test, Wilcoxon's V and p, p of the sign test."""

MIXED = ["first", "second", "difference", "low", "high", "level", "p", "statistic", "df1", "df2", "p_all", "tau2",
         "sigma2", "intraclass", "n_values", "n_studies", "n_shared"]  # fmt: skip
"""One row per family against the first one; from ``statistic`` (F) on of the whole model."""

LEAST_DF = 3

FEWEST = 3
"""Studies of a pair that is tested."""


def wide(pooled: pd.DataFrame) -> pd.DataFrame:
    """A row per study, a column per group, NaN where it has none."""
    table = pooled.pivot(index="study", columns="group", values="value")
    return table.reindex(columns=list(dict.fromkeys(pooled["group"])))


def within(pooled: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """The table ``WITHIN``: every pair of groups, the later in order first (fusion against HRF)."""
    table = wide(pooled)
    rows = []
    for earlier, later in combinations(table.columns, 2):
        both = table[[later, earlier]].dropna()
        if len(both):
            rows.append({"first": later, "second": earlier, **_paired(both, level)})
    return pd.DataFrame(rows, columns=WITHIN)


def _paired(both: pd.DataFrame, level: float) -> dict[str, float]:
    apart = (both.iloc[:, 0] - both.iloc[:, 1]).to_numpy(float)
    higher, lower = int((apart > 0).sum()), int((apart < 0).sum())
    told = {"n": len(apart), "n_higher": higher, "n_lower": lower, "difference": float(apart.mean()), "level": level}
    if len(apart) < FEWEST:
        return told
    t, ranks = paired_t(both, level=level).iloc[0], signed_rank(both).iloc[0]
    return {
        **told, "low": t["low"], "high": t["high"], "p_t": t["p"], "statistic": ranks["statistic"], "p": ranks["p"],
        "p_sign": _sign_p(higher, lower), "rank_biserial": ranks["effect_size"],
    }  # fmt: skip


def _sign_p(higher: int, lower: int) -> float:
    return float(stats.binomtest(higher, higher + lower).pvalue) if higher + lower else 1.0


def mixed(pooled: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """The table ``MIXED``, families of at least two studies; no rows with fewer than two families or ``LEAST_DF``
    degrees of freedom within studies."""
    n = pooled["group"].map(pooled["group"].value_counts())
    rows = pooled[n >= 2]
    names = list(dict.fromkeys(rows["group"]))
    df = len(rows) - rows["study"].nunique() - (len(names) - 1)
    if len(names) < 2 or df < LEAST_DF:
        return pd.DataFrame(columns=MIXED)
    found = random_intercept(rows["value"].to_numpy(float), rows["group"].tolist(), rows["study"].tolist(), level=level)
    return pd.DataFrame(
        {
            "first": found.names,
            "second": found.reference,
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
            "level": level,
            "p": found.p,
            "statistic": found.statistic,
            "df1": float(found.df1),
            "df2": float(found.df2),
            "p_all": found.p_all,
            "tau2": found.tau2,
            "sigma2": found.sigma2,
            "intraclass": found.intraclass,
            "n_values": len(rows),
            "n_studies": found.n_subjects,
            "n_shared": found.shared,
        },
        columns=MIXED,
    )
