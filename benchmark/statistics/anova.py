"""Feature sets compared over the AUCs of the folds: omnibus tests and their post hoc pairs.

    one-way            F = MS_between / MS_within, eta^2 = SS_between / SS_total; then Tukey's HSD with Hedges' g
    Welch              unequal variances; then Games-Howell with Hedges' g
    repeated measures  the folds as subjects, p corrected by Greenhouse-Geisser's epsilon, partial eta^2;
                       then paired t adjusted by Holm with Cohen's d_z = mean / sd of the differences

The table that comes in has one row per (repeat, fold) and one column per feature set. Rows are paired by construction,
so the repeated-measures test is the one that fits; none knows that folds share their training rows, so all p are
optimistic.

Source: Welch (1951), Biometrika 38:330; Greenhouse and Geisser (1959), Psychometrika 24:95; Games and Howell (1976),
Journal of Educational Statistics 1:113; Tukey (1949), Biometrics 5:99. Computed by pingouin, Vallat (2018), JOSS
3:1026; intervals of the pairs from ``studentized_range``.
"""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.studentized_range import studentized_range_quantile

Row = dict[str, Any]
LEVEL = "level"
ONE_WAY, WELCH, REPEATED = "one-way", "Welch", "repeated measures"


def omnibus(table: pd.DataFrame) -> list[Row]:
    """The three tests of ``table`` (n_subjects, k), without NaN, at least 2 x 2: rows with ``test``, ``statistic``,
    ``df1``, ``df2``, ``p``, ``p_corrected``, ``effect_size``, ``effect_size_name`` and ``undefined``, the reason where
    the numbers are NaN."""
    values = table.to_numpy(float)
    spread = values.var(0)
    within = values - values.mean(1, keepdims=True) - values.mean(0) + values.mean()
    problems = {
        ONE_WAY: "" if spread.max() > 1e-20 else "no variance within the feature sets",
        WELCH: "" if spread.min() > 1e-20 else "a feature set without variance",
        REPEATED: "" if np.abs(within).max() > 1e-12 else "no variance besides that of folds and feature sets",
    }
    if len(values) == 2 and values.shape[1] > 2:
        problems[REPEATED] = "two folds, which say nothing of sphericity"
    tests = {ONE_WAY: _one_way, WELCH: _welch, REPEATED: _repeated}
    nothing = dict.fromkeys(("statistic", "df1", "df2", "p", "p_corrected", "effect_size"), np.nan)
    return [
        {"test": name, "effect_size_name": "", **nothing, "undefined": problems[name]}
        | ({} if problems[name] else test(_long(table)))
        for name, test in tests.items()
    ]


def post_hoc(table: pd.DataFrame, *, level: float = 0.95) -> list[Row]:
    """All pairs of the columns of ``table`` by the three methods: rows with ``test``, ``first``, ``second``,
    ``difference`` (first minus second), ``low``, ``high``, ``statistic``, ``df``, ``p`` (NaN where the method has only
    an adjusted one), ``p_adjusted``, ``effect_size`` and ``effect_size_name``. NaN where the differences have no
    variance, but p 1 where there is no difference either. Limits: of Tukey and Games-Howell simultaneous, of paired t
    single."""
    return [*_tukey(table, level), *_games_howell(table, level), *_paired(table, level)]


def _long(table: pd.DataFrame) -> pd.DataFrame:
    values = table.to_numpy(float)
    return pd.DataFrame(
        {
            "subject": np.repeat(np.arange(len(table)), values.shape[1]),
            LEVEL: np.tile(np.arange(values.shape[1]), len(table)),
            "auc": values.ravel(),
        }
    )


def _one_way(long: pd.DataFrame) -> Row:
    found = _pingouin("anova", data=long, dv="auc", between=LEVEL, detailed=True, effsize="np2")
    return {
        "statistic": found["F"][0],
        "df1": found["DF"][0],
        "df2": found["DF"][1],
        "p": found["p_unc"][0],
        "effect_size": found["np2"][0],
        "effect_size_name": "eta squared",
    }


def _welch(long: pd.DataFrame) -> Row:
    found = _pingouin("welch_anova", data=long, dv="auc", between=LEVEL)
    return {
        "statistic": found["F"][0],
        "df1": found["ddof1"][0],
        "df2": found["ddof2"][0],
        "p": found["p_unc"][0],
        "effect_size": found["np2"][0],
        "effect_size_name": "eta squared",
    }


