"""Distance of predictions from a smooth calibration curve (ICI, E50, E90, Emax), and the curve by loess with its band.

    d_i = |p_i - c(p_i)|,  c a smoother of y on p, not clipped to [0, 1]
    ICI = mean d,   E50 = median d,   E90 = 90 % quantile of d (type 7),   Emax = max d

``loess`` (span 0.75, degree 2) is the definition of Austin and Steyerberg, and ours. ``lowess`` (span 2/3, degree 1, no
robustness steps) is what ``val.prob`` of the R package rms calls Eavg, E90 and Emax: another smoother and other numbers
(0.019 and 0.013 on the same predictions), never to be compared with the first. Both follow single cases in small
cohorts, and are above 0 for perfectly calibrated predictions. Predictions of 0 and 1 stay in: no logit is needed.

Source: Austin, Steyerberg (2019), Statistics in Medicine 38:4051; val.prob: Harrell (2015), Regression Modeling
Strategies, 10.11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.calibration import POINTS, CalibrationCurve
from benchmark.statistics.loess import loess, loess_error
from benchmark.statistics.lowess import lowess

Smoother = Literal["loess", "lowess"]
METHOD = "loess, span 0.75, degree 2, sandwich band"


@dataclass(frozen=True)
class CalibrationIndices:
    """ICI, E50, E90 and Emax, 0 or more; above 1 only where the smoother leaves [0, 1]."""

    ici: float
    e50: float
    e90: float
    emax: float


def calibration_indices(y: np.ndarray, score: np.ndarray, *, smoother: Smoother = "loess") -> CalibrationIndices:
    """The indices of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN with one class, a NaN
    score, fewer than four cases, or, by loess, three quarters of the cases at one score."""
    apart = _apart(y, score, smoother)
    if not len(apart):
        return CalibrationIndices(np.nan, np.nan, np.nan, np.nan)
    half, most = np.quantile(apart, (0.5, 0.9))
    return CalibrationIndices(float(apart.mean()), float(half), float(most), float(apart.max()))


def integrated_calibration_index(y: np.ndarray, score: np.ndarray) -> float:
    """The ICI by loess alone, which is faster; the rest as for ``calibration_indices``."""
    apart = _apart(y, score, "loess")
    return float(apart.mean()) if len(apart) else float("nan")


def _apart(y: np.ndarray, score: np.ndarray, smoother: Smoother) -> np.ndarray:
    """The distances d_i, (n_cases,); none with one class or a NaN score."""
    event = (y == 1).astype(float)
    if not 0 < event.sum() < len(event) or np.isnan(score).any():
        return np.empty(0)
    return np.abs(score - (loess(score, event, score) if smoother == "loess" else lowess(score, event)))


def loess_calibration_curve(
    y: np.ndarray, score: np.ndarray, *, patient: np.ndarray | None = None, level: float = 0.95
) -> CalibrationCurve:
    """The curve by loess of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive, at ``POINTS`` places
    between the lowest and the highest prediction, with a pointwise band that may leave [0, 1] as the curve may. Cases
    of one ``patient`` (n_cases,) are not independent. Empty, with the reason, where ``calibration_indices`` are NaN."""
    event = (y == 1).astype(float)
    if np.isnan(score).any():
        return _no_curve("no curve: missing scores")
    if not 0 < event.sum() < len(event):
        return _no_curve("no curve: one class")
    at = np.linspace(score.min(), score.max(), POINTS)
    smooth = loess(score, event, at)
    if np.isnan(smooth).any():
        return _no_curve("no curve: too few distinct scores for loess")
    margin = normal_quantile(level) * loess_error(score, event, at, patient=patient)
    return CalibrationCurve(at, smooth, smooth - margin, smooth + margin, METHOD)


def _no_curve(reason: str) -> CalibrationCurve:
    return CalibrationCurve(np.empty(0), np.empty(0), np.empty(0), np.empty(0), reason)
