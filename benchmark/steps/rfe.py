"""Recursive feature elimination: fit a model, drop the features that matter least to it, and again, until k are left.

Formula: a feature matters by ``sum_m w_m^2`` of its weights in the m linear models (one for two classes; one per class
in ``logistic``, one per pair of classes in ``linear_svm``), or by the mean decrease in impurity in ``random_forest``.
The features are standardized on the rows fitted. A round drops ``step`` of the features that are left, at least one.

Source: Guyon, Weston, Barnhill and Vapnik (2002), Machine Learning 46:389, section 4. With one feature per round the
result is that of scikit-learn's ``RFE``, whose share is of the features at the beginning: its last round would drop as
many as the first, and jump from a hundred features to ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows

Estimator = Literal["linear_svm", "logistic", "random_forest"]
Share = Annotated[float, Field(gt=0, lt=1)]

ESTIMATORS: dict[str, Callable[[int], BaseEstimator]] = {
    "linear_svm": lambda seed: SVC(kernel="linear"),
    "logistic": lambda seed: LogisticRegression(max_iter=1000),
    "random_forest": lambda seed: RandomForestClassifier(n_estimators=100, random_state=seed, n_jobs=1),
}
"""Unfitted, by name and seed."""


class Rfe(Ranker):
    """The ``k`` features that recursive elimination leaves, dropping the share ``step`` of the rest in each round."""

    title: ClassVar[str] = "rfe"
    k: int

    def __init__(
        self,
        *,
        k: Annotated[int, Field(ge=1)] = 10,
        estimator: Estimator = "linear_svm",
        step: Share = 0.2,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.k = k
        self.estimator = estimator
        self.step = step
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) the rounds that a feature survived."""
        survived = np.zeros(standard.shape[1])
        rounds = eliminate(standard, codes, lambda: ESTIMATORS[self.estimator](self.seed), self.k, self.step)
        for left, _ in rounds:
            survived[left] += 1
        return survived


def eliminate(
    standard: np.ndarray, codes: np.ndarray, make: Callable[[], BaseEstimator], k: int, share: float
) -> Iterator[tuple[np.ndarray, BaseEstimator]]:
    """The feature numbers left before each round and the model fitted to them: first all of ``standard`` (n_cases,
    n_features), last ``k``. Of features that matter alike the later one goes."""
    left = np.arange(standard.shape[1])
    while True:
        model = make().fit(standard[:, left], codes)
        yield left, model
        if len(left) <= k:
            return
        gone = min(max(1, int(share * len(left))), len(left) - k)
        left = np.sort(left[np.lexsort((left, -importance(model)))][:-gone])


def importance(model: BaseEstimator) -> np.ndarray:
    """(k,) how much each feature matters to a fitted model."""
    if hasattr(model, "coef_"):
        return np.square(np.atleast_2d(model.coef_)).sum(axis=0)
    return np.asarray(model.feature_importances_)
