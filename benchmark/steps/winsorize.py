"""Extreme values are pulled in to limits learned from the training rows.

Formula: ``x`` becomes ``min(max(x, low), high)`` with, by ``quantiles``, ``low`` and ``high`` the quantiles at
``lower`` and ``upper``; or, by ``mad``, ``median -/+ k MAD``, where ``MAD = 1.4826 median|x - median|`` estimates the
SD of a normal variable. Source: Tukey (1962), Annals of Mathematical Statistics 33:1 (winsorizing); Hampel (1974),
Journal of the American Statistical Association 69:383 (MAD).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from benchmark.errors import ConfigError
from benchmark.steps.quantiles import quantiles
from benchmark.steps.step import Rows, Step

NORMAL = 1.482602218505602  # 1 / (normal quantile at 0.75)


class Limits(NamedTuple):
    """The smallest and the largest value that stay, (k,); infinite where there is no limit."""

    low: np.ndarray
    high: np.ndarray


class Winsorize(Step):
    """Replace values beyond the limits by the limits, in training rows and in all others.

    NaN and infinite values are left out, and stay: they are gaps. A feature without any finite value in the training
    rows passes unchanged; so does, by ``mad``, one with the same value in half of the training rows or more, whose MAD
    is 0, and this is remarked.
    """

    title: ClassVar[str] = "winsorize"

    def __init__(
        self,
        *,
        by: Literal["quantiles", "mad"] = "quantiles",
        lower: Annotated[float, Field(ge=0, le=1)] = 0.01,
        upper: Annotated[float, Field(ge=0, le=1)] = 0.99,
        k: Annotated[float, Field(gt=0)] = 3.0,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.by = by
        self.lower = lower
        self.upper = upper
        self.k = k
        self.blocks = blocks
        self.per_block = per_block

    def check(self) -> None:
        """The lower limit is below the upper one."""
        if self.lower >= self.upper:
            raise ConfigError(f"winsorize: lower ({self.lower}) should be below upper ({self.upper})", path=("lower",))

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Limits:
        """The limits."""
        if self.by == "quantiles":
            low, high = quantiles(values, (self.lower, self.upper))
        else:
            (middle,) = quantiles(values, (0.5,))
            width = NORMAL * quantiles(np.abs(values - middle), (0.5,))[0]
            if (width == 0).any():
                self.remarks_.append(f"{(width == 0).sum()} of {len(width)} features have a MAD of 0: left as they are")
            width[width == 0] = np.inf
            low, high = middle - self.k * width, middle + self.k * width
        return Limits(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high))

    def apply(self, state: Limits, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Values within the limits."""
        return np.where(np.isfinite(values), np.clip(values, state.low, state.high), values)
