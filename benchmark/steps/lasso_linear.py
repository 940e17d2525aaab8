"""LASSO of a 0/1 outcome by least squares, cross-validated: scikit-learn's ``LassoCV`` without the end nobody chooses.

Formula: ``min_{b0, b} sum_i (y_i - b0 - x_i'b)^2 / (2 n) + alpha sum_j |b_j|`` for each alpha of a geometric grid from
``alpha_max = max_j |x_j'(y - mean(y))| / n`` down to ``eps alpha_max``; error: mean squared error of the test rows.

Source: Friedman, Hastie and Tibshirani (2010), Journal of Statistical Software 33(1), section 2; Pedregosa et al.
(2011), Journal of Machine Learning Research 12, whose solver, grid and centring are kept to the bit.

Where ``LassoCV`` computes the whole grid fold after fold, all folds go down the grid together here, and stop together.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, enet_path

from benchmark.steps.lasso_path import Folds, LassoPath, has_stalled


@dataclass(frozen=True)
class LinearLasso:
    """What ``LassoCV`` returns: ``alpha``; ``alphas`` (n_alphas,); ``mse_path`` (n_reached, n_folds); ``coef`` (k,).
    ``unconverged``: fits that hit ``max_iter``."""

    alpha: float
    alphas: np.ndarray
    mse_path: np.ndarray
    coef: np.ndarray
    unconverged: int


def linear_lasso_path_cv(
    X: np.ndarray,
    y: np.ndarray,
    folds: Folds,
    *,
    n_alphas: int = 100,
    eps: float = 1e-3,
    max_iter: int = 1000,
    tol: float = 1e-4,
    patience: int = 25,
) -> LinearLasso:
    """What ``LassoCV(alphas=n_alphas, eps=eps, max_iter=max_iter, tol=tol, cv=folds)`` fits to ``X`` (n_cases, k).

    ``patience``: alphas without a lower mean error that end the path (``lasso_path``); ``n_alphas`` for the whole grid.
    """
    path = linear_path(X, y, folds, n_alphas=n_alphas, eps=eps, max_iter=max_iter, tol=tol, patience=patience)
    alpha = float(path.penalties[path.choose("minimum")])
    coef = linear_coefficients(X, y, alpha, max_iter=max_iter, tol=tol)
    return LinearLasso(alpha, path.penalties, path.errors, coef, path.unconverged)


def linear_path(
    X: np.ndarray,
    y: np.ndarray,
    folds: Folds,
    *,
    n_alphas: int = 100,
    eps: float = 1e-3,
    max_iter: int = 1000,
    tol: float = 1e-4,
    patience: int = 25,
) -> LassoPath:
    """The errors of the grid, without coefficients; see ``linear_lasso_path_cv``."""
    y = np.asarray(y, float)
    alphas = alpha_grid(X, y, n_alphas, eps)
    parts = [_FoldPath(X, y, train, test) for train, test in folds]
    errors = np.empty((len(alphas), len(parts)))
    weights, reached = np.ones(len(parts)), 0
    for reached, alpha in enumerate(alphas, start=1):
        errors[reached - 1] = [part.error(alpha, max_iter, tol) for part in parts]
        if has_stalled(errors[:reached], weights, patience):
            break
    unconverged = sum(part.unconverged for part in parts)
    return LassoPath(alphas, errors[:reached], weights, np.empty((reached, 0)), unconverged)


def alpha_grid(X: np.ndarray, y: np.ndarray, n_alphas: int, eps: float) -> np.ndarray:
    """(n_alphas,) geometric from the least alpha without any feature, as ``LassoCV`` computes it."""
    apart = y - np.average(y)
    gradient = X.T @ apart - np.average(X, axis=0) * np.sum(apart)
    largest = np.sqrt(np.max(np.square(gradient))) / len(X)
    resolution = float(np.finfo(float).resolution)
    if largest <= resolution:
        return np.full(n_alphas, resolution)
    return np.geomspace(largest, largest * eps, num=n_alphas)


def linear_coefficients(
    X: np.ndarray, y: np.ndarray, alpha: float, *, max_iter: int = 1000, tol: float = 1e-4
) -> np.ndarray:
    """(k,) of all rows at one alpha, from a cold start as ``LassoCV`` refits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(Lasso(alpha=alpha, max_iter=max_iter, tol=tol).fit(X, np.asarray(y, float)).coef_)


class _FoldPath:
    """The training rows of one fold on their way down the grid, each solution the start of the next."""

    def __init__(self, X: np.ndarray, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> None:
        rows, outcome = X[train], y[train]
        self.mean, self.mean_outcome = np.average(rows, axis=0), np.average(outcome)
        rows = rows - self.mean
        self.rows, self.outcome = np.asfortranarray(rows), outcome - self.mean_outcome
        self.test, self.test_outcome = X[test], y[test]
        # The Gram matrix where it is the smaller one: precompute="auto". Of the rows in their own order, as there.
        self.gram: np.ndarray | bool = False
        self.products: np.ndarray | None = None
        if rows.shape[0] > rows.shape[1]:
            self.gram, self.products = np.dot(rows.T, rows), np.dot(rows.T, self.outcome)
        self.coefficients = np.zeros(rows.shape[1])
        self.unconverged = 0

    def error(self, alpha: float, max_iter: int, tol: float) -> float:
        """Mean squared error of the test rows at the next alpha."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            _, coefficients, _, iterations = enet_path(
                self.rows, self.outcome, l1_ratio=1.0, alphas=[alpha], precompute=self.gram, Xy=self.products,
                coef_init=self.coefficients, return_n_iter=True, check_input=False, copy_X=False,
                max_iter=max_iter, tol=tol,
            )  # fmt: skip
        self.coefficients = coefficients[:, 0]
        self.unconverged += iterations[0] >= max_iter
        intercept = self.mean_outcome - self.mean @ self.coefficients
        return float(np.mean(np.square(self.test @ self.coefficients - self.test_outcome + intercept)))
