"""Estimates of several models with their limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Interval:
    """``estimate``, ``low`` and ``high``, (k,) each; the limits are NaN where there is no interval."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
