"""A cross-validated path of LASSO penalties: what was tried, how well it predicted, which one is chosen, when to stop.

Formula: error of penalty ``l``: ``m_l = sum_f n_f e_fl / sum_f n_f`` over folds ``f`` (``n_f = 1`` where folds count
alike); standard error ``s_l = sqrt(sum_f n_f (e_fl - m_l)^2 / sum_f n_f / (n_folds - 1))``. The rule ``minimum``
takes the largest penalty with the least error; ``one_standard_error`` the largest whose error is at most ``m + s`` of
that one.

Source: Friedman, Hastie and Tibshirani (2010), Journal of Statistical Software 33(1), section 6 (``cv.glmnet``).

Stopping early. The path goes from the largest penalty down and ends once the error has not improved for a patience of
penalties, at least a quarter of the grid, and has risen to more than two standard errors above its minimum. The choice
then equals that of the whole grid unless the error falls below its minimum again after so long and high a rise. That
is rare for standardized features, but to be expected where useful features have a small scale, for these enter last.
``n_reached`` tells where it ended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

RISE = 2.0
"""Standard errors above the minimum that the error must have risen before a path may end."""

Rule = Literal["minimum", "one_standard_error"]
Folds = list[tuple[np.ndarray, np.ndarray]]
"""Training and test row numbers of each fold."""


@dataclass(frozen=True)
class LassoPath:
    """Penalties in decreasing order and what they gave.

    ``penalties`` (n_penalties,): the whole grid; ``errors`` (n_reached, n_folds): cross-validated error of those that
    were computed; ``weights`` (n_folds,): what a fold counts; ``coefficients`` (n_reached, k): of all rows, on the
    scale of the features that the engine used, zeros where it was not asked for; ``unconverged``: fits that hit the
    limit of iterations.
    """

    penalties: np.ndarray
    errors: np.ndarray
    weights: np.ndarray
    coefficients: np.ndarray
    unconverged: int = 0

    @property
    def n_reached(self) -> int:
        """How many penalties were computed before the path ended."""
        return len(self.errors)

    @property
    def mean_error(self) -> np.ndarray:
        """(n_reached,) error averaged over folds."""
        return mean_over_folds(self.errors, self.weights)

    @property
    def standard_error(self) -> np.ndarray:
        """(n_reached,) its standard error."""
        return _standard_error(self.errors, self.weights)

    def choose(self, rule: Rule) -> int:
        """The place of the chosen penalty."""
        best = int(np.argmin(self.mean_error))
        if rule == "minimum":
            return best
        bound = self.mean_error[best] + self.standard_error[best]
        return int(np.argmax(self.mean_error <= bound))


def mean_over_folds(errors: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n_penalties,) from (n_penalties, n_folds)."""
    if (weights == weights[0]).all():
        return errors.mean(axis=1)
    return errors @ weights / weights.sum()


def patience_of(share: float, n_penalties: int) -> int:
    """How many penalties without improvement end a path; ``share`` of the grid, 1 for never."""
    return max(1, math.ceil(share * n_penalties))


def has_stalled(errors: np.ndarray, weights: np.ndarray, patience: int) -> bool:
    """Whether the last ``patience`` of the errors (n_reached, n_folds) did not improve, and the last is more than
    ``RISE`` standard errors above the best."""
    means = mean_over_folds(errors, weights)
    best = int(np.argmin(means))
    if len(means) - 1 - best < patience:
        return False
    return bool(means[-1] > means[best] + RISE * _standard_error(errors[best : best + 1], weights)[0])


def _standard_error(errors: np.ndarray, weights: np.ndarray) -> np.ndarray:
    apart = np.square(errors - mean_over_folds(errors, weights)[:, None])
    return np.sqrt(mean_over_folds(apart, weights) / (errors.shape[1] - 1))
