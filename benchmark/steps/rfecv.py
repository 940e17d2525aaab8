"""Recursive feature elimination down to the number of features that cross-validation of the training rows finds best.

Formula: in each fold the elimination of ``rfe`` runs on its training rows, from all features to ``min_features``, by
the same numbers of features; each model on the way is scored on the fold's test rows by the AUC (more than two
classes: the mean of each against the rest). The number with the highest mean over folds is taken, of equal ones the
smallest, and the elimination of all training rows goes down to it.

Source: Guyon, Weston, Barnhill and Vapnik (2002), Machine Learning 46:389; Ambroise and McLachlan (2002), Proceedings
of the National Academy of Sciences 99:6562 (elimination inside each fold).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator

from benchmark.metrics.roc_auc import roc_auc
from benchmark.steps.lasso_path import Folds
from benchmark.steps.moments import moments
from benchmark.steps.ranking import Ranker
from benchmark.steps.rfe import ESTIMATORS, Estimator, Share, eliminate
from benchmark.steps.step import Rows
from benchmark.steps.training_rows import scored_folds


class Rfecv(Ranker):
    """What recursive elimination leaves at the cross-validated number of features.

    ``folds`` as in ``lasso``; ``estimator`` and ``step`` as in ``rfe``.
    """

    title: ClassVar[str] = "rfecv"

    def __init__(
        self,
        *,
        estimator: Estimator = "linear_svm",
        step: Share = 0.2,
        min_features: Annotated[int, Field(ge=1)] = 1,
        folds: Annotated[int, Field(ge=2)] = 5,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.estimator = estimator
        self.step = step
        self.min_features = min_features
        self.folds = folds
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) the rounds that a feature survived, NaN for those that went."""
        folds = scored_folds(self.title, codes, rows.patient, self.folds, self.seed)
        aucs = elimination_aucs(standard, codes, folds, self._make, self.min_features, self.step)
        best = max(aucs, key=lambda size: (aucs[size], -size))
        survived = np.zeros(standard.shape[1])
        for left, _ in eliminate(standard, codes, self._make, best, self.step):
            survived[left] += 1
        whole = f"{len(survived)} features of {', '.join(rows.blocks)}"
        self.remarks_.append(f"{best} of {whole} had the highest inner AUC, {aucs[best]:.3f}")
        return np.where(survived == survived.max(), survived, np.nan)

    def _make(self) -> BaseEstimator:
        return ESTIMATORS[self.estimator](self.seed)

    def chosen(self, score: np.ndarray, rows: Rows) -> np.ndarray:
        """All that are left."""
        return ~np.isnan(score)


def elimination_aucs(
    values: np.ndarray, codes: np.ndarray, folds: Folds, make: Callable[[], BaseEstimator], k: int, share: float
) -> dict[int, float]:
    """Mean AUC over folds by number of features."""
    found: dict[int, list[float]] = {}
    for train, test in folds:
        mean, sd = moments(values[train])
        standard = (values - mean) / np.where(sd > 0, sd, np.inf)
        for left, model in eliminate(standard[train], codes[train], make, k, share):
            found.setdefault(len(left), []).append(mean_auc(model, standard[test][:, left], codes[test]))
    return {size: float(np.mean(aucs)) for size, aucs in found.items()}


def mean_auc(model: BaseEstimator, rows: np.ndarray, codes: np.ndarray) -> float:
    """The AUC of two classes, or the mean of each class against the rest; classes without a case are left out."""
    score = model.decision_function(rows) if hasattr(model, "decision_function") else model.predict_proba(rows)
    if len(model.classes_) == 2:
        return roc_auc(codes == 1, score if score.ndim == 1 else score[:, 1])
    present = [code for code in model.classes_ if 0 < (codes == code).sum() < len(codes)]
    return float(np.mean([roc_auc(codes == code, score[:, code]) for code in present]))
