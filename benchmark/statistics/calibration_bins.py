"""Bins of predicted probabilities: expected calibration error and the Hosmer-Lemeshow test.

    equal width  breaks k/g, k = 0 .. g
    equal mass   breaks at the quantiles k/g of the predictions (type 7: linear between the order statistics), each
                 different value once, so that ties stay together and there may be fewer bins than asked for
    a bin        (lower, upper], the first with its lower end

    ECE = sum_b n_b/n |mean y - mean p|,    MCE = max_b |..|,    ACE = mean over the non-empty bins
    HL chi2 = sum_b (O_b - E_b)^2 / E_b + (O_b - E_b)^2 / (n_b - E_b),   O = sum y, E = sum p

df of HL is the number of bins for data that the model was not fitted on (out-of-fold, test, external: what this package
tests) and bins - 2 for the rows it was fitted on; R's ``ResourceSelection`` always takes bins - 2, which is
conservative no longer but wrong on external data. ECE depends on the bins and is biased upwards in small cohorts: it is
here because reviewers ask for it. Others close the bins on the left; that moves predictions that lie on a break.

Source: Hosmer, Lemeshow, Sturdivant (2013), Applied Logistic Regression, 5.2.2; df on external data: ibid. 5.5; ECE:
Naeini et al. (2015), AAAI 29:2901; quantiles: Hyndman, Fan (1996), The American Statistician 50:361.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

Scheme = Literal["equal width", "equal mass"]


@dataclass(frozen=True, eq=False)
class Bins:
    """``breaks`` (n_bins + 1,), and of each bin the number of cases ``n``, of ``observed`` positive ones, and the
    ``expected`` number (sum of predictions), (n_bins,) each. No bins at all if a score is missing."""

    breaks: np.ndarray
    n: np.ndarray
    observed: np.ndarray
    expected: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """Mean outcome minus mean prediction, (n_bins,); NaN in an empty bin."""
        return _divide(self.observed - self.expected, self.n)


@dataclass(frozen=True)
class CalibrationError:
    """ECE, MCE and ACE in [0, 1]."""

    expected: float
    maximum: float
    average: float


@dataclass(frozen=True)
class HosmerLemeshow:
    """The statistic, its degrees of freedom, the p value, and how many bins there were."""

    chi2: float
    df: int
    p: float
    n_bins: int


def bin_predictions(y: np.ndarray, score: np.ndarray, *, n_bins: int = 10, scheme: Scheme = "equal width") -> Bins:
    """The bins of ``score`` (n_cases,) in [0, 1] with the outcomes ``y`` (n_cases,), 1 for positive. A constant score
    makes one bin of equal mass, from the score to itself; with a NaN score, or without a case, there is no bin."""
    if not len(score) or np.isnan(score).any():
        return Bins(*(np.empty(0) for _ in range(4)))
    breaks = np.arange(n_bins + 1) / n_bins if scheme == "equal width" else _distinct_quantiles(score, n_bins)
    number = bin_numbers(breaks, score)
    count = len(breaks) - 1
    return Bins(
        breaks,
        np.bincount(number, minlength=count),
        np.bincount(number, weights=y == 1, minlength=count),
        np.bincount(number, weights=score, minlength=count),
    )


def bin_numbers(breaks: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The bin of each ``score`` (...) without NaN, from 0, between rising ``breaks``."""
    return np.maximum(np.searchsorted(breaks, score, side="left") - 1, 0)


def calibration_error(
    y: np.ndarray, score: np.ndarray, *, n_bins: int = 10, scheme: Scheme = "equal width"
) -> CalibrationError:
    """Expected, maximum and average calibration error of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,). NaN
    without a case or with a NaN score; with one class they are defined."""
    bins = bin_predictions(y, score, n_bins=n_bins, scheme=scheme)
    gaps = np.abs(bins.gaps[bins.n > 0])
    if not len(gaps):
        return CalibrationError(np.nan, np.nan, np.nan)
    weight = bins.n[bins.n > 0] / bins.n.sum()
    return CalibrationError(float(weight @ gaps), float(gaps.max()), float(gaps.mean()))


def hosmer_lemeshow(y: np.ndarray, score: np.ndarray, *, groups: int = 10, fitted: bool = False) -> HosmerLemeshow:
    """The test in bins of equal mass of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,); ``fitted``: on the rows
    that the model was fitted on. Infinite, with p 0, if something happened in a bin that was predicted to be
    impossible there. NaN with one class, a NaN score, or no degree of freedom left (two bins and ``fitted``). The
    cases count as independent: with several per patient p is too small."""
    bins = bin_predictions(y, score, n_bins=groups, scheme="equal mass")
    n_bins = len(bins.n)
    df = n_bins - 2 if fitted else n_bins
    if df < 1 or not 0 < bins.observed.sum() < len(y):
        return HosmerLemeshow(np.nan, max(df, 0), np.nan, n_bins)
    squares = (bins.observed - bins.expected) ** 2
    chi2 = float(sum(_terms(squares, expected).sum() for expected in (bins.expected, bins.n - bins.expected)))
    return HosmerLemeshow(chi2, df, float(special.chdtrc(df, chi2)), n_bins)


def _terms(squares: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """0 where nothing was expected and nothing happened."""
    return np.divide(squares, expected, out=np.where(squares > 0, np.inf, 0.0), where=expected > 0)


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _distinct_quantiles(score: np.ndarray, n_bins: int) -> np.ndarray:
    """The positions are counted in whole numbers: (n - 1) k/g as a double falls short of an order statistic now and
    then, and that case would change its bin."""
    ranked = np.sort(score)
    below, rest = np.divmod((len(score) - 1) * np.arange(n_bins + 1), n_bins)
    lower, upper = ranked[below], ranked[np.minimum(below + 1, len(score) - 1)]
    share = rest / n_bins
    found = np.unique(np.where(lower == upper, lower, (1 - share) * lower + share * upper))
    return found if len(found) > 1 else np.repeat(found, 2)
