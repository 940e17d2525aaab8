"""Rows of all pairs after an omnibus test, in the columns of ``POSTHOC`` that say what was found."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from benchmark.estimates import POSTHOC

PAIRS = [column for column in POSTHOC if column not in ("design", "role", "factor")]
"""One row per pair: the test, first and second, the difference (first minus second) and its limits, the statistic, p
(NaN where the method has only an adjusted one), the adjusted p, and the size of the effect."""

SMALLEST = 1e-12
"""A difference, relative to the largest value, below which it is rounding."""


def all_pairs(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the first and of the second of each pair, (k (k - 1) / 2,) each."""
    first, second = np.triu_indices(k, 1)
    return first, second


def pair_rows(
    test: str,
    names: Sequence[Hashable],
    *,
    difference: np.ndarray,
    statistic: np.ndarray,
    p_adjusted: np.ndarray,
    p: np.ndarray | float = np.nan,
    df: np.ndarray | float = np.nan,
    low: np.ndarray | float = np.nan,
    high: np.ndarray | float = np.nan,
    effect_size: np.ndarray | float = np.nan,
    effect_size_name: str = "",
) -> pd.DataFrame:
    """The table ``PAIRS``, pairs in the order of ``all_pairs``."""
    first, second = all_pairs(len(names))
    return pd.DataFrame(
        {
            "test": test,
            "first": [names[i] for i in first],
            "second": [names[j] for j in second],
            "difference": difference,
            "low": low,
            "high": high,
            "statistic": statistic,
            "df": df,
            "p": p,
            "p_adjusted": p_adjusted,
            "effect_size": effect_size,
            "effect_size_name": effect_size_name,
        },
        columns=PAIRS,
    )


def ratio(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    """``difference / error``; where there is no error 0 if there is no difference either, else NaN."""
    none = np.where(np.abs(difference) > 0, np.nan, 0.0)
    return np.divide(difference, error, out=none, where=error > 0)
