"""Repeated readings of the same features and the intraclass correlation (to be completed)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Readings:
    """Repeated readings of one block.

    ``values``: (n_subjects, n_readings, n_features) float64, NaN where a reading is missing; ``features``: names as in
    the block's table; ``external``: the subjects are not cases of the cohort (a separate test-retest study).
    """

    subjects: pd.Index
    features: tuple[str, ...]
    values: np.ndarray
    external: bool = False

    def __deepcopy__(self, memo: Any) -> Self:
        return self  # never changed after loading, so clones of a recipe may share it

    def of(self, cases: pd.Index) -> Readings:
        """The readings of these cases only (cases without readings are left out); all subjects if external."""
        raise NotImplementedError

    def fingerprint(self) -> str:
        """A hash of the content."""
        raise NotImplementedError
