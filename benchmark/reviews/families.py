"""Families compared as reviews compare them: each study's number as one independent value of its family.

That families of one study are not independent is what ``within`` is for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from benchmark.statistics.group_pairs import games_howell, tukey_kramer
from benchmark.statistics.groups import Groups, groups_of
from benchmark.statistics.kruskal_wallis import dunn, epsilon_squared, kruskal_wallis
from benchmark.statistics.one_way import one_way_table
from benchmark.statistics.standardized_difference import hedges_limits

SUMMARY = ["group", "n", "mean", "sd", "low", "high", "level", "median", "lowest", "highest", "cases", "n_with_cases"]
"""One row per group: the interval is Student's, of the mean."""

PAIRS = ["first", "second", "difference", "low", "high", "p_tukey", "p_games_howell", "p_dunn", "hedges_g", "g_low",
         "g_high", "level"]  # fmt: skip
"""One row per pair: difference of means (first minus second) with Tukey's simultaneous limits, three adjusted p, and
Hedges' g with limits of its own."""

FEWEST = 2
"""Values of a group that takes part in a test."""


def summary(pooled: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """The table ``SUMMARY`` of a pool, groups in its order; SD and interval NaN of a single study."""
    rows = []
    for name, part in pooled.groupby("group", sort=False):
        x = part["value"].to_numpy(float)
        sd = float(x.std(ddof=1)) if len(x) > 1 else np.nan
        margin = float(special.stdtrit(len(x) - 1, (1 + level) / 2)) * sd / np.sqrt(len(x)) if len(x) > 1 else np.nan
        ends = (x.mean() - margin, x.mean() + margin)
        cases = part["n_cases"].dropna()
        rows.append((name, len(x), x.mean(), sd, *ends, level, np.median(x), x.min(), x.max(), cases.sum(), len(cases)))
    return pd.DataFrame(rows, columns=SUMMARY)


def tested(pooled: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the groups that are large enough for a test, and the names of the others."""
    n = pooled["group"].map(pooled["group"].value_counts())
    return pooled[n >= FEWEST].reset_index(drop=True), list(dict.fromkeys(pooled.loc[n < FEWEST, "group"]))


def omnibus(pooled: pd.DataFrame, *, level: float, draws: int, seed: int) -> pd.DataFrame:
    """The rows of ``one_way.ONE_WAY`` of the groups that are large enough, and those of Kruskal and Wallis; no rows
    with fewer than two such groups."""
    large, _ = tested(pooled)
    if large["group"].nunique() < 2:
        return pd.DataFrame()
    values, group = large["value"].to_numpy(float), large["group"].to_numpy()
    ranks = kruskal_wallis(values, group)
    size = epsilon_squared(values, group, level=level, draws=draws, seed=seed)
    row = {
        "test": "Kruskal-Wallis", "statistic": ranks.statistic, "df1": float(ranks.df), "p": ranks.p, "level": level,
        "effect_size_name": size.name, "effect_size": size.estimate, "low": size.low, "high": size.high,
    }  # fmt: skip
    return pd.concat([one_way_table(groups_of(values, group), level=level), pd.DataFrame([row])], ignore_index=True)


def pairs(pooled: pd.DataFrame, *, level: float, adjustment: str) -> pd.DataFrame:
    """The table ``PAIRS`` of the groups that are large enough; no rows with fewer than two."""
    large, _ = tested(pooled)
    if large["group"].nunique() < 2:
        return pd.DataFrame(columns=PAIRS)
    values, group = large["value"].to_numpy(float), large["group"].to_numpy()
    ranks = dunn(values, group, adjustment=adjustment)
    return pairs_of(groups_of(values, group), level=level).assign(p_dunn=ranks["p_adjusted"].to_numpy())[PAIRS]


def pairs_of(groups: Groups, *, level: float) -> pd.DataFrame:
    """The table ``PAIRS`` of groups of which no more than n, mean and SD are known, so without Dunn's test."""
    found = tukey_kramer(groups, level=level)
    n = dict(zip(groups.names, groups.n, strict=True))
    sizes = [found[end].map(n).to_numpy(float) for end in ("first", "second")]
    low, high = hedges_limits(found["effect_size"].to_numpy(float), *sizes, level=level)
    return found.assign(
        p_tukey=found["p_adjusted"],
        p_games_howell=games_howell(groups, level=level)["p_adjusted"],
        p_dunn=np.nan,
        hedges_g=found["effect_size"],
        g_low=low,
        g_high=high,
        level=level,
    )[PAIRS]
