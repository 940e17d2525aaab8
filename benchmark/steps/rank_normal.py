"""Each feature to normal scores by its rank among the training rows.

Formula: ``z = Phi^-1((r - c) / (n - 2 c + 1))`` with ``r`` the rank among the n training values, ties their mean rank,
and ``c`` = 3/8 (Blom), 1/3 (Tukey), 1/2 (rankit) or 0 (van der Waerden). A value between two training values has a rank
between theirs, by linear interpolation; one beyond the training range has the rank of the nearest end.

Source: Blom (1958), Statistical Estimates and Transformed Beta-Variables; Beasley, Erickson and Allison (2009),
Behavior Genetics 39:580.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from benchmark.steps.step import Rows, Step

OFFSETS = {"blom": 3 / 8, "tukey": 1 / 3, "rankit": 1 / 2, "van_der_waerden": 0.0}

Curve = tuple[np.ndarray, np.ndarray]
"""The training values of one feature in order, and their scores, (n_values,)."""


class RankNormal(Step):
    """Replace values by the normal scores of their ranks.

    NaN is left out, and stays; infinite values are left out of the learning and count as beyond the range. A feature
    that is constant in the training rows becomes 0; one without any finite value there passes unchanged.
    """

    title: ClassVar[str] = "rank-based normal scores"

    def __init__(
        self,
        *,
        offset: Literal["blom", "tukey", "rankit", "van_der_waerden"] = "blom",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.offset = offset
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> list[Curve]:
        """Values and ranks of each feature."""
        finite = np.isfinite(values)
        ordered = np.sort(np.where(finite, values, np.inf), axis=0)  # what is left out comes last
        ranks = rankdata(ordered, axis=0)
        number = finite.sum(axis=0)
        return [(ordered[:n, column], ranks[:n, column]) for column, n in enumerate(number)]

    def apply(self, state: list[Curve], values: np.ndarray, rows: Rows) -> np.ndarray:
        """Normal scores."""
        new = values.copy()
        c = OFFSETS[self.offset]
        for column, (ordered, ranks) in enumerate(state):
            if len(ordered):
                # The rank is interpolated and not the score: a gap in the training values is no jump of the tail.
                rank = np.interp(values[:, column], ordered, ranks)
                new[:, column] = ndtri((rank - c) / (len(ordered) - 2 * c + 1))
        return new
