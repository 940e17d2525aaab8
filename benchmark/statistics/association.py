"""Whether two ways of sorting cases go together, as centres and outcomes do.

    chi^2 = sum (O - E)^2 / E,   Cramer's V = sqrt(chi^2 / (N (min(rows, columns) - 1)))

without continuity correction; rows and columns without a case do not count.

Source: Cramer (1946), Mathematical Methods of Statistics, section 21.9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

STRONG = 0.2
"""Cramer's V from which a batch and an outcome are called confounded, if p is below 0.01."""


@dataclass(frozen=True)
class Association:
    """NaN if one of both has a single level."""

    chi2: float
    df: int
    p: float
    v: float

    @property
    def confounded(self) -> bool:
        """Whether the two cannot be told apart well."""
        return self.v >= STRONG and self.p < 0.01


def association(counts: np.ndarray) -> Association:
    """Of a table of counts (n_rows, n_columns)."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(float)
    n, df = counts.sum(), (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if df == 0:
        return Association(np.nan, 0, np.nan, np.nan)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = float((np.square(counts - expected) / expected).sum())
    return Association(chi2, df, float(chdtrc(df, chi2)), float(np.sqrt(chi2 / (n * (min(counts.shape) - 1)))))
