"""The precision-recall curve, and the three areas that are called the area under it.

With TP and FP at the distinct scores from high to low, recall R = TP / P and precision TP / (TP + FP):

    average precision   sum_k (R_k - R_(k-1)) precision_k: steps
    Davis-Goadrich      between two points FP rises with TP along a straight line; trapezoids at every whole TP
    integral            the same line, integrated: with h = dFP/dTP, g = 1 + h, c = FP_1 - h TP_1
                        (1/P) [ (TP_2 - TP_1) / g - (c / g^2) log((g TP_2 + c) / (g TP_1 + c)) ]

Ours, in the menu of metrics as ``pr_auc``, is the average precision, as in scikit-learn: it needs no interpolation, and
its expectation for scores of chance is the prevalence. The others (as in the R package PRROC) differ most where there
are many ties. Straight lines between the points in the precision-recall plane, another usual area, are too optimistic
and are not offered.

Source: Davis and Goadrich (2006), ICML, p. 233; integral: Keilwagen, Grosse and Grau (2014), PLoS ONE 9:e92209.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import ratio
from benchmark.statistics.weighted_roc import weighted_roc


def precision_recall_curve(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision at each distinct score (n_distinct,) from high to low, of ``score`` (n_cases,) for ``y``
    (n_cases,), 1 for positive. Empty without a positive case or with a NaN score."""
    true, false = _counts(y, score)
    return true[1:] / max(true[-1:].sum(), 1), true[1:] / (true[1:] + false[1:])


def average_precisions(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average precision, (n_draws, k), of ``scores`` (n_cases, k) under each row of ``weights`` (n_draws, n_cases). NaN
    where no positive case has a weight, and of a model with a NaN score."""
    found = np.full((len(weights), scores.shape[1]), np.nan)
    for model in np.flatnonzero(~np.isnan(scores).any(0)):
        true, false = weighted_roc(y, scores[:, model], weights)
        steps = np.diff(true, axis=0) * np.nan_to_num(ratio(true, true + false)[1:])
        found[:, model] = ratio(steps.sum(0), true[-1])
    return found


def integral_auprc(y: np.ndarray, score: np.ndarray) -> float:
    """The integral of Keilwagen, in [0, 1]; NaN without a positive case or with a NaN score."""
    true, false = _counts(y, score)
    if not len(true):
        return float("nan")
    rises = np.diff(true) > 0
    first, last = true[:-1][rises], true[1:][rises]
    g, c = _line(true, false)
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = np.where(c == 0, 0, c / g * np.log1p(g * (last - first) / (g * first + c)))
    return float(np.sum((last - first - bend) / g) / true[-1])


def davis_goadrich_auprc(y: np.ndarray, score: np.ndarray) -> float:
    """The interpolation of Davis and Goadrich, in [0, 1]; NaN without a positive case or with a NaN score."""
    true, false = _counts(y, score)
    if not len(true):
        return float("nan")
    g, c = (np.repeat(each, np.diff(true)[np.diff(true) > 0].astype(int)) for each in _line(true, false))
    end = np.arange(1, true[-1] + 1)  # one trapezoid per positive case
    start = end - 1
    at_end = end / (g * end + c)
    # from (0, 0) the line has one precision throughout
    at_start = np.divide(start, g * start + c, out=at_end.copy(), where=g * start + c > 0)
    return float(np.sum(at_start + at_end) / (2 * true[-1]))


def _counts(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """TP and FP from 0 on, (n_distinct + 1,); empty where there is no curve."""
    if not np.any(np.asarray(y) == 1) or np.isnan(score).any():
        return np.empty(0), np.empty(0)
    true, false = weighted_roc(y, score, np.ones((1, len(y))))
    return true[:, 0], false[:, 0]


def _line(true: np.ndarray, false: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """g and c of each pair of neighbouring points between which TP rises."""
    rises = np.diff(true) > 0
    h = np.diff(false)[rises] / np.diff(true)[rises]
    return 1 + h, false[:-1][rises] - h * true[:-1][rises]
