"""The points of the empirical ROC curve with the threshold of each, and the best of them.

Thresholds are -inf, the midpoints between neighbouring distinct scores, and inf; a case is called positive if its score
is at or above the threshold. ``roc_curve`` gives the curve to draw, without points on straight lines.

    youden            max of sensitivity + specificity - 1
    closest_topleft   min of (1 - sensitivity)^2 + (1 - specificity)^2

Source: Fawcett (2006), Pattern Recognition Letters 27:861, algorithm 1; midpoints and criteria as ``coords`` of pROC,
Robin et al. (2011), BMC Bioinformatics 12:77; Youden (1950), Cancer 3:32; Perkins and Schisterman (2006), American
Journal of Epidemiology 163:670.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark.metrics.confusion import Confusion
from benchmark.metrics.proportions import sensitivity, specificity


@dataclass(frozen=True, eq=False)
class RocCoordinates:
    """``threshold`` (n_points,) from -inf to inf, and the ``counts`` (n_points,) of whole cases there."""

    threshold: np.ndarray
    counts: Confusion

    @property
    def sensitivity(self) -> np.ndarray:
        """(n_points,), from 1 to 0."""
        return sensitivity(self.counts)

    @property
    def specificity(self) -> np.ndarray:
        """(n_points,), from 0 to 1."""
        return specificity(self.counts)


def roc_coordinates(y: np.ndarray, score: np.ndarray) -> RocCoordinates:
    """The points of ``score`` (n_cases,) for ``y`` (n_cases,), 1 for positive. Without points if there is one class or
    a NaN score."""
    positive, score = np.asarray(y) == 1, np.asarray(score, float)
    n_positive = int(positive.sum())
    if n_positive in (0, len(positive)) or np.isnan(score).any():
        nothing = np.empty(0)
        return RocCoordinates(nothing, Confusion(nothing, nothing, nothing, nothing))
    order = np.argsort(score)
    ranked = score[order]
    last = np.flatnonzero(ranked[1:] > ranked[:-1])  # of each distinct score but the highest
    below, above = ranked[last], ranked[last + 1]
    midpoint = (below + above) / 2
    # halfway between neighbouring doubles may be rounded down to the lower one
    threshold = np.concatenate(([-np.inf], np.where(midpoint > below, midpoint, above), [np.inf]))
    fn = np.concatenate(([0], np.cumsum(positive[order])[last], [n_positive]))
    tn = np.concatenate(([0], last + 1, [len(score)])) - fn
    return RocCoordinates(threshold, Confusion(tp=n_positive - fn, fp=len(score) - n_positive - tn, tn=tn, fn=fn))


def best_points(found: RocCoordinates, criterion: Literal["youden", "closest_topleft"]) -> np.ndarray:
    """Positions of the best points, all that are equally good, from the lowest threshold on; none without points."""
    counts = found.counts
    if not len(found.threshold):
        return np.empty(0, int)
    m, n = int(counts.tp[0]), int(counts.fp[0])
    # in whole numbers, so that equals are equal
    youden, apart = counts.tp * n + counts.tn * m, (counts.fn * n) ** 2 + (counts.fp * m) ** 2
    badness = -youden if criterion == "youden" else apart
    return np.flatnonzero(badness == badness.min())
