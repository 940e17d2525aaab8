"""Logistic LASSO along a path of penalties, for all rows and all folds at once, as glmnet defines it.

Formula: ``min_{b0, b} -1/n sum_i [y_i eta_i - log(1 + exp(eta_i))] + lambda sum_j |b_j|``, ``eta = b0 + X b``, the
intercept free, each feature standardized (ddof 0) on the rows fitted; ``lambda_max = max_j |x_j'(y - mean(y))| / n``.
The error of a fold is its deviance per case, ``-2 mean[y log p + (1 - y) log(1 - p)]``, p cut to [1e-5, 1 - 1e-5].

Source: Friedman, Hastie and Tibshirani (2010), Journal of Statistical Software 33(1), sections 3 (objective, path) and
6 (``cv.glmnet``); Tibshirani et al. (2012), Journal of the Royal Statistical Society B 74 (the sequential strong rule:
features with ``|gradient| < 2 lambda - lambda_before`` are looked at last). The folds use the grid of all rows.

Not coordinate descent. Radiomic features are so correlated that it takes thousands of rounds; a Newton step on the
few active features, with their signs held (``lasso_newton``), takes three or four and is exact to rounding. What is
left is the gradient of the inactive features, and that is one matrix product for all folds together.

With a ``mixing`` a below 1 the penalty is that of the elastic net, ``lambda sum_j [a |b_j| + (1 - a) b_j^2 / 2]``, and
``lambda_max`` is the one above divided by a (Friedman, Hastie and Tibshirani 2010, equation 2, glmnet's alpha).
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from benchmark.steps.lasso_newton import ActiveSet
from benchmark.steps.lasso_path import Folds, LassoPath, has_stalled
from benchmark.steps.moments import moments

TOLERANCE = 1e-9
"""Largest violation of the optimality conditions, as a share of lambda_max."""
CLIP = 1e-5
"""Probabilities are cut to [CLIP, 1 - CLIP] in the deviance."""
DEGENERATE = 1e-10
"""A feature whose SD within a fold is this small beside that of all rows is constant there."""
ADDED_AT_ONCE = 10
"""Features that may enter a fit between two rounds; near-duplicates that violate together mostly need one of them."""


def smallest_share(X: np.ndarray) -> float:
    """The smallest lambda of glmnet's grid as a share of the largest."""
    return 1e-2 if X.shape[1] > len(X) else 1e-4


