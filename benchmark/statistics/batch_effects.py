"""How much features differ between batches, each alone, all features at once.

    location  F = [SS_between / (B - 1)] / [SS_within / df2], df2 = N - B: analysis of variance; t^2 of two batches
    ranks     H of Kruskal and Wallis, corrected for ties, chi-square with B - 1 degrees of freedom
    spread    F of |x - median_b|: Brown and Forsythe
    size      Cohen's f = sqrt(SS_between / SS_within): 0.10 small, 0.25 medium, 0.40 large

If the same objects were measured in every batch, each value is first taken as its distance from the object's mean: F is
then that of the randomized blocks design with df2 = N - B - (objects - 1), f is partial, and the ranks are aligned
ranks. p is adjusted over all features by Benjamini and Hochberg.

Source: Fisher (1925); Kruskal and Wallis (1952), JASA 47:583; Brown and Forsythe (1974), JASA 69:364; Cohen (1988),
Statistical Power Analysis, 8.2; Hodges and Lehmann (1962), Annals of Mathematical Statistics 33:482 (aligned ranks).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import rankdata

from benchmark.statistics.multiplicity import adjust

BATCH_EFFECTS = ["F", "df1", "df2", "p", "p_adjusted", "H", "p_ranks", "p_ranks_adjusted", "p_spread",
                 "p_spread_adjusted", "cohens_f"]  # fmt: skip
"""One row per feature; NaN for a feature that does not vary."""

SUMMARY = [
    "n_features",
    "n_undefined",
    "n_location",
    "n_ranks",
    "n_spread",
    "f_q1",
    "f_median",
    "f_q3",
    "n_medium",
    "n_large",
]
"""Of the features with an effect: how many differ after adjustment, and the sizes."""

MEDIUM, LARGE = 0.25, 0.40


def batch_effects(values: np.ndarray, batch: np.ndarray, objects: np.ndarray | None = None) -> pd.DataFrame:
    """``BATCH_EFFECTS`` of ``values`` (n_cases, n_features); ``batch`` (n_cases,) as 0 .. B - 1; ``objects`` (n_cases,)
    as 0 .. n_objects - 1, each with the same number of cases in a batch as every other object."""
    largest = np.abs(values).max(axis=0, initial=0.0)
    lost = 0
    if objects is not None:
        values, lost = values - _means(values, objects)[objects], int(objects.max())
    df1, df2 = int(batch.max()), len(values) - int(batch.max()) - 1 - lost
    flat = ~(np.ptp(values, axis=0) > 64 * np.finfo(float).eps * largest)
    f = _f(values, batch, df1, df2, flat)
    h = _kruskal(values, batch, flat)
    spread = _f(np.abs(values - _medians(values, batch)[batch]), batch, df1, df2, flat)
    p, p_ranks, p_spread = special.fdtrc(df1, df2, f), special.chdtrc(df1, h), special.fdtrc(df1, df2, spread)
    columns = [f, df1, df2, p, adjust(p, "bh"), h, p_ranks, adjust(p_ranks, "bh"), p_spread, adjust(p_spread, "bh"),
               np.sqrt(df1 * f / df2)]  # fmt: skip
    return pd.DataFrame(dict(zip(BATCH_EFFECTS, columns, strict=True)))


def summarize(effects: pd.DataFrame, *, significance: float) -> dict[str, float]:
    """``SUMMARY`` of the effects of some features."""
    size = effects["cohens_f"].dropna()
    return {
        "n_features": len(effects),
        "n_undefined": len(effects) - len(size),
        "n_location": int((effects["p_adjusted"] < significance).sum()),
        "n_ranks": int((effects["p_ranks_adjusted"] < significance).sum()),
        "n_spread": int((effects["p_spread_adjusted"] < significance).sum()),
        "f_q1": float(size.quantile(0.25)),
        "f_median": float(size.median()),
        "f_q3": float(size.quantile(0.75)),
        "n_medium": int((size >= MEDIUM).sum()),
        "n_large": int((size >= LARGE).sum()),
    }


def _means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(n_groups, n_features)."""
    indicators = np.eye(int(groups.max()) + 1)[groups]
    return (indicators.T @ values) / indicators.sum(axis=0)[:, None]


def _medians(values: np.ndarray, batch: np.ndarray) -> np.ndarray:
    return np.stack([np.median(values[batch == number], axis=0) for number in range(int(batch.max()) + 1)])


def _f(values: np.ndarray, batch: np.ndarray, df1: int, df2: int, flat: np.ndarray) -> np.ndarray:
    """(n_features,): infinite where nothing varies within the batches."""
    apart = values - values.mean(axis=0)
    means = _means(apart, batch)
    between = np.bincount(batch) @ np.square(means)
    within = np.square(apart - means[batch]).sum(axis=0)
    within[within <= len(values) * np.square(16 * np.finfo(float).eps * np.abs(values).max(axis=0))] = 0.0  # rounding
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(flat, np.nan, (between / df1) / (within / df2))


def _kruskal(values: np.ndarray, batch: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """(n_features,): H is (N - 1) times the share of the variance of the mid-ranks that lies between batches."""
    ranks = rankdata(values, axis=0)
    apart = ranks - ranks.mean(axis=0)
    between = np.bincount(batch) @ np.square(_means(apart, batch))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(flat, np.nan, (len(values) - 1) * between / np.square(apart).sum(axis=0))
