"""Sequential selection: add the feature that raises the inner AUC most, or remove the one that it misses least.

Each turn costs a cross-validation per feature, so only the ``candidates`` with the highest F statistic of the training
rows take part, which the report is told. Their inner folds keep patients together; their AUC is the mean over folds
(more than two classes: each against the rest, averaged). The features are standardized.

Source: Ferri, Pudil, Hatef and Kittler (1994), Pattern Recognition in Practice IV, 403; scikit-learn's
``SequentialFeatureSelector``, which does the search.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SequentialFeatureSelector
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from benchmark.errors import ConfigError
from benchmark.steps.ranking import Ranker, best
from benchmark.steps.rfecv import mean_auc
from benchmark.steps.step import Rows
from benchmark.steps.training_rows import scored_folds
from benchmark.steps.univariate_tests import f_statistic

ESTIMATORS: dict[str, Callable[[], BaseEstimator]] = {
    "lda": lambda: LinearDiscriminantAnalysis(solver="lsqr"),
    "logistic": LogisticRegression,
    "naive_bayes": GaussianNB,
    "knn": KNeighborsClassifier,
}


class Sequential(Ranker):
    """``k`` features by forward or backward search with a fast ``estimator``; ``folds`` as in ``lasso``."""

    title: ClassVar[str] = "sequential"
    k: int

    def __init__(
        self,
        *,
        k: Annotated[int, Field(ge=1)] = 5,
        estimator: Literal["lda", "logistic", "naive_bayes", "knn"] = "lda",
        direction: Literal["forward", "backward"] = "forward",
        candidates: Annotated[int, Field(ge=2, le=500)] = 30,
        folds: Annotated[int, Field(ge=2)] = 5,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.k = k
        self.estimator = estimator
        self.direction = direction
        self.candidates = candidates
        self.folds = folds
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def check(self) -> None:
        """No more features than candidates."""
        if self.k > self.candidates:
            raise ConfigError(f"sequential: k: {self.k} features cannot come from candidates: {self.candidates}")

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) 1 for what is chosen, else 0."""
        self.check()
        among = np.flatnonzero(best(f_statistic(standard, codes), self.candidates))
        if len(among) < standard.shape[1]:
            whole = f"{standard.shape[1]} features of {', '.join(rows.blocks)}"
            self.remarks_.append(f"{len(among)} of {whole} were candidates, those of the highest F")
        chosen = np.zeros(standard.shape[1])
        chosen[among if self.k >= len(among) else among[self._search(standard[:, among], rows, codes)]] = 1
        return chosen

    def _search(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(n_candidates,) bool."""
        folds = scored_folds(self.title, codes, rows.patient, self.folds, self.seed)
        search = SequentialFeatureSelector(
            ESTIMATORS[self.estimator](), n_features_to_select=self.k, direction=self.direction, scoring=mean_auc,
            cv=folds, n_jobs=1,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a fold that trains on one case of a class
            return search.fit(standard, codes).get_support()
