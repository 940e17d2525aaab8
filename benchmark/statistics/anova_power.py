"""What a published p of a one-way analysis of variance implies, and what a sample of other size would see of it.

    F with P(F(k - 1, N - k) > F) = p;   eta^2 = (k - 1) F / [(k - 1) F + N - k];   f = sqrt(eta^2 / (1 - eta^2))
    f is the SD of the group means over the SD within groups (groups of one size)
    power = P(F'(k - 1, N - k, lambda = f^2 N) > F_alpha)

The effect is the one in the published sample. An effect that became known because p was small is on average smaller in
truth, so a power computed from it is on the high side.

Source: Cohen (1988), Statistical Power Analysis, 8.2 and 8.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class Implied:
    """F, eta squared and Cohen's f."""

    statistic: float
    eta_squared: float
    f: float


def implied_effect(p: float, *, groups: int, total: int) -> Implied:
    """The effect behind ``p`` (0 to 1, ends excluded) with so many ``groups`` >= 2 and ``total`` > groups values."""
    df1, df2 = groups - 1, total - groups
    statistic = float(special.fdtri(df1, df2, 1 - p))
    share = df1 * statistic / (df1 * statistic + df2)
    return Implied(statistic, share, float(np.sqrt(share / (1 - share))))


def anova_power(f: float, *, groups: int, total: int, alpha: float = 0.05) -> float:
    """The chance that a sample of ``total`` values in ``groups`` groups of one size has p < ``alpha``."""
    df1, df2 = groups - 1, total - groups
    return float(1 - special.ncfdtr(df1, df2, f**2 * total, special.fdtri(df1, df2, 1 - alpha)))
