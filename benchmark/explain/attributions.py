"""SHAP values of held-out rows: by how much each feature moves a prediction from what is usual.

    f(x) = base + sum_j phi_j(x)

Trees (forests, boosters): exact path-dependent values; forests on the scale of probabilities, boosters of log-odds.
Linear models: phi_j = b_j (x_j - mean_j) on the scale of log-odds, mean of the training rows, features taken as
independent. All others: permutation values of the predicted probability, against ``background`` training rows.

Source: Lundberg and Lee (2017), Advances in Neural Information Processing Systems 30; trees: Lundberg et al. (2020),
Nature Machine Intelligence 2:56; permutations: Strumbelj and Kononenko (2014), Knowledge and Information Systems 41.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from benchmark.explain.coefficients import LINES
from benchmark.explain.unwrapped import unwrapped

Scale = Literal["probability", "log-odds"]
IN_PROBABILITY = (DecisionTreeClassifier, RandomForestClassifier, ExtraTreesClassifier)
BOOSTERS = ("XGBClassifier", "LGBMClassifier", "CatBoostClassifier")
EVALUATIONS = 10
"""Permutations of the features per row."""


@dataclass(frozen=True)
class Attributions:
    """``values`` (n_rows, k, n_outputs): one output for two classes (the positive one), else one per class; ``base``
    (n_outputs,); on ``scale``."""

    values: np.ndarray
    base: np.ndarray
    scale: Scale


def attributions(
    estimator: Any, train: np.ndarray, rows: np.ndarray, *, n_classes: int, background: int, seed: int
) -> Attributions:
    """The SHAP values of ``rows`` (n_rows, k) for a model fitted on ``train`` (n_train, k)."""
    model = unwrapped(estimator)
    if isinstance(model, IN_PROBABILITY):
        return _of_trees(model, rows, "probability", n_classes, estimator)
    of_two = isinstance(model, GradientBoostingClassifier) and n_classes == 2  # of more, shap knows no exact values
    if of_two or isinstance(model, HistGradientBoostingClassifier) or type(model).__name__ in BOOSTERS:
        return _of_trees(model, rows, "log-odds", n_classes, estimator)
    if isinstance(model, LINES):
        return _of_line(model, train, rows, n_classes)
    return _of_permutations(estimator, train, rows, n_classes, background, seed)


def _of_trees(model: Any, rows: np.ndarray, scale: Scale, n_classes: int, estimator: Any) -> Attributions:
    from shap import TreeExplainer

    explainer = TreeExplainer(model)
    values = np.asarray(explainer.shap_values(rows, check_additivity=False), float)
    base = np.atleast_1d(np.asarray(explainer.expected_value, float))
    if values.ndim == 2:
        values = values[:, :, None]
    if n_classes == 2:
        return Attributions(values[:, :, -1:], base[-1:], scale)
    return _of_all_classes(values, base, scale, n_classes, np.asarray(estimator.classes_, int))


def _of_line(model: Any, train: np.ndarray, rows: np.ndarray, n_classes: int) -> Attributions:
    mean = train.mean(axis=0)
    slopes, intercept = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    values = (rows - mean)[:, :, None] * slopes.T[None]
    base = intercept + slopes @ mean
    if n_classes == 2:
        return Attributions(values, base, "log-odds")
    return _of_all_classes(values, base, "log-odds", n_classes, np.asarray(model.classes_, int))


def _of_permutations(
    estimator: Any, train: np.ndarray, rows: np.ndarray, n_classes: int, background: int, seed: int
) -> Attributions:
    from shap.explainers import PermutationExplainer
    from shap.maskers import Independent

    drawn = np.random.default_rng(seed).permutation(len(train))[:background]
    masker = Independent(train[np.sort(drawn)], max_samples=background)
    explainer = PermutationExplainer(estimator.predict_proba, masker, seed=seed)
    found = explainer(rows, max_evals=EVALUATIONS * (2 * rows.shape[1] + 1), silent=True)
    values, base = np.asarray(found.values, float), np.asarray(found.base_values, float)[0]
    if n_classes == 2:
        return Attributions(values[:, :, -1:], base[-1:], "probability")
    return _of_all_classes(values, base, "probability", n_classes, np.asarray(estimator.classes_, int))


def _of_all_classes(
    values: np.ndarray, base: np.ndarray, scale: Scale, n_classes: int, known: np.ndarray
) -> Attributions:
    """With zeros for a class that the training rows did not have."""
    full, start = np.zeros((*values.shape[:2], n_classes)), np.zeros(n_classes)
    full[:, :, known], start[known] = values, base
    return Attributions(full, start, scale)
