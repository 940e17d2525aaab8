"""Coefficients and intercepts of fitted linear models, on the scale of the features that reached the classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from benchmark.classifiers import CLASSIFIERS
from benchmark.explain.unwrapped import unwrapped

LINES = (LogisticRegression, LinearDiscriminantAnalysis)
"""Models whose log-odds of two classes, or of one class against another of several, are a line of the features."""


def is_line(name: str) -> bool:
    """Whether the log-odds of a classifier of the menu are a line of the features."""
    return isinstance(CLASSIFIERS[name].make(0), LINES)


def intercepts(estimator: Any) -> np.ndarray | None:
    """(n_outputs,), as of ``coefficients``: of the log-odds of the positive class of two, or of the logarithm of the
    probability of each class of several, up to what they have in common; None for a model that is no line."""
    model = unwrapped(estimator)
    return np.asarray(model.intercept_, float).ravel() if isinstance(model, LINES) else None


def coefficients(estimator: Any) -> np.ndarray | None:
    """(n_outputs, k): one row for two classes (towards the positive one), else one per class that the model knows; None
    for a model without coefficients. A machine of which each pair of classes has one is left out."""
    model = unwrapped(estimator)
    if isinstance(model, OneVsRestClassifier):
        parts = [coefficients(part) for part in model.estimators_]
        return None if any(part is None for part in parts) else np.vstack([part for part in parts if part is not None])
    if not hasattr(model, "coef_"):
        return None
    found = np.atleast_2d(np.asarray(model.coef_, float))
    n_classes = len(estimator.classes_)
    pairwise = (n_classes > 2 and found.shape[0] != n_classes) or (type(model).__name__ == "SVC" and n_classes > 2)
    return None if pairwise else found
