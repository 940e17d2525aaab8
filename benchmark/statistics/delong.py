"""The AUCs of models on one set of cases, with the covariance of DeLong, in O(n log n) per model.

    V10_i = share of negative cases below positive case i,   V01_j = share of positive cases above negative case j
    A = mean(V10),   cov(A_r, A_s) = cov(V10_r, V10_s) / m + cov(V01_r, V01_s) / n

with m positive and n negative cases, covariances with divisor m - 1 and n - 1, ties counting one half. The cases must
be independent, and the scores must not come from models that were fitted on them: for cross-validation see
``cross_validated_auc``.

Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837, eq. 4-8; O(n log n): Sun and Xu (2014), IEEE Signal
Processing Letters 21:1389; unpaired test as in pROC, Robin et al. (2011), BMC Bioinformatics 12:77, with Student's t
where others take the normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.metrics.roc_auc import placements
from benchmark.statistics.aucs import Aucs

METHOD = "DeLong 1988"


@dataclass(frozen=True)
class UnpairedTest:
    """First minus second AUC of different cases with its interval; Student's t with Satterthwaite's degrees of freedom,
    two-sided p."""

    difference: float
    low: float
    high: float
    statistic: float
    df: float
    p: float


def delong(y: np.ndarray, scores: np.ndarray) -> Aucs:
    """The AUCs of ``scores`` (n_cases, k) for ``y`` (n_cases,), 1 for positive. NaN with one class or a NaN score; no
    covariance (NaN) with a single case of a class."""
    positive = np.asarray(y) == 1
    placed = placements(y, scores)
    m = int(positive.sum())
    n = len(positive) - m
    if not m or not n:
        return Aucs(np.full(scores.shape[1], np.nan), placed, METHOD)
    auc = placed[positive].mean(0)
    weight = np.where(positive, _divisor(m), _divisor(n))
    return Aucs(auc, (placed - auc) * weight[:, None], METHOD)


def unpaired_test(first: Aucs, second: Aucs, *, level: float = 0.95) -> UnpairedTest:
    """One model each, on different patients, by ``delong`` or ``obuchowski``: difference -+ t se, not cut to [-1, 1].
    Without any variance: NaN, or p 1 if the AUCs are equal."""
    difference = float(first.estimate[0] - second.estimate[0])
    v1, v2 = float(first.variance[0]), float(second.variance[0])
    if not v1 + v2 > 0:
        same = difference == 0 and v1 + v2 == 0
        limit = 0.0 if same else np.nan
        return UnpairedTest(difference, limit, limit, limit, np.nan, 1.0 if same else np.nan)
    df = (v1 + v2) ** 2 / (v1**2 / (first.n_units - 1) + v2**2 / (second.n_units - 1))
    error = np.sqrt(v1 + v2)
    margin = float(special.stdtrit(df, (1 + level) / 2) * error)
    statistic = float(difference / error)
    p = float(2 * special.stdtr(df, -abs(statistic)))
    return UnpairedTest(difference, difference - margin, difference + margin, statistic, df, p)


def _divisor(n: int) -> float:
    return 1 / np.sqrt(n * (n - 1)) if n > 1 else np.nan
