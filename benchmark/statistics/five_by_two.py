"""The combined 5x2cv F test: two models over five repeats of two-fold cross-validation.

With d_ij the difference of the models in fold j of repeat i, dbar_i = (d_i1 + d_i2)/2 and s_i^2 = sum_j (d_ij -
dbar_i)^2:

    F = sum_i sum_j d_ij^2 / (2 sum_i s_i^2),   df 10 and 5

Made for exactly this design: the halves of one repeat share no training row, so s_i^2 measures what new training rows
do. Numerator and denominator share the s_i^2, so the F distribution is an approximation on the safe side: for ten
independent normal differences 2F - 1 follows F(5, 5), and a level of 5 % is one of 1.8 %.

Source: Alpaydin (1999), Neural Computation 11:1885; after Dietterich (1998), Neural Computation 10:1895.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import DataError

REPEATS, FOLDS = 5, 2
DF = (10, 5)


@dataclass(frozen=True, eq=False)
class FiveByTwo:
    """For m pairs of models: the mean ``difference``, ``statistic`` (F on 10 and 5 degrees of freedom) and ``p``."""

    difference: np.ndarray
    statistic: np.ndarray
    p: np.ndarray


def five_by_two(differences: np.ndarray) -> FiveByTwo:
    """The test of ``differences`` (5, 2) or (5, 2, m), repeat by fold; ``DataError`` for another shape. If all
    differences are 0, F is 0 and p 1; if the two of each repeat are equal and not 0, there is no test (NaN), nor with
    a NaN."""
    d = np.asarray(differences, float)
    if d.shape[:2] != (REPEATS, FOLDS):
        found = " x ".join(map(str, d.shape[:2]))
        raise DataError(f"5x2cv F test: found differences of {found} repeats and folds, expected 5 x 2")
    d = d.reshape(REPEATS, FOLDS, -1)
    total = np.sum(d**2, axis=(0, 1))
    within = np.sum((d[:, 0] - d[:, 1]) ** 2 / 2, axis=0)  # s_i^2 of two values
    statistic = np.divide(total, 2 * within, out=np.full(len(total), np.nan), where=within > 0)
    statistic[total == 0] = 0
    return FiveByTwo(d.mean((0, 1)), statistic, special.fdtrc(*DF, statistic))
