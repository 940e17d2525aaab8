"""Keep the features with the largest rows in a regression of the classes with joint sparsity by the l2,1 norm.

Formula: ``min_W ||X W - Y||_{2,1} + gamma ||W||_{2,1}``, ``||A||_{2,1} = sum_i ||row i of A||``, X standardized, Y one
column per class, 1 for its members, centred. The first norm lets an outlying case count by its distance and not the
square of it, the second sets the weights of a feature to zero for all classes together. The score of a feature is the
norm of its row of W. ``gamma`` is ``sparsity`` times the smallest value at which all weights are zero,
``max_j ||sum_i x_ij y_i / ||y_i|| ||``, so that it means the same whatever the number of cases.

Solved by reweighting: with ``d_j = 2 ||row j of W||`` and ``e_i`` the same of the residuals divided by gamma,
``W = D X' (X D X' + gamma^2 E)^-1 Y``, D and E diagonal, until the objective falls by less than ``TOLERANCE`` of
itself. It never rises. The system is n_cases x n_cases, whatever the number of features.

Source: Nie, Huang, Cai and Ding (2010), Advances in Neural Information Processing Systems 23, equations 6 to 19.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.linalg import solve

from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows

TOLERANCE = 1e-6
MAX_ROUNDS = 200
ZERO = 1e-6
LEAST = 1e-12
"""A row's norm counts as this at least, so that a feature at zero does not divide by it."""


class L21(Ranker):
    """The ``k`` features with the largest rows; ``sparsity`` weighs zeros against fit, and a zero row never stays."""

    title: ClassVar[str] = "l21"
    k: int

    def __init__(
        self,
        *,
        k: Annotated[int, Field(ge=1)] = 10,
        sparsity: Annotated[float, Field(gt=0, lt=1)] = 0.2,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.k = k
        self.sparsity = sparsity
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) norms, NaN for those that are zero beside the largest."""
        member = (codes[:, None] == np.arange(codes.max() + 1)).astype(float)
        member -= member.mean(axis=0)
        weights, _ = joint_regression(standard, member, self.sparsity * largest_gamma(standard, member))
        size = np.linalg.norm(weights, axis=1)
        return np.where(size > ZERO * size.max(), size, np.nan)


def largest_gamma(X: np.ndarray, Y: np.ndarray) -> float:
    """The smallest gamma at which all weights of ``joint_regression`` are zero; no row of ``Y`` is zero."""
    return float(np.linalg.norm(X.T @ (Y / np.linalg.norm(Y, axis=1, keepdims=True)), axis=1).max())


def joint_regression(X: np.ndarray, Y: np.ndarray, gamma: float) -> tuple[np.ndarray, list[float]]:
    """Weights (k, n_classes), and the objective after each round; ``X`` (n_cases, k), ``Y`` (n_cases, n_classes)."""
    sizes, misses = np.ones(X.shape[1]), np.ones(len(X))
    objectives: list[float] = []
    for _ in range(MAX_ROUNDS):
        system = (X * sizes) @ X.T
        system.flat[:: len(X) + 1] += gamma * misses
        weights = sizes[:, None] * (X.T @ solve(system, Y, assume_a="pos"))
        sizes = np.maximum(np.linalg.norm(weights, axis=1), LEAST)
        misses = np.maximum(np.linalg.norm(Y - X @ weights, axis=1), LEAST)
        objectives.append(float(misses.sum() + gamma * sizes.sum()))
        if len(objectives) > 1 and objectives[-2] - objectives[-1] <= TOLERANCE * objectives[-1]:
            break
    return weights, objectives
