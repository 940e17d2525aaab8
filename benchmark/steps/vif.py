"""Drop the feature with the largest variance inflation factor, one after the other, until none is above a limit.

Formula: ``VIF_j = 1 / (1 - R_j^2)``, ``R_j^2`` of the least-squares regression of feature j on all others; these are
the diagonal of the inverse ``P`` of the correlation matrix. Without feature j the inverse is
``P_kl - P_kj P_jl / P_jj``, so that one inversion serves all removals.

A feature that the others determine has an infinite VIF, and so have they. With as many features as cases, or more, that
is every feature, and a largest factor does not exist. Such features go first: a QR decomposition with column pivoting
takes the columns in the order of what the columns before leave of them (the most independent first), and those of
which less than ``DEPENDENT`` of the sum of squares is left go. What stays, fewer features than cases, has finite
factors. The report is told how many went this way; a ``correlation`` step before this one leaves fewer to it.

Source: Marquardt (1970), Technometrics 12:591 (VIF); Kutner, Nachtsheim, Neter and Li (2005), Applied linear
statistical models, section 10.5 (limit of 10); Golub and Van Loan (2013), Matrix computations, section 5.4 (pivoting).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.linalg import qr

from benchmark.steps.correlation import unit_columns
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import require_finite

DEPENDENT = 1e-8
"""A share of a feature's sum of squares left by the others that counts as none: a VIF of 1e8."""


class Vif(Selector):
    """Keep features whose variance inflation factors in the training rows are all at most ``limit``.

    Of equal factors the later column goes. A feature that is constant there has no factor and stays (``variance`` is
    the step that drops it).
    """

    title: ClassVar[str] = "vif"

    def __init__(
        self,
        *,
        limit: Annotated[float, Field(gt=1)] = 10.0,
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.limit = limit
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What stays; the score is minus the largest factor a feature had while it was there."""
        require_finite(self.title, values, rows)
        units = unit_columns(values)
        varying = np.flatnonzero(units.any(axis=0))
        independent = varying[basis(units[:, varying])]
        stay, factors = without_inflation(units[:, independent], self.limit)
        if len(independent) < len(varying):
            self.remarks_.append(
                f"{len(varying) - len(independent)} of {len(varying)} features of {', '.join(rows.blocks)} were linear "
                f"combinations of others in {len(values)} training cases: they went before any factor was computed"
            )
        keep, score = np.ones(len(units.T), bool), np.full(len(units.T), -1.0)
        keep[varying], score[varying] = False, -np.inf
        keep[independent], score[independent] = stay, -factors
        return Choice(keep, score)


def basis(units: np.ndarray) -> np.ndarray:
    """(k,) bool: columns of length 1 that are left when those go which are linear combinations of them."""
    triangle, order = qr(units, mode="r", pivoting=True)
    left = np.square(np.abs(triangle.diagonal()))
    keep = np.zeros(units.shape[1], bool)
    keep[order[: len(left)][left > DEPENDENT]] = True
    return keep


def without_inflation(units: np.ndarray, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """(k,) bool: which columns stay, and (k,) the factor that each had when it went or at the end."""
    stay, factors = np.arange(units.shape[1]), np.ones(units.shape[1])
    while len(stay):
        inverse = np.linalg.inv(units[:, stay].T @ units[:, stay])
        factors[stay] = inverse.diagonal()
        if factors[stay].max() <= limit:  # computed afresh, so that the removals leave no rounding
            break
        gone = _removals(inverse, limit)
        factors[stay[[number for number, _ in gone]]] = [factor for _, factor in gone]
        stay = np.delete(stay, [number for number, _ in gone])
    keep = np.zeros(len(factors), bool)
    keep[stay] = True
    return keep, factors


def _removals(inverse: np.ndarray, limit: float) -> list[tuple[int, float]]:
    """The columns that go, in order, and the factor that each had then."""
    left = np.arange(len(inverse))
    gone: list[tuple[int, float]] = []
    while len(left):
        factors = inverse.diagonal()
        worst = len(factors) - 1 - int(np.argmax(factors[::-1]))
        if gone and factors[worst] <= limit:
            break
        gone.append((int(left[worst]), float(factors[worst])))
        inverse = inverse - np.outer(inverse[:, worst], inverse[worst]) / factors[worst]
        rest = np.arange(len(left)) != worst
        inverse, left = inverse[np.ix_(rest, rest)], left[rest]
    return gone
