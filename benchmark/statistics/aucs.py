"""The AUCs of several models on the same cases with their joint covariance: intervals, paired tests, joint test.

    plain:  A -+ z se, cut to [0, 1]             logit:  expit(logit A -+ z se / (A (1 - A)))
    pair:   Z = (A_1 - A_2) / sqrt(v_11 + v_22 - 2 v_12)
    joint:  chi2 = (L A)' (L V L')^+ (L A),  df = rank(L V L')

Source: DeLong et al. (1988), Biometrics 44:837, eq. 8; logit interval: Pepe (2003), The Statistical Evaluation of
Medical Tests, 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy import special


@dataclass(frozen=True, eq=False)
class Aucs:
    """``estimate`` (k,); ``contributions`` (n_units, k): what each case (or patient) adds to the estimates, scaled so
    that their cross product is the covariance; ``method``: where the covariance comes from. NaN where a model is
    undefined. ``independent``: how many independent units there are, if not one per row of the contributions."""

    estimate: np.ndarray
    contributions: np.ndarray
    method: str
    independent: int | None = None

    @property
    def n_units(self) -> int:
        """How many independent cases or patients."""
        return len(self.contributions) if self.independent is None else self.independent

    @cached_property
    def covariance(self) -> np.ndarray:
        """(k, k)."""
        return self.contributions.T @ self.contributions

    @cached_property
    def variance(self) -> np.ndarray:
        """(k,), without the rest of the covariance."""
        return np.einsum("ik,ik->k", self.contributions, self.contributions)


@dataclass(frozen=True, eq=False)
class PairTests:
    """First minus second of m pairs: ``difference``, its standard ``error``, ``low``, ``high``, ``statistic`` (Z) and
    two-sided ``p``, all (m,)."""

    difference: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    statistic: np.ndarray
    p: np.ndarray


@dataclass(frozen=True)
class JointTest:
    """A chi-square statistic, its degrees of freedom and p value."""

    statistic: float
    df: int
    p: float


def normal_quantile(level: float) -> float:
    """The z of a two-sided interval of this level."""
    return float(special.ndtri((1 + level) / 2))


def intervals(
    aucs: Aucs, *, level: float = 0.95, scale: Literal["plain", "logit"] = "plain"
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits, each (k,). With an AUC of 0 or 1 the variance is 0: the plain interval is the point
    itself, the logit interval is undefined (NaN)."""
    auc, margin = aucs.estimate, normal_quantile(level) * np.sqrt(aucs.variance)
    if scale == "plain":
        return np.clip(auc - margin, 0, 1), np.clip(auc + margin, 0, 1)
    slope = auc * (1 - auc)
    margin = np.divide(margin, slope, out=np.full(len(auc), np.nan), where=slope > 0)
    return special.expit(special.logit(auc) - margin), special.expit(special.logit(auc) + margin)


def compare(aucs: Aucs, first: np.ndarray, second: np.ndarray, *, level: float = 0.95) -> PairTests:
    """Paired tests of the models ``first`` and ``second`` (m,), positions among the k. Models that rank all cases alike
    have Z 0 and p 1. Different AUCs of variance 0 (each 0, 0.5 or 1 by construction) cannot be tested: NaN."""
    difference = aucs.estimate[first] - aucs.estimate[second]
    variance = _variance_of_difference(aucs, first, second)
    error = np.sqrt(variance)
    same = (variance == 0) & (difference == 0)
    statistic = np.divide(difference, error, out=np.full(len(error), np.nan), where=variance > 0)
    statistic[same] = 0
    margin = np.where((variance > 0) | same, normal_quantile(level) * error, np.nan)
    p = 2 * special.ndtr(-abs(statistic))
    return PairTests(difference, error, difference - margin, difference + margin, statistic, p)


def equality_test(aucs: Aucs, contrasts: np.ndarray) -> JointTest:
    """Whether all ``contrasts`` (m, k) of the AUCs are 0. Redundant contrasts are not counted; p is NaN if a contrast
    without variance is not 0, 1 with df 0 if none varies and all are 0."""
    value = contrasts @ aucs.estimate
    spread = aucs.contributions @ contrasts.T
    if np.isnan(value).any() or np.isnan(spread).any():
        return JointTest(np.nan, 0, np.nan)
    roots, axes = np.linalg.eigh(spread.T @ spread)
    kept = roots > max(roots.max(), 0) * 1e-10
    along = axes.T @ value
    if np.any(abs(along[~kept]) > 1e-8):
        return JointTest(np.nan, int(kept.sum()), np.nan)
    statistic = float(np.sum(along[kept] ** 2 / roots[kept]))
    df = int(kept.sum())
    return JointTest(statistic, df, float(special.chdtrc(df, statistic)) if df else 1.0)


def _variance_of_difference(aucs: Aucs, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    total = aucs.variance[first] + aucs.variance[second]
    variance = total - 2 * aucs.covariance[first, second]
    # nearly equal rankings cancel in the sum above; their difference case by case does not
    for pair in np.flatnonzero(variance < 1e-4 * total):
        apart = aucs.contributions[:, first[pair]] - aucs.contributions[:, second[pair]]
        variance[pair] = apart @ apart
    return variance
