"""The variance of an AUC if the scores of both classes were normal, which DeLong's does not suppose.

    Phi^-1(specificity) = a + b Phi^-1(sensitivity)        a, b: least squares over the points of the ROC curve
    e = exp(-a^2 / (2 (1 + b^2))),   f = e / sqrt(2 pi (1 + b^2)),   g = -e a b / sqrt(2 pi (1 + b^2)^3)
    var = [f^2 (1 + b^2/k + a^2/2) + g^2 b^2 (1 + k)/(2 k)] / n_1,   k = n_0 / n_1 negative cases for each positive one

As pROC's ``var(method = "obuchowski")``. Which of the two axes is regressed on which matters: this is pROC's way.

Source: Obuchowski and McClish (1997), Statistics in Medicine 16:1529, eq. 4; the line through the points: Hanley
(1988), Medical Decision Making 8:197; Robin et al. (2011), BMC Bioinformatics 12:77.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from benchmark.statistics.roc_coordinates import roc_coordinates


def binormal_variance(y: np.ndarray, score: np.ndarray) -> float:
    """The variance for ``score`` (n_cases,) and ``y`` (n_cases,), 1 for positive. NaN with one class, a NaN score, or
    fewer than two points of the ROC curve that are off its edges (perfect or constant scores)."""
    points = roc_coordinates(y, score)
    with np.errstate(invalid="ignore"):
        up, along = special.ndtri(points.sensitivity), special.ndtri(points.specificity)
    inside = np.isfinite(up) & np.isfinite(along)
    if inside.sum() < 2 or np.ptp(up[inside]) == 0:
        return float("nan")
    b, a = np.polyfit(up[inside], along[inside], 1)
    n_positive = int(np.sum(np.asarray(y) == 1))
    k = (len(y) - n_positive) / n_positive
    width = 1 + b**2
    e = np.exp(-(a**2) / (2 * width))
    f, g = e / np.sqrt(2 * np.pi * width), -e * a * b / np.sqrt(2 * np.pi * width**3)
    return float((f**2 * (1 + b**2 / k + a**2 / 2) + g**2 * b**2 * (1 + k) / (2 * k)) / n_positive)
