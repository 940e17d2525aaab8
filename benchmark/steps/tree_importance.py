"""Keep the features that matter most to an ensemble of trees.

Formula: the mean decrease in impurity, over all splits on a feature and all trees, as a share of all features' total.
``random_forest`` and ``extra_trees``: decrease in Gini impurity, weighted by the cases of the node; ``xgboost``: the
mean gain of the splits. It favours features with many different values (Strobl et al. 2007, BMC Bioinformatics 8:25).

Source: Breiman (2001), Machine Learning 45:5; Geurts, Ernst and Wehenkel (2006), Machine Learning 63:3; Chen and
Guestrin (2016), KDD, 785; all as in scikit-learn and XGBoost.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows


class TreeImportance(Ranker):
    """The ``k`` features of highest importance, or, if nothing is said, those above the mean importance."""

    title: ClassVar[str] = "tree_importance"

    def __init__(
        self,
        *,
        estimator: Literal["random_forest", "extra_trees", "xgboost"] = "random_forest",
        k: Annotated[int, Field(ge=1)] | None = None,
        trees: Annotated[int, Field(ge=10)] = 100,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.estimator = estimator
        self.k = k
        self.trees = trees
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) importances, at least 0."""
        return np.asarray(self._model().fit(standard, codes).feature_importances_, float)

    def chosen(self, score: np.ndarray, rows: Rows) -> np.ndarray:
        """The first ``k``, or those above the mean."""
        if self.k is not None:
            return super().chosen(score, rows)
        with np.errstate(invalid="ignore"):
            return score > np.nanmean(score)

    def _model(self) -> BaseEstimator:
        if self.estimator == "xgboost":
            from xgboost import XGBClassifier

            return XGBClassifier(
                n_estimators=self.trees, max_depth=3, learning_rate=0.1, importance_type="gain",
                random_state=self.seed, n_jobs=1, tree_method="hist", verbosity=0,
            )  # fmt: skip
        kind = RandomForestClassifier if self.estimator == "random_forest" else ExtraTreesClassifier
        return kind(n_estimators=self.trees, random_state=self.seed, n_jobs=1)
