"""Each feature to mean 0 and standard deviation 1 on the training rows.

Formula: ``z = (x - mean) / sd`` with ``sd^2 = sum((x - mean)^2) / n`` (ddof 0, as scikit-learn's ``StandardScaler``).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from benchmark.steps.moments import Moments, moments
from benchmark.steps.step import Rows, Step


class Standardize(Step):
    """Subtract the mean and divide by the SD of the training rows.

    NaN and infinite values are left out of both, and stay. A feature that is constant in the training rows is divided
    by 1; one without any finite value there passes unchanged.
    """

    title: ClassVar[str] = "standardize"

    def __init__(self, *, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Moments:
        """What to subtract (k,), and what to divide by (k,)."""
        mean, sd = moments(values)
        return Moments(np.where(np.isnan(mean), 0.0, mean), np.where(sd > 0, sd, 1.0))

    def apply(self, state: Moments, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Standardized values."""
        return (values - state.mean) / state.sd
