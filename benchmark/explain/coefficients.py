"""Coefficients of fitted linear models, on the scale of the features that reached the classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.multiclass import OneVsRestClassifier

from benchmark.explain.unwrapped import unwrapped


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
