"""Is a difference too small to matter (equivalence), or is a model not worse by as much as matters (non-inferiority)?

With the difference D = first - second, its standard error, a margin M > 0 that was stated beforehand, and T the normal
distribution, or Student's t with the degrees of freedom of the standard error:

    equivalence       H0: |D| >= M     p = max(P(T > (D + M)/se), P(T < (D - M)/se))
                      interval of level 1 - 2 alpha; equivalent if p < alpha, that is if it lies within (-M, M)
    non-inferiority   H0: D <= -M      p = P(T > (D + M)/se)
                      one-sided lower limit of level 1 - alpha; not inferior if p < alpha, that is if it is above -M

"Not significantly different" is neither: it is what a small cohort says of any two models.

Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15:657; interval and test: Westlake (1981),
Biometrics 37:589; one-sided alpha of 0.025 for non-inferiority: ICH E9 (1998), 3.3.2 and 5.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import ConfigError


@dataclass(frozen=True, eq=False)
class Equivalence:
    """For m differences: the limits ``low`` and ``high`` of level 1 - 2 alpha, the p value against each side, ``p``
    the larger one, and whether the models are ``equivalent``; all (m,)."""

    difference: np.ndarray
    margin: float
    low: np.ndarray
    high: np.ndarray
    p_below: np.ndarray
    p_above: np.ndarray
    p: np.ndarray
    equivalent: np.ndarray


@dataclass(frozen=True, eq=False)
class NonInferiority:
    """For m differences: the one-sided lower limit ``low`` of level 1 - alpha, ``statistic``, ``p``, and whether the
    first model is ``not_inferior``; all (m,)."""

    difference: np.ndarray
    margin: float
    low: np.ndarray
    statistic: np.ndarray
    p: np.ndarray
    not_inferior: np.ndarray


def equivalence(
    difference: np.ndarray | float,
    se: np.ndarray | float,
    margin: float,
    *,
    alpha: float = 0.05,
    df: np.ndarray | float = np.inf,
) -> Equivalence:
    """Two one-sided tests of ``difference`` (m,) with standard error ``se`` (m,), first minus second. Models that rank
    all cases alike (difference and se 0) are equivalent with p 0; another difference without variance cannot be tested
    (NaN, not equivalent). ``ConfigError`` for a margin or alpha out of range."""
    difference, se, df = _arrays(difference, se, df, margin, alpha)
    p_below, p_above = _upper_tail(difference + margin, se, df), _upper_tail(margin - difference, se, df)
    untested = (se == 0) & (difference != 0)
    p_below[untested] = p_above[untested] = np.nan
    p = np.maximum(p_below, p_above)
    reach = np.where(untested, np.nan, -_quantile(alpha, df) * se)
    return Equivalence(difference, margin, difference - reach, difference + reach, p_below, p_above, p, p < alpha)


def non_inferiority(
    difference: np.ndarray | float,
    se: np.ndarray | float,
    margin: float,
    *,
    alpha: float = 0.025,
    df: np.ndarray | float = np.inf,
) -> NonInferiority:
    """Whether the first model is worse than the second by less than ``margin``, from ``difference`` (m,), first minus
    second, and ``se`` (m,). ``alpha`` is one-sided. Without variance as in ``equivalence``."""
    difference, se, df = _arrays(difference, se, df, margin, alpha)
    p = _upper_tail(difference + margin, se, df)
    statistic = np.divide(difference + margin, se, out=np.full(len(se), np.inf), where=se != 0)
    untested = (se == 0) & (difference != 0)
    p[untested] = statistic[untested] = np.nan
    low = difference - np.where(untested, np.nan, -_quantile(alpha, df) * se)
    return NonInferiority(difference, margin, low, statistic, p, p < alpha)


def _arrays(
    difference: np.ndarray | float, se: np.ndarray | float, df: np.ndarray | float, margin: float, alpha: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not (np.isfinite(margin) and margin > 0):
        raise ConfigError(f"margin of equivalence: found {margin}, expected more than 0, on the scale of the AUC")
    if not 0 < alpha < 0.5:
        raise ConfigError(f"alpha of equivalence: found {alpha}, expected between 0 and 0.5")
    arrays = (np.atleast_1d(np.asarray(each, float)) for each in (difference, se, df))
    first, second, third = np.broadcast_arrays(*arrays)
    return first, second, third


def _upper_tail(above: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """P(T > above / se)."""
    standard = np.divide(above, se, out=np.where(above > 0, np.inf, -np.inf), where=se != 0)
    return np.where(np.isinf(df), special.ndtr(-standard), special.stdtr(df, -standard))


def _quantile(alpha: float, df: np.ndarray) -> np.ndarray:
    return np.where(np.isinf(df), special.ndtri(alpha), special.stdtrit(df, alpha))
