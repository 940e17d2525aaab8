"""Sizes of the effect of an F test with intervals from the noncentral F distribution.

    eta^2     = df1 F / (df1 F + df2)                                = SS_effect / (SS_effect + SS_error)
    epsilon^2 = df1 (F - 1) / (df1 F + df2)
    omega^2   = df1 (F - 1) / (df1 F + df2 + 1)                      (of one-way designs)
    f         = sqrt(eta^2 / (1 - eta^2))
    limits    lambda with P(F' <= F; df1, df2, lambda) = (1 +- level) / 2;  eta^2 = lambda / (lambda + df2)

In a design with other factors or subjects these are the partial ones. Estimates of epsilon^2 and omega^2 may be
negative and are not cut. Where definitions differ: Steiger's lambda / (lambda + N) (R's MBESS, rpsychi) has N for df2;
we follow R's effectsize, lambda / (lambda + df2), so that estimate and limits are on one scale (lambda = df1 F), and as
it does, take the limits of omega^2 and epsilon^2 from the F that has their value as its eta^2, and a two-sided level.

Source: Steiger (2004), Psychological Methods 9:164; Ben-Shachar et al. (2020), JOSS 5:2815 (effectsize); Cohen (1988),
Statistical Power Analysis, 8.2; Olejnik and Algina (2003), Psychological Methods 8:434.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special


@dataclass(frozen=True)
class EffectSize:
    """An effect size with its limits."""

    name: str
    estimate: float
    low: float
    high: float


def effect_sizes(statistic: float, df1: float, df2: float, *, level: float = 0.95) -> tuple[EffectSize, ...]:
    """Eta squared, omega squared, epsilon squared and Cohen's f of an F statistic; all NaN if it is NaN."""
    eta, omega, epsilon = (
        _share("eta squared", df1 * statistic / (df1 * statistic + df2), df1, df2, level),
        _share("omega squared", df1 * (statistic - 1) / (df1 * statistic + df2 + 1), df1, df2, level),
        _share("epsilon squared", df1 * (statistic - 1) / (df1 * statistic + df2), df1, df2, level),
    )
    f = EffectSize("Cohen's f", *(float(np.sqrt(share / (1 - share))) for share in (eta.estimate, eta.low, eta.high)))
    return eta, omega, epsilon, f


def noncentrality(statistic: float, df1: float, df2: float, *, level: float = 0.95) -> tuple[float, float]:
    """Lower and upper limit of lambda; 0 where even lambda = 0 makes so small a statistic unlikely."""
    if np.isnan(statistic):
        return np.nan, np.nan
    return (
        _lambda_with((1 + level) / 2, statistic, df1, df2),
        _lambda_with((1 - level) / 2, statistic, df1, df2),
    )


def _share(name: str, estimate: float, df1: float, df2: float, level: float) -> EffectSize:
    as_eta = max(estimate, 0.0) if estimate == estimate else estimate
    low, high = noncentrality(as_eta / df1 * df2 / (1 - as_eta), df1, df2, level=level)
    return EffectSize(name, float(estimate), low / (low + df2), high / (high + df2))


def _lambda_with(p: float, statistic: float, df1: float, df2: float) -> float:
    def excess(value: float) -> float:
        return float(special.ncfdtr(df1, df2, value, statistic)) - p

    if special.fdtr(df1, df2, statistic) <= p:
        return 0.0
    high = 2 * df1 * statistic + 10
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-12, rtol=1e-13))
