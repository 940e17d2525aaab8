"""Tests of calibration: Spiegelhalter's z, the likelihood-ratio tests of the recalibration line, val.prob's indices.

    z = sum (y - p)(1 - 2 p) / sqrt(sum (1 - 2 p)^2 p (1 - p))        standard normal if P(y=1) = p
    LR = 2 (l(fitted) - l(restricted)),  l(a, b) = sum y e - log(1 + exp e),  e = a + b logit p
        both: a = 0 and b = 1, df 2      intercept: a = 0 given b = 1, df 1      slope: b = 1 given a free, df 1
    profile interval of the slope: all b with 2 (max l - max_a l(a, b)) <= chi2_level,1
    LR0 = 2 (l(0, 1) - l(log odds of mean y, 0)):    R2 = (1 - exp(-LR0/n)) / (1 - exp(2 l(null)/n))  (Nagelkerke)
    D = (LR0 - 1)/n,  U = (LR(both) - 2)/n,  Q = D - U               discrimination, unreliability, quality

Predictions of exactly 0 or 1 have no logit and leave all but z. ``val.prob`` of the R package rms gives the same z, R2,
D, U and Q; its C is not the AUC, because it bins the predictions to 0.002, and its Eavg, E90 and Emax are those of
``smooth_calibration`` with ``lowess``. The tests count cases as independent.

Source: Spiegelhalter (1986), Statistics in Medicine 5:421; Cox (1958), Biometrika 45:562; Harrell, Lee, Mark (1996),
Statistics in Medicine 15:361; Nagelkerke (1991), Biometrika 78:691.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from benchmark.statistics.logistic import fit_logistic


class NormalTest(NamedTuple):
    """A standard normal statistic and its two-sided p value."""

    z: float
    p: float


class ChiSquareTest(NamedTuple):
    """A chi-square statistic, its degrees of freedom and p value."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class LineTests:
    """The three tests of the recalibration line against the diagonal."""

    both: ChiSquareTest
    intercept: ChiSquareTest
    slope: ChiSquareTest


@dataclass(frozen=True)
class LikelihoodIndices:
    """Nagelkerke's R2 of the predictions as they are, D, U and Q."""

    r2: float
    discrimination: float
    unreliability: float
    quality: float


def spiegelhalter(y: np.ndarray, score: np.ndarray) -> NormalTest:
    """The test of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN with a NaN score and where
    all predictions are 0, 0.5 or 1, which have no variance."""
    event, slope = (y == 1).astype(float), 1 - 2 * score
    variance = float(slope**2 @ (score * (1 - score)))
    if not variance > 0:
        return NormalTest(np.nan, np.nan)
    z = float((event - score) @ slope / np.sqrt(variance))
    return NormalTest(z, float(2 * special.ndtr(-abs(z))))


def line_tests(y: np.ndarray, score: np.ndarray) -> LineTests:
    """The likelihood-ratio tests of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN with one
    class or a NaN score; those with the slope also with constant scores or separated classes."""
    event, logit = _inside(y, score)
    diagonal, large, line = _log_likelihoods(event, logit)
    return LineTests(
        _likelihood_ratio(line - diagonal, 2),
        _likelihood_ratio(large - diagonal, 1),
        _likelihood_ratio(line - large, 1),
    )


def likelihood_indices(y: np.ndarray, score: np.ndarray) -> LikelihoodIndices:
    """The indices of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN with one class or a NaN
    score; U and Q also with constant scores or separated classes."""
    event, logit = _inside(y, score)
    diagonal, _, line = _log_likelihoods(event, logit)
    if not 0 < event.sum() < len(event):
        return LikelihoodIndices(np.nan, np.nan, np.nan, np.nan)
    n, share = len(event), event.mean()
    null = -n * float(special.entr(share) + special.entr(1 - share))
    ratio = 2 * (diagonal - null)
    discrimination, unreliability = (ratio - 1) / n, (2 * (line - diagonal) - 2) / n
    r2 = float(np.expm1(-ratio / n) / np.expm1(2 * null / n))
    return LikelihoodIndices(r2, discrimination, unreliability, discrimination - unreliability)


def slope_profile_interval(y: np.ndarray, score: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Limits of the calibration slope of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), better than Wald's with
    few events. R's ``confint`` interpolates the profile and agrees to some four digits. NaN where there is no slope."""
    event, logit = _inside(y, score)
    line = fit_logistic(np.column_stack([np.ones(len(logit)), logit]), event)
    if not line.exists:
        return np.nan, np.nan
    best = _log_likelihood(event, line.coefficients[0] + line.coefficients[1] * logit)
    slope, step = float(line.coefficients[1]), float(np.sqrt(line.covariance[1, 1]))
    allowed = float(special.chdtri(1, 1 - level)) / 2

    def excess(b: float) -> float:
        intercept = fit_logistic(np.ones((len(logit), 1)), event, offset=b * logit).coefficients[0]
        return best - _log_likelihood(event, intercept + b * logit) - allowed

    limits = []
    for side in (-1.0, 1.0):
        end = slope + side * step
        while excess(end) < 0:  # doubles the distance, so that it also ends on very flat likelihoods
            end = slope + 2 * (end - slope)
        limits.append(float(optimize.brentq(excess, *sorted((slope, end)), xtol=1e-12 * max(1.0, abs(slope)))))
    return limits[0], limits[1]


def _inside(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and logits of the cases that have a logit; with a NaN among the scores none, which is NaN later."""
    inside = (score > 0) & (score < 1) & ~np.isnan(score).any()
    return (y[inside] == 1).astype(float), special.logit(score[inside])


def _log_likelihoods(event: np.ndarray, logit: np.ndarray) -> tuple[float, float, float]:
    """Of the diagonal, of the line with slope 1, and of the free line."""
    if not 0 < event.sum() < len(event):
        return np.nan, np.nan, np.nan
    ones = np.ones((len(logit), 1))
    large = fit_logistic(ones, event, offset=logit).coefficients
    line = fit_logistic(np.column_stack([ones, logit]), event).coefficients
    diagonal, shifted = (_log_likelihood(event, a + logit) for a in (0, large[0]))
    return diagonal, shifted, _log_likelihood(event, line[0] + line[1] * logit)


def _log_likelihood(event: np.ndarray, eta: np.ndarray) -> float:
    return float(event @ eta - np.logaddexp(0, eta).sum()) if not np.isnan(eta).any() else np.nan


def _likelihood_ratio(gain: float, df: int) -> ChiSquareTest:
    chi2 = float(np.maximum(2 * gain, 0))  # rounding may go below
    return ChiSquareTest(chi2, df, float(special.chdtrc(df, chi2)))
