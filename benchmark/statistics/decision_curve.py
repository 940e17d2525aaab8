"""Net benefit: the true positives per patient, less the false positives at the exchange rate of the threshold.

    NB(t) = TP/n - FP/n * t / (1 - t),    a case is treated if its risk p >= t
    treat all: every case,    treat none: 0
    var NB = (1/n) [TP/n + w^2 FP/n - NB^2],  w = t / (1 - t): each case adds 1, -w or 0

The thresholds are k/100 as a quotient of whole numbers: 0.01 added k times is another double, and predictions with two
decimals then fall on the wrong side. The interval is pointwise and conditional on the model; cases of one patient are
added before squaring.

Source: Vickers and Elkin (2006), Medical Decision Making 26:565; variance: Sande et al. (2020), Statistics in Medicine
39:2980.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.clusters import sum_within


@dataclass(frozen=True, eq=False)
class NetBenefit:
    """``estimate``, ``low`` and ``high``, each (n_thresholds, k)."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


def percent_thresholds(lowest: float, highest: float) -> np.ndarray:
    """The thresholds k/100 from ``lowest`` to ``highest``, both within (0, 1)."""
    first, last = int(np.ceil(lowest * 100 - 1e-9)), int(np.floor(highest * 100 + 1e-9))
    if not 1 <= first <= last <= 99:
        raise ConfigError(
            f"decision curve from {lowest} to {highest}: expected a rising pair within 0.01 and 0.99",
            path=("statistics", "thresholds"),
        )
    return np.arange(first, last + 1) / 100


def net_benefit(
    y: np.ndarray,
    scores: np.ndarray,
    thresholds: np.ndarray,
    *,
    patient: np.ndarray | None = None,
    level: float = 0.95,
) -> NetBenefit:
    """Net benefit of treating by ``scores`` (n_cases, k) in [0, 1] for ``y`` (n_cases,), 1 for positive, at
    ``thresholds`` in (0, 1). NaN for a model with a missing score. Treat-all is a column of ones."""
    estimate = np.empty((len(thresholds), scores.shape[1]))
    error = np.empty_like(estimate)
    known = ~np.isnan(scores).any(0)
    for row, threshold in enumerate(thresholds):
        weight = threshold / (1 - threshold)
        gain = np.where(scores >= threshold, np.where(y == 1, 1.0, -weight)[:, None], 0.0)
        estimate[row] = gain.mean(0)
        error[row] = np.sqrt((sum_within(gain - estimate[row], patient) ** 2).sum(0)) / len(y)
    estimate[:, ~known] = np.nan
    margin = normal_quantile(level) * error
    return NetBenefit(estimate, estimate - margin, estimate + margin)
