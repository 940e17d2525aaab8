"""Probabilities for machines that have scores only."""

from __future__ import annotations

from typing import Self

import numpy as np
from sklearn.calibration import CalibratedClassifierCV


class CalibratedMachine(CalibratedClassifierCV):
    """A machine fitted on all training rows, its scores calibrated on ``cv`` folds of them, or on as many as the rarest
    class has cases."""

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> Self:
        """Fit on (n_cases, k) features and (n_cases,) class codes."""
        folds = min(5, int(np.unique(y, return_counts=True)[1].min()))
        whole = CalibratedClassifierCV(self.estimator, method=self.method, cv=folds, ensemble=False)
        whole.fit(X, y, sample_weight=sample_weight)
        self.calibrated_classifiers_, self.classes_ = whole.calibrated_classifiers_, whole.classes_
        self.n_features_in_ = whole.n_features_in_
        return self
