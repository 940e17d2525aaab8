"""Each feature to median 0 and interquartile range 1 on the training rows.

Formula: ``z = (x - median) / (q75 - q25)``, quantiles as in ``quantiles``. Source: scikit-learn's ``RobustScaler``
(Pedregosa et al. 2011, Journal of Machine Learning Research 12:2825), which leaves a feature with an interquartile
range of 0 in its own units; here it is divided by its standard deviation, because next to scaled features those units
are arbitrary.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np

from benchmark.steps.moments import moments
from benchmark.steps.quantiles import quantiles
from benchmark.steps.step import Rows, Step


class Scale(NamedTuple):
    """What to subtract, and what to divide by, (k,)."""

    shift: np.ndarray
    unit: np.ndarray


class RobustScale(Step):
    """Subtract the median and divide by the interquartile range of the training rows: outliers move neither.

    NaN and infinite values are left out of both, and stay. A feature with the same value in half of the training rows
    or more may have no interquartile range: it is divided by its SD, which is remarked; a constant one is divided by 1,
    and one without any finite value passes unchanged.
    """

    title: ClassVar[str] = "robust scaling"

    def __init__(self, *, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Scale:
        """Median and interquartile range."""
        low, middle, high = quantiles(values, (0.25, 0.5, 0.75))
        sd = np.nan_to_num(moments(values).sd)
        unit = np.where(sd > 0, np.nan_to_num(high - low), 0.0)
        by_sd = (unit == 0) & (sd > 0)
        if by_sd.any():
            self.remarks_.append(f"{by_sd.sum()} of {len(sd)} features have no interquartile range: scaled by their SD")
        unit = np.where(by_sd, sd, unit)
        return Scale(np.nan_to_num(middle), np.where(unit > 0, unit, 1.0))

    def apply(self, state: Scale, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Scaled values."""
        return (values - state.shift) / state.unit
