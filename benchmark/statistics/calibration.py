"""Do predicted probabilities mean what they say? Calibration in the large, slope, O/E, and a smooth curve.

With l = logit(p):

    calibration in the large   a of logit P(y=1) = a + l            (0 if mean prediction and prevalence agree)
    slope                      b of logit P(y=1) = a + b l          (1 if not too extreme, < 1 if overfitted)
    intercept                  a of the same line                   (0 if the slope is 1 as well; says little alone)
    O/E                        sum y / sum p, interval exp(log O/E -+ z sqrt((1 - mean y) / sum y))
    curve                      logit P(y=1) = a + b l + c h(l), h the restricted cubic spline with knots at the 10, 50
    and
                               90 % quantiles of l, straight beyond the outer ones; Wald band on the logit scale

Predictions of exactly 0 or 1 have no logit and leave the logistic parts (not O/E). Everything is to be computed once,
on scores averaged over repeats. The spline is a deliberate choice: unlike loess it stays within [0, 1], has a band
from the same model, and does not follow single cases in small cohorts. The curve by loess is in ``smooth_calibration``.

Source: Cox (1958), Biometrika 45:562; Van Calster et al. (2016), Journal of Clinical Epidemiology 74:167; spline:
Harrell (2015), Regression Modeling Strategies, 2.4.5; interval of O/E: Debray et al. (2017), BMJ 356:i6460.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.clusters import design_effect
from benchmark.statistics.logistic import LogisticFit, fit_logistic

KNOTS = (0.1, 0.5, 0.9)
POINTS = 50
SPLINE, LINE = "restricted cubic spline of the logit, 3 knots", "straight line on the logit scale"


class Estimate(NamedTuple):
    """A number with its limits."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """The measures of one model, and how many cases with a prediction of 0 or 1 all but the last one leave out."""

    in_the_large: Estimate
    slope: Estimate
    intercept: Estimate
    observed_expected: Estimate
    n_left_out: int


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """``observed`` share of positive cases with its band at the ``predicted`` probabilities, (n_points,) each; empty,
    with the reason in ``method``, where no curve can be fitted."""

    predicted: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    method: str


def calibration(
    y: np.ndarray, score: np.ndarray, *, patient: np.ndarray | None = None, level: float = 0.95
) -> Calibration:
    """The measures of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,), 1 for positive. NaN with one class or a NaN
    score; slope and intercept also with constant scores or separated classes."""
    inside = (score > 0) & (score < 1)
    event, ends = (y == 1).astype(float), int(np.sum((score == 0) | (score == 1)))
    if np.isnan(score).any():
        nothing = Estimate(np.nan, np.nan, np.nan)
        return Calibration(nothing, nothing, nothing, nothing, ends)
    logit, who = special.logit(score[inside]), None if patient is None else patient[inside]
    ones = np.ones((len(logit), 1))
    large = fit_logistic(ones, event[inside], offset=logit, patient=who)
    line = fit_logistic(np.column_stack([ones, logit]), event[inside], patient=who)
    ratio = _observed_expected(event, score, patient, level)
    return Calibration(_wald(large, 0, level), _wald(line, 1, level), _wald(line, 0, level), ratio, ends)


def calibration_curve(
    y: np.ndarray, score: np.ndarray, *, patient: np.ndarray | None = None, level: float = 0.95
) -> CalibrationCurve:
    """The smooth curve of ``score`` (n_cases,) in [0, 1] for ``y`` (n_cases,) at ``POINTS`` places between the lowest
    and the highest prediction. With few distinct scores the spline gives way to a straight line on the logit scale;
    without a line (one class, constant scores, separated classes, a NaN score) there is no point."""
    inside = (score > 0) & (score < 1)
    event, logit = (y[inside] == 1).astype(float), special.logit(score[inside])
    who = None if patient is None else patient[inside]
    left_out = f", {int((~inside).sum())} predictions of 0 or 1 left out" if not inside.all() else ""
    if np.isnan(score).any():
        return _no_curve("no curve: missing scores")
    for knots in dict.fromkeys((_knots(logit), None)):
        fit = fit_logistic(_basis(logit, knots), event, patient=who)
        if fit.exists:
            return _curve(fit, logit, knots, level, (LINE if knots is None else SPLINE) + left_out)
    return _no_curve("no curve: constant scores, one class, or separated classes")


def _knots(logit: np.ndarray) -> tuple[float, float, float] | None:
    if not len(logit):
        return None
    first, middle, last = (float(knot) for knot in np.quantile(logit, KNOTS))
    apart = min(middle - first, last - middle) > 1e-6 * (logit.max() - logit.min())
    return (first, middle, last) if apart else None


def _basis(logit: np.ndarray, knots: tuple[float, float, float] | None) -> np.ndarray:
    """The columns 1, l, and h(l) if there are knots (Harrell's form, divided by the squared range of the knots)."""
    columns = [np.ones_like(logit), logit]
    if knots is not None:
        first, middle, last = knots
        cubes = np.maximum(logit[:, None] - knots, 0) ** 3
        bend = cubes[:, 0] - (cubes[:, 1] * (last - first) - cubes[:, 2] * (middle - first)) / (last - middle)
        columns.append(bend / (last - first) ** 2)
    return np.column_stack(columns)


def _curve(
    fit: LogisticFit, logit: np.ndarray, knots: tuple[float, float, float] | None, level: float, method: str
) -> CalibrationCurve:
    predicted = np.linspace(special.expit(logit.min()), special.expit(logit.max()), POINTS)
    basis = _basis(special.logit(predicted), knots)
    eta = basis @ fit.coefficients
    margin = normal_quantile(level) * np.sqrt(np.einsum("ij,jk,ik->i", basis, fit.covariance, basis))
    return CalibrationCurve(
        predicted, special.expit(eta), special.expit(eta - margin), special.expit(eta + margin), method
    )


def _no_curve(reason: str) -> CalibrationCurve:
    return CalibrationCurve(np.empty(0), np.empty(0), np.empty(0), np.empty(0), reason)


def _wald(fit: LogisticFit, coefficient: int, level: float) -> Estimate:
    value, margin = fit.coefficients[coefficient], np.sqrt(fit.covariance[coefficient, coefficient])
    margin *= normal_quantile(level)
    return Estimate(float(value), float(value - margin), float(value + margin))


def _observed_expected(event: np.ndarray, score: np.ndarray, patient: np.ndarray | None, level: float) -> Estimate:
    observed, expected = float(event.sum()), float(score.sum())
    if not expected > 0:
        return Estimate(np.nan, np.nan, np.nan)
    if not observed:
        return Estimate(0.0, np.nan, np.nan)
    deff = float(design_effect((event - event.mean())[:, None], patient)[0])
    margin = normal_quantile(level) * np.sqrt(deff * (1 - event.mean()) / observed)
    ratio = observed / expected
    return Estimate(ratio, float(ratio * np.exp(-margin)), float(ratio * np.exp(margin)))
