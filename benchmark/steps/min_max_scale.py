"""Each feature to the range from 0 to 1 on the training rows.

Formula: ``z = (x - min) / (max - min)``. Source: scikit-learn's ``MinMaxScaler`` (Pedregosa et al. 2011, Journal of
Machine Learning Research 12:2825).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from benchmark.steps.moments import moments
from benchmark.steps.quantiles import quantiles
from benchmark.steps.robust_scale import Scale
from benchmark.steps.step import Rows, Step


class MinMaxScale(Step):
    """Map the smallest value of the training rows to 0 and the largest to 1.

    With ``clip`` a held-out value outside the training range becomes 0 or 1; else it lies outside [0, 1]. NaN and
    infinite values are left out, and stay. A feature that is constant in the training rows is divided by 1; one without
    any finite value there passes unchanged.
    """

    title: ClassVar[str] = "min-max scaling"

    def __init__(self, *, clip: bool = False, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.clip = clip
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Scale:
        """Minimum and range."""
        low, high = quantiles(values, (0.0, 1.0))
        varies = moments(values).sd > 0
        return Scale(np.nan_to_num(low), np.where(varies, high - low, 1.0))

    def apply(self, state: Scale, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Scaled values."""
        scaled = (values - state.shift) / state.unit
        return np.where(np.isfinite(scaled), np.clip(scaled, 0.0, 1.0), scaled) if self.clip else scaled
