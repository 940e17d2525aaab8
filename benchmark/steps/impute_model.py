"""Missing numbers from the other features of the same case: nearest neighbours, or chained regressions.

* ``knn``: the mean of the feature over the k nearest training rows that have it; distances over what both rows have,
  ``d^2 = k / |both| sum (z_i - z_j)^2``. Source: Troyanskaya et al. (2001), Bioinformatics 17:520.
* ``iterative``: each feature with gaps in training is regressed (Bayesian ridge) on all others, in rounds, until the
  filled values no longer move; a single imputation by the predicted mean. Of many others each regression takes some,
  drawn with probabilities proportional to their correlation. Source: van Buuren and Groothuis-Oudshoorn (2011), Journal
  of Statistical Software 45(3). A feature without a gap in training has no regression: its median fills.

Both are scikit-learn's, on features standardized by the training rows: with raw ones, the feature in the largest units
alone would decide who is near.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401  (its import is what makes the next line work)
from sklearn.impute import IterativeImputer, KNNImputer

from benchmark.steps.moments import moments


@dataclass(frozen=True, eq=False)
class ImputeModel:
    """A fitted imputer, and the scale it works on, (k,). ``converged``: whether its rounds were enough."""

    imputer: Any
    mean: np.ndarray
    unit: np.ndarray
    converged: bool = True

    def filled(self, values: np.ndarray) -> np.ndarray:
        """Values (n_cases, k) with every NaN predicted; the others as they were."""
        predicted = self.imputer.transform((values - self.mean) / self.unit) * self.unit + self.mean
        return np.where(np.isnan(values), predicted, values)


class ModelParameters(NamedTuple):
    """As in the step ``Impute``."""

    neighbours: int
    rounds: int
    predictors: int
    seed: int


def fit_model(kind: str, values: np.ndarray, told: ModelParameters) -> ImputeModel:
    """``knn`` or ``iterative`` on training rows (n_cases, k); each feature has at least one value, gaps are NaN."""
    mean, sd = moments(values)
    unit = np.where(sd > 0, sd, 1.0)
    if kind == "knn":
        imputer = KNNImputer(n_neighbors=told.neighbours)
    else:
        imputer = IterativeImputer(
            max_iter=told.rounds,
            n_nearest_features=told.predictors,
            initial_strategy="median",
            skip_complete=True,
            random_state=told.seed,
        )
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", ConvergenceWarning)
        imputer.fit((values - mean) / unit)
    converged = not any(issubclass(warning.category, ConvergenceWarning) for warning in heard)
    return ImputeModel(imputer, mean, unit, converged)
