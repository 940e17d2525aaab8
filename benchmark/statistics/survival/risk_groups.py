"""Groups of cases by their risk score, and the Kaplan-Meier curve of each group.

    median     low: x <= Q(1/2)       high: above
    tertiles   low: x <= Q(1/3)       intermediate: x <= Q(2/3)       high: above

Q is the quantile of the scores (type 7, linear between order statistics). It comes from the same cases that the curves
show, which flatters the score: a cut point that is to be used must be fixed on other cases (the split ``threshold``).

Source: quantiles: Hyndman and Fan (1996), The American Statistician 50:361.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.statistics.survival.kaplan_meier import kaplan_meier, survival_interval

QUANTILES = ("median", "tertiles")
THRESHOLD = "threshold"
"""The split at a threshold that was chosen on other cases."""

SPLITS: dict[str, tuple[str, ...]] = {
    THRESHOLD: ("low", "high"),
    "median": ("low", "high"),
    "tertiles": ("low", "intermediate", "high"),
}
"""The groups of each split, from low to high risk."""

COLUMNS = ("time", "survival", "low", "high", "n_risk", "n_events")


def risk_groups(score: np.ndarray, split: str) -> np.ndarray:
    """The group of each ``score`` (n_cases,) by a split of ``QUANTILES``, as its position in ``SPLITS``, (n_cases,).
    Ties stay together, so groups may be unequal or empty: equal scores are all of low risk."""
    k = len(SPLITS[split])
    cuts = np.quantile(score, np.arange(1, k) / k)
    return np.searchsorted(cuts, score, "left")


def group_curves(
    time: np.ndarray, event: np.ndarray, codes: np.ndarray, split: str, *, level: float = 0.95
) -> pd.DataFrame:
    """The columns of ``SURVIVAL`` from ``split`` on: for each group of ``codes`` (n_cases,), positions in ``SPLITS``,
    that has a case, its distinct times from 0 on, with log-log limits."""
    parts = []
    for code, name in enumerate(SPLITS[split]):
        rows = codes == code
        if rows.any():
            curve = kaplan_meier(time[rows], event[rows])
            within = survival_interval(curve, level=level)
            columns = [curve.time, within.estimate, within.low, within.high, curve.n_risk, curve.n_events]
            start = [0.0, 1.0, 1.0, 1.0, rows.sum(), 0]
            values = [np.append(first, column) for first, column in zip(start, columns, strict=True)]
            parts.append(pd.DataFrame({"split": split, "group": name, **dict(zip(COLUMNS, values, strict=True))}))
    return pd.concat(parts, ignore_index=True)