def null_gradient(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(k,): ``|x_j'(y - mean(y))| / n`` of standardized features, the lambda at which a feature alone would enter."""
    return np.abs(_standardized(X) @ (y - y.mean())) / len(y)


def logistic_path(
    X: np.ndarray, y: np.ndarray, lambdas: np.ndarray, *, mixing: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Intercepts (n_lambdas,) and coefficients (n_lambdas, k) of standardized features at decreasing ``lambdas``."""
    lockstep = _Lockstep(_standardized(X), y, [], mixing)
    intercepts, coefficients = [], []
    for penalty in lambdas:
        lockstep.descend(penalty)
        intercepts.append(lockstep.fits[0].intercept)
        coefficients.append(lockstep.coefficients())
    return np.array(intercepts), np.array(coefficients)


def logistic_path_cv(
    X: np.ndarray,
    y: np.ndarray,
    folds: Folds,
    *,
    n_lambdas: int = 100,
    eps: float = 1e-2,
    patience: int = 25,
    mixing: float = 1.0,
) -> LassoPath:
    """Path and cross-validated deviance of ``X`` (n_cases, k) and ``y`` (n_cases,) 0 or 1.

    ``patience``: lambdas without a lower mean deviance that end the path; ``n_lambdas`` for the whole grid. A feature
    that is constant has the coefficient 0.
    """
    lockstep = _Lockstep(_standardized(X), y, folds, mixing)
    lambdas = np.geomspace(1.0, eps, n_lambdas) * lockstep.largest
    weights = np.array([float(len(test)) for _, test in folds])
    errors, coefficients = np.empty((n_lambdas, len(folds))), []
    for reached, penalty in enumerate(lambdas, start=1):
        lockstep.descend(penalty)
        errors[reached - 1] = lockstep.deviances()
        coefficients.append(lockstep.coefficients())
        if has_stalled(errors[:reached], weights, patience):
            break
    unconverged = sum(fit.unconverged for fit in lockstep.fits)
    return LassoPath(lambdas, errors[: len(coefficients)], weights, np.array(coefficients), unconverged)


def logistic_supports(
    X: np.ndarray, y: np.ndarray, parts: list[np.ndarray], mean_size: float, *, n_lambdas: int = 100, eps: float = 1e-2
) -> np.ndarray:
    """(n_parts, k) bool: the features that entered the fit of these rows anywhere on a path down to the last lambda at
    which ``mean_size`` features or fewer have entered on average. The path begins where the first feature enters any
    of the fits, and is the same for all."""
    lockstep = _Lockstep(_standardized(X), y, [(rows, rows[:0]) for rows in parts], 1.0)
    lockstep.before = float(np.abs(lockstep.gradient[:, 1:]).max())
    entered = np.zeros((len(parts), X.shape[1]), bool)
    for penalty in np.geomspace(1.0, eps, n_lambdas) * lockstep.before:
        lockstep.descend(penalty)
        now = entered.copy()
        for mine, fit in zip(now, lockstep.fits[1:], strict=True):
            mine[fit.active] = True
        if now.sum() > mean_size * len(parts):
            break
        entered = now
    return entered


def _standardized(X: np.ndarray) -> np.ndarray:
    """(k, n_cases): a feature per row, mean 0 and SD 1; constant features are 0."""
    mean, sd = moments(X)
    return np.ascontiguousarray(((X - mean) / np.where(sd > 0, sd, np.inf)).T)


class _Lockstep:
    """The fit of all rows (number 0) and of each fold's training rows, at the same penalty."""

    def __init__(self, standard: np.ndarray, y: np.ndarray, folds: Folds, mixing: float) -> None:
        self.standard, self.y, self.mixing = standard, y, mixing
        every = np.arange(len(y))
        self.parts = [(every, every[:0]), *folds]
        self.means = np.zeros((len(standard), len(self.parts)))
        self.units = np.zeros_like(self.means)  # 1 / SD, 0 for a constant feature
        self.units[:, 0] = np.abs(standard).max(axis=1, initial=0.0) > 0
        for number, (train, _) in enumerate(folds, start=1):
            rows = standard[:, train]
            self.means[:, number] = rows.mean(axis=1)
            sd = rows.std(axis=1)
            self.units[:, number] = np.where(sd > DEGENERATE, 1.0 / np.maximum(sd, DEGENERATE), 0.0)
        self.fits = [ActiveSet(y[train], mixing) for train, _ in self.parts]
        self.gradient = self._gradient(None)
        self.largest = float(np.abs(self.gradient[:, 0]).max()) / mixing
        self.before = self.largest

    def descend(self, penalty: float) -> None:
        """Fit all parts at the next, smaller penalty."""
        for fit in self.fits:
            fit.solve(penalty, self._tolerance)
        candidates = np.abs(self.gradient) >= self.mixing * (2 * penalty - self.before)
        pool = np.flatnonzero(candidates.any(axis=1))
        if len(pool) < len(self.standard) // 4:
            self._settle(pool, penalty)
        self._settle(None, penalty)
        self.before = penalty

    def coefficients(self) -> np.ndarray:
        """(k,) of all rows."""
        full = np.zeros(len(self.standard))
        full[self.fits[0].active] = self.fits[0].coefficients
        return full

    def deviances(self) -> np.ndarray:
        """(n_folds,) mean deviance of the test rows."""
        return np.array([self._deviance(number) for number in range(1, len(self.parts))])

    @property
    def _tolerance(self) -> float:
        return TOLERANCE * (self.largest or 1.0)

    def _settle(self, pool: np.ndarray | None, penalty: float) -> None:
        """Let features of the pool (None: of all) enter until ``|gradient| <= mixing penalty`` in all parts."""
        while True:
            gradient = self._gradient(pool)
            grown = [
                number for number in range(len(self.parts)) if self._grow(pool, gradient[:, number], number, penalty)
            ]
            if not grown:
                break
            for number in grown:
                self.fits[number].solve(penalty, self._tolerance)
        if pool is None:
            self.gradient = gradient

    def _grow(self, pool: np.ndarray | None, gradient: np.ndarray, number: int, penalty: float) -> bool:
        """Let the worst violators of the pool enter one fit; False if there are none."""
        violating = np.flatnonzero(np.abs(gradient) - self.mixing * penalty > 10 * self._tolerance)
        features = violating if pool is None else pool[violating]
        outside = ~np.isin(features, self.fits[number].active)
        features, slopes = features[outside], gradient[violating[outside]]
        worst = np.sort(np.argsort(-np.abs(slopes), kind="stable")[:ADDED_AT_ONCE])
        if len(worst):
            self.fits[number].add(features[worst], self._rows(features[worst], number, 0), -np.sign(slopes[worst]))
        return len(worst) > 0

    def _rows(self, features: np.ndarray, number: int, side: int) -> np.ndarray:
        """(n_features, n_rows): features of a part's training (side 0) or test rows, standardized by the former."""
        rows = self.standard[features][:, self.parts[number][side]] if number else self.standard[features]
        return (rows - self.means[features, number][:, None]) * self.units[features, number][:, None]

    def _gradient(self, pool: np.ndarray | None) -> np.ndarray:
        """(n_pool, n_parts): gradient of the mean loss by each standardized feature of the pool (None: of all)."""
        residuals = np.zeros((len(self.y), len(self.parts)))
        for number, ((train, _), fit) in enumerate(zip(self.parts, self.fits, strict=True)):
            residuals[train, number] = fit.residual / len(train)
        chosen: slice | np.ndarray = slice(None) if pool is None else pool
        centred = self.standard[chosen] @ residuals - self.means[chosen] * residuals.sum(axis=0)
        return -centred * self.units[chosen]

    def _deviance(self, number: int) -> float:
        fit, test = self.fits[number], self.parts[number][1]
        eta = fit.intercept + fit.coefficients @ self._rows(fit.active, number, 1)
        probability = np.clip(expit(eta), CLIP, 1 - CLIP)
        positive = self.y[test]
        return float(-2 * np.mean(positive * np.log(probability) + (1 - positive) * np.log(1 - probability)))
