"""Do small studies report larger effects: Egger's test, and a regression on size for studies without standard errors.

    Egger   y_i / s_i = a + b / s_i,                 a = 0 if small studies are like large ones
    size    y_i = c + d / sqrt(n_i), weights n_i,    d = 0 if small studies are like large ones

both by least squares, t tests with k - 2 degrees of freedom. Egger's test supposes that the standard error s_i does not
depend on the effect; that of an AUC does (on the logit scale it grows with the AUC), which alone makes a funnel lean.
The size of a study does not, so it is the safer one here.

Source: Egger et al. (1997), BMJ 315:629; Deeks, Macaskill and Irwig (2005), Journal of Clinical Epidemiology 58:882
(regression on 1 / sqrt of the size, weighted by size, here with all cases for the effective sample size).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import DataError

FEWEST = 3


@dataclass(frozen=True)
class Asymmetry:
    """The coefficient that is 0 without small-study effects, with its interval, t, df and p; the other coefficient of
    the line, and where it ends: the effect of an infinitely large study."""

    method: str
    k: int
    coefficient: float
    low: float
    high: float
    statistic: float
    df: int
    p: float
    at_infinity: float


def egger(effect: np.ndarray, se: np.ndarray, *, level: float = 0.95) -> Asymmetry:
    """Egger's test of ``effect`` (k,) with standard errors ``se`` (k,) > 0, k >= 3. ``DataError`` otherwise, or if all
    standard errors are equal."""
    y, s = _checked(effect, se, "standard errors")
    return _line("Egger", y / s, np.column_stack([np.ones(len(s)), 1 / s]), np.ones(len(s)), 0, level)


def by_size(effect: np.ndarray, n: np.ndarray, *, level: float = 0.95) -> Asymmetry:
    """The regression of ``effect`` (k,) on the number of cases ``n`` (k,) > 0, k >= 3. ``DataError`` otherwise, or if
    all studies have one size."""
    y, size = _checked(effect, n, "numbers of cases")
    return _line("size", y, np.column_stack([np.ones(len(size)), size**-0.5]), size, 1, level)


def _line(method: str, y: np.ndarray, x: np.ndarray, weight: np.ndarray, tested: int, level: float) -> Asymmetry:
    gram = x.T @ (weight[:, None] * x)
    found = np.linalg.solve(gram, x.T @ (weight * y))
    df = len(y) - 2
    variance = float(weight @ (y - x @ found) ** 2) / df
    se = float(np.sqrt(variance * np.linalg.inv(gram)[tested, tested]))
    t = found[tested] / se if se > 0 else np.nan
    margin = float(special.stdtrit(df, (1 + level) / 2)) * se
    coefficient = float(found[tested])
    p = float(2 * special.stdtr(df, -abs(t)))
    return Asymmetry(
        method,
        len(y),
        coefficient,
        coefficient - margin,
        coefficient + margin,
        float(t),
        df,
        p,
        float(found[1 - tested]),
    )


def _checked(effect: np.ndarray, other: np.ndarray, what: str) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.asarray(effect, float), np.asarray(other, float)
    if y.ndim != 1 or y.shape != x.shape or len(y) < FEWEST:
        raise DataError(f"small-study test: {y.size} effects and {x.size} {what}, expected at least {FEWEST} of each")
    if not (np.isfinite(y).all() and np.isfinite(x).all() and (x > 0).all()):
        raise DataError(f"small-study test: effects should be numbers and {what} above 0")
    if np.ptp(x) <= 1e-12 * x.max():
        raise DataError(f"small-study test: all {what} are {x[0]:g}, so small studies cannot be told from large ones")
    return y, x
