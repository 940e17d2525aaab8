"""One logistic LASSO fit that goes down a path: Newton steps on the active features, with their signs held.

Formula: with active rows ``Z`` (intercept first), residual ``r = y - p``, weights ``w = p (1 - p)`` and signs ``s``
(0 for the intercept), the step is ``d = H^-1 (Z r / n - lambda s)``, ``H = Z diag(w) Z' / n``. A step that would turn
a coefficient's sign stops where that coefficient is zero, and the feature leaves; a feature that has just entered
leaves at once if its step has the wrong sign; a step that does not lower the objective is halved. At the end
``|Z r / n - lambda s| <= tolerance``. With a ``mixing`` a below 1 (elastic net) ``lambda s`` is ``lambda (a s + (1 - a)
b)``, and ``lambda (1 - a)`` is added to the diagonal of H, the intercept's left out.

Source: Osborne, Presnell and Turlach (2000), IMA Journal of Numerical Analysis 20 (descent on signed active sets);
Lee, Lee, Abbeel and Ng (2006), Efficient L1 regularized logistic regression, AAAI (the same inside Newton's method).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dposv
from scipy.special import expit

MAX_STEPS = 200
RIDGE = 1e-11
"""Added to the Hessian's diagonal, relative to its mean, so that dependent features give a long step, not a singular
system; the gradient is exact, so the solution is not moved."""
SLACK = 1e-12
"""What rounding may add to the objective, relative to it, without a step being taken for a bad one."""
DUPLICATE = 1e-9
"""Entering features with a correlation this near to 1 are one feature; the first column represents it."""


class ActiveSet:
    """``active`` feature numbers with their ``coefficients`` and ``signs`` (n_active,), the ``intercept``, and the
    ``residual`` (n_cases,). ``unconverged`` counts penalties that took ``MAX_STEPS``."""

    def __init__(self, y: np.ndarray, mixing: float = 1.0) -> None:
        self.y, self.mixing = y, mixing
        self.active = np.empty(0, int)
        self.rows = np.empty((0, len(y)))
        self.coefficients = np.empty(0)
        self.signs = np.empty(0)
        self.intercept = float(np.log(y.mean() / (1 - y.mean())))
        self.unconverged = 0
        self._predict(self.intercept, self.coefficients)

    def add(self, features: np.ndarray, rows: np.ndarray, signs: np.ndarray) -> None:
        """Let features enter: ``rows`` (n_features, n_cases) standardized, and the signs of their coefficients."""
        if len(features) > 1:
            among = np.abs(rows @ rows.T) / len(self.y)
            first = ~(np.triu(among, k=1) > 1 - DUPLICATE).any(axis=0)
            features, rows, signs = features[first], rows[first], signs[first]
        self.active = np.concatenate([self.active, features])
        self.rows = np.concatenate([self.rows, rows])
        self.coefficients = np.concatenate([self.coefficients, np.zeros(len(features))])
        self.signs = np.concatenate([self.signs, signs])

    def solve(self, penalty: float, tolerance: float) -> None:
        """Minimise over the active features; some may leave."""
        ridge = penalty * (1 - self.mixing)
        for _ in range(MAX_STEPS):
            pull = self.mixing * penalty * self.signs + ridge * self.coefficients
            slope = np.concatenate([[self.residual.mean()], self.rows @ self.residual / len(self.y) - pull])
            if np.abs(slope).max() <= tolerance:
                return
            self._step(slope, penalty)
        self.unconverged += 1

    def _step(self, slope: np.ndarray, penalty: float) -> None:
        """One Newton step along ``slope`` (1 + n_active,), the negative gradient."""
        hessian = self._hessian(penalty * (1 - self.mixing))
        while True:
            direction = _descend(hessian, slope)
            wrong = (self.coefficients == 0) & (direction[1:] * self.signs <= 0)
            if not wrong.any():
                break
            stay = np.concatenate([[True], ~wrong])
            hessian, slope = hessian[np.ix_(stay, stay)], slope[stay]
            self._leave(wrong)
        self._walk(direction, slope, penalty)

    def _walk(self, direction: np.ndarray, slope: np.ndarray, penalty: float) -> None:
        """Go along the direction up to the first change of sign, less far if the objective does not fall."""
        move = direction[1:]
        turning = self.coefficients * move < 0
        reach = np.full(len(move), np.inf)
        reach[turning] = -self.coefficients[turning] / move[turning]
        furthest = min(1.0, float(reach.min(initial=np.inf)))
        before = self._objective(penalty)
        gain = float(direction @ slope)
        length = furthest
        intercept, coefficients = self.intercept, self.coefficients
        for _ in range(50):
            self.intercept = intercept + length * float(direction[0])
            self.coefficients = coefficients + length * move
            self._predict(self.intercept, self.coefficients)
            if self._objective(penalty) <= before - 1e-4 * length * gain + SLACK * abs(before):
                break
            length /= 2
        if length == furthest and furthest < 1.0:
            self._leave(reach <= furthest)

    def _leave(self, gone: np.ndarray) -> None:
        stay = ~gone
        self.active, self.rows = self.active[stay], self.rows[stay]
        self.coefficients, self.signs = self.coefficients[stay], self.signs[stay]

    def _hessian(self, ridge: float) -> np.ndarray:
        """(1 + n_active, 1 + n_active), intercept first."""
        weights = self.probability * (1 - self.probability) / len(self.y)
        weighted = self.rows * weights
        hessian = np.empty((1 + len(self.active), 1 + len(self.active)))
        hessian[0, 0] = weights.sum()
        hessian[0, 1:] = hessian[1:, 0] = weighted.sum(axis=1)
        hessian[1:, 1:] = weighted @ self.rows.T + ridge * np.eye(len(self.active))
        return hessian

    def _predict(self, intercept: float, coefficients: np.ndarray) -> None:
        self.eta = intercept + coefficients @ self.rows
        self.probability = expit(self.eta)
        self.residual = self.y - self.probability

    def _objective(self, penalty: float) -> float:
        loss = np.logaddexp(0.0, self.eta) - self.y * self.eta
        size = self.mixing * np.abs(self.coefficients) + (1 - self.mixing) / 2 * np.square(self.coefficients)
        return float(loss.mean() + penalty * size.sum())


def _descend(hessian: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """``hessian^-1 slope``, with the ridge raised until it is positive definite."""
    ridge = RIDGE * float(np.trace(hessian)) / len(slope)
    while True:
        _, direction, info = dposv(hessian + ridge * np.eye(len(slope)), slope)
        if info == 0:
            return direction
        ridge = 100 * ridge if ridge > 0 else RIDGE
