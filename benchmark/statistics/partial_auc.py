"""The area under a part of the ROC curve, and McClish's correction.

    over specificity   P = integral of sensitivity over [low, high] of specificity
    over sensitivity   P = integral of specificity over [low, high] of sensitivity
    corrected          (1 + (P - P_chance) / (P_perfect - P_chance)) / 2
    P_perfect = high - low,     P_chance = (high - low) (1 - (low + high) / 2)

along the straight lines between the empirical points. Corrected, 1 is perfect and 0.5 is chance whatever the part.
Below chance the correction has no meaning; it is NaN there as in pROC, unless asked for (as bootstrap draws need, where
leaving out what is below chance would be a bias).

Source: McClish (1989), Medical Decision Making 9:190; over sensitivity: Jiang, Metz and Nishikawa (1996),
Radiology 201:745; both as in pROC, Robin et al. (2011), BMC Bioinformatics 12:77.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from benchmark.errors import ConfigError
from benchmark.metrics.confusion import ratio
from benchmark.statistics.weighted_roc import weighted_roc

Focus = Literal["specificity", "sensitivity"]


def partial_auc(
    y: np.ndarray,
    score: np.ndarray,
    *,
    focus: Focus = "specificity",
    between: tuple[float, float] = (0.9, 1.0),
    corrected: bool = False,
) -> float:
    """The partial AUC of ``score`` (n_cases,) for ``y`` (n_cases,), 1 for positive; NaN with one class, a NaN score, or
    if it is to be corrected and lies below chance. ``ConfigError`` unless 0 <= low < high <= 1."""
    weights = np.ones((1, len(y)))
    found = partial_aucs(y, np.asarray(score)[:, None], weights, focus=focus, between=between, corrected=corrected)
    below_chance = corrected and found[0, 0] < 0.5
    return float("nan") if below_chance else float(found[0, 0])


def partial_aucs(
    y: np.ndarray,
    scores: np.ndarray,
    weights: np.ndarray,
    *,
    focus: Focus = "specificity",
    between: tuple[float, float] = (0.9, 1.0),
    corrected: bool = False,
) -> np.ndarray:
    """The partial AUCs, (n_draws, k), of ``scores`` (n_cases, k) under each row of ``weights`` (n_draws, n_cases), also
    corrected below chance. NaN where a class has no weight, and of a model with a NaN score."""
    low, high = check_range(between)
    found = np.full((len(weights), scores.shape[1]), np.nan)
    for model in np.flatnonzero(~np.isnan(scores).any(0)):
        true, false = weighted_roc(y, scores[:, model], weights)
        up, across = ratio(true, true[-1]), ratio(false, false[-1])
        if focus == "specificity":
            found[:, model] = _area(across, up, 1 - high, 1 - low)
        else:
            found[:, model] = _area(up, 1 - across, low, high)
    perfect, chance = high - low, (high - low) * (1 - (low + high) / 2)
    return (1 + (found - chance) / (perfect - chance)) / 2 if corrected else found


def check_range(between: tuple[float, float]) -> tuple[float, float]:
    """The range in rising order; ``ConfigError`` unless it is one within [0, 1]."""
    low, high = sorted(between)
    if not 0 <= low < high <= 1:
        raise ConfigError(
            f"partial AUC between {between}: expected two different values in [0, 1]",
            path=("statistics", "partial_auc"),
        )
    return low, high


def _area(x: np.ndarray, y: np.ndarray, low: float, high: float) -> np.ndarray:
    """The area, (n_draws,), below the lines through the points (n_points, n_draws), x rising, between two values of
    x."""
    start, end = np.clip(x[:-1], low, high), np.clip(x[1:], low, high)
    slope = np.nan_to_num(ratio(np.diff(y, axis=0), np.diff(x, axis=0)))
    middle = y[:-1] + slope * ((start + end) / 2 - x[:-1])
    return np.sum((end - start) * middle, axis=0)
