"""Unpenalized logistic regression with few columns, its covariance, and the sandwich for several cases per patient.

    beta <- beta + h (X'WX)^-1 X'(y - p),   W = diag(p (1 - p)),   until no coefficient moves
    h = 1, or less: no logit moves by more than 5, and the likelihood does not fall (full steps may run in circles)
    cov = A^-1,  A = X'WX        clustered: A^-1 (sum_g u_g u_g') A^-1,  u_g = sum_(i in g) x_i (y_i - p_i)

Source: McCullagh and Nelder (1989), Generalized Linear Models, 2.5; sandwich: Liang and Zeger (1986), Biometrika 73:13.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.statistics.clusters import sum_within

STEPS, HALVINGS = 50, 20


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """``coefficients`` (p,) and their ``covariance`` (p, p); all NaN where there is no finite maximum."""

    coefficients: np.ndarray
    covariance: np.ndarray

    @property
    def exists(self) -> bool:
        """Whether the likelihood has a finite maximum."""
        return bool(np.isfinite(self.coefficients).all())


def fit_logistic(
    X: np.ndarray, y: np.ndarray, *, offset: np.ndarray | float = 0.0, patient: np.ndarray | None = None
) -> LogisticFit:
    """The fit of ``y`` (n_cases,), 0 or 1, on ``X`` (n_cases, p), which brings its own column of ones. NaN if the
    columns are dependent, if there is one class, or if the classes are separated."""
    beta = np.zeros(X.shape[1])
    for _ in range(STEPS):
        eta = X @ beta + offset
        gradient, information = _derivatives(X, y, eta)
        if _is_singular(information):
            break
        step = np.linalg.solve(information, gradient)
        beta = beta + _share(y, eta, X @ step) * step
        if np.abs(step).max() <= 1e-10 * max(1.0, float(np.abs(beta).max())):
            return LogisticFit(beta, _covariance(X, y, X @ beta + offset, patient))
    return LogisticFit(np.full(len(beta), np.nan), np.full((len(beta), len(beta)), np.nan))


def _is_singular(information: np.ndarray) -> bool:
    """Whether the condition number is 1e12 or more. With one or two columns without singular values, which take as long
    as all the rest of a step."""
    if len(information) == 1:
        return not 0 < information[0, 0] < np.inf
    if len(information) > 2:
        return not np.linalg.cond(information) < 1e12
    (a, b), (_, c) = information
    determinant, largest = a * c - b * b, (a + c) / 2 + np.hypot((a - c) / 2, b)
    return not largest**2 < 1e12 * determinant


def _share(y: np.ndarray, eta: np.ndarray, move: np.ndarray) -> float:
    """How much of a step that moves the logits by ``move`` (n_cases,) is taken."""
    share = 1 / max(1.0, float(np.abs(move).max()) / 5)
    least = _log_likelihood(y, eta)
    least -= 1e-12 * max(1.0, abs(least))  # what rounding may take away
    for _ in range(HALVINGS):
        if _log_likelihood(y, eta + share * move) >= least:
            break
        share /= 2
    return share


def _log_likelihood(y: np.ndarray, eta: np.ndarray) -> float:
    return float(y @ eta - np.logaddexp(0, eta).sum())


def _derivatives(X: np.ndarray, y: np.ndarray, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = special.expit(eta)
    return X.T @ (y - p), (X * (p * (1 - p))[:, None]).T @ X


def _covariance(X: np.ndarray, y: np.ndarray, eta: np.ndarray, patient: np.ndarray | None) -> np.ndarray:
    bread = np.linalg.inv(_derivatives(X, y, eta)[1])
    if patient is None:
        return bread
    sums = sum_within(X * (y - special.expit(eta))[:, None], patient)
    return bread @ (sums.T @ sums) @ bread
