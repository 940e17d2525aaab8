"""Balanced class weights for classifiers that know weights of cases."""

from __future__ import annotations

from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.class_weight import compute_sample_weight


class BalancedWeights(ClassifierMixin, BaseEstimator):
    """Fits ``estimator`` with sample weights inversely proportional to the class frequencies of its training rows."""

    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Fit on (n_cases, k) features and (n_cases,) class codes."""
        self.estimator_ = clone(self.estimator).fit(X, y, sample_weight=compute_sample_weight("balanced", y))
        self.classes_ = self.estimator_.classes_
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Class probabilities, (n_cases, n_classes)."""
        return self.estimator_.predict_proba(X)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class codes, (n_cases,)."""
        return self.classes_[np.argmax(self.predict_proba(X), axis=1)]