def _repeated(long: pd.DataFrame) -> Row:
    found = _pingouin("rm_anova", data=long, dv="auc", within=LEVEL, subject="subject", correction=True, effsize="np2")
    p = found["p_unc"][0]
    return {
        "statistic": found["F"][0],
        "df1": found["ddof1"][0],
        "df2": found["ddof2"][0],
        "p": p,
        "p_corrected": found["p_GG_corr"][0] if "p_GG_corr" in found else p,  # two levels are always spherical
        "effect_size": found["np2"][0],
        "effect_size_name": "partial eta squared",
    }


def _tukey(table: pd.DataFrame, level: float) -> list[Row]:
    n, k = table.shape
    if not table.to_numpy(float).var(0).max() > 1e-20:
        return [_undefined("Tukey HSD", table, i, j) for i, j in combinations(range(k), 2)]
    found = _pingouin("pairwise_tukey", data=_long(table), dv="auc", between=LEVEL)
    df = np.full(len(found), float(k * (n - 1)))
    return _range_rows("Tukey HSD", table, found, df, found["p_tukey"], level)


def _games_howell(table: pd.DataFrame, level: float) -> list[Row]:
    if not table.to_numpy(float).var(0).min() > 1e-20:
        return [_undefined("Games-Howell", table, i, j) for i, j in combinations(range(table.shape[1]), 2)]
    found = _pingouin("pairwise_gameshowell", data=_long(table), dv="auc", between=LEVEL)
    return _range_rows("Games-Howell", table, found, found["df"].to_numpy(float), found["pval"], level)


def _range_rows(
    test: str, table: pd.DataFrame, found: pd.DataFrame, df: np.ndarray, p: pd.Series, level: float
) -> list[Row]:
    # pingouin's se is that of a difference of two means, and the range is in units of se / sqrt 2
    margin = studentized_range_quantile(level, table.shape[1], df) * found["se"].to_numpy(float) / np.sqrt(2)
    return [
        {
            "test": test,
            "first": table.columns[first],
            "second": table.columns[second],
            "difference": row.diff,
            "low": row.diff - margin[place],
            "high": row.diff + margin[place],
            "statistic": row.T,
            "df": df[place],
            "p": np.nan,
            "p_adjusted": p.iloc[place],
            "effect_size": row.hedges,
            "effect_size_name": "Hedges g",
        }
        for place, (first, second, row) in enumerate(
            zip(found["A"], found["B"], found.itertuples(index=False), strict=True)
        )
    ]


def _paired(table: pd.DataFrame, level: float) -> list[Row]:
    values, df = table.to_numpy(float), len(table) - 1
    rows = []
    for i, j in combinations(range(table.shape[1]), 2):
        difference = values[:, i] - values[:, j]
        row = _undefined("paired t", table, i, j) | {"df": df}
        mean, sd = float(difference.mean()), float(difference.std(ddof=1))
        if sd > 1e-10:
            t = mean / (sd / np.sqrt(len(table)))
            margin = float(special.stdtrit(df, (1 + level) / 2)) * sd / np.sqrt(len(table))
            row |= {"low": mean - margin, "high": mean + margin, "statistic": t, "effect_size": mean / sd}
            row["p"] = float(2 * special.stdtr(df, -abs(t)))
        rows.append(row)
    for row, p in zip(rows, adjust(np.array([row["p"] for row in rows]), "holm"), strict=True):
        row |= {"p_adjusted": p, "effect_size_name": "Cohen d_z"}
    return rows


def _undefined(test: str, table: pd.DataFrame, i: int, j: int) -> Row:
    difference = float(table.iloc[:, i].mean() - table.iloc[:, j].mean())
    same = abs(difference) < 1e-12
    return {
        "test": test,
        "first": table.columns[i],
        "second": table.columns[j],
        "difference": difference,
        "low": np.nan,
        "high": np.nan,
        "statistic": 0.0 if same else np.nan,
        "df": np.nan,
        "p": 1.0 if same else np.nan,
        "p_adjusted": 1.0 if same else np.nan,
        "effect_size": np.nan,
        "effect_size_name": "",
    }


def _pingouin(name: str, **arguments: Any) -> pd.DataFrame:
    import pingouin  # takes over a second, which only this file should cost

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of pandas inside pingouin, one per call
        return getattr(pingouin, name)(**arguments)
