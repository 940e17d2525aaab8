"""Beforehand: the smallest difference in AUC that a planned comparison of two models on the same patients can detect.

With m events, n non-events, AUCs A and A + D, and r the correlation of the two estimated AUCs:

    se^2  = V(A) + V(A + D) - 2 r sqrt(V(A) V(A + D))
    power = Phi(D/se - z) + Phi(-D/se - z),   z of the two-sided alpha

which is the power of the paired DeLong test, whose variance is estimated and not that of the null hypothesis (pROC's
power.roc.test takes a null variance for z, and differs). The variance of an AUC, by choice:

    hanley-mcneil  (A (1 - A) + (m - 1)(Q1 - A^2) + (n - 1)(Q2 - A^2)) / (m n),  Q1 = A/(2 - A), Q2 = 2 A^2/(1 + A)
    binormal       the same, with Q1 = Q2 = Phi2(h, h; 1/2), h = Phi^-1(A): normal scores of one spread in both classes
    obuchowski     0.0099 exp(-a^2/2) (5 a^2 + 8 + (a^2 + 8) m/n) / m,  a = 1.414 Phi^-1(A)

Phi2 is the bivariate normal distribution. "binormal" is exact for such scores and what a rank statistic like DeLong's
has; "obuchowski" approximates it and is larger (safer) for high AUCs. r follows from the correlation rho of the two
models' scores within the classes, for normal scores exactly:

    cov(A1, A2) = (C(rho) + (m + n - 2) C(rho/2)) / (m n),   C(t) = Phi2(h1, h2; t) - A1 A2

The numbers of patients are taken as given, and repeats do not multiply them. That models are trained anew in every fold
is not in the formula, so under cross-validation the answer is a lower bound.

Source: Hanley and McNeil (1982), Radiology 143:29; comparing two areas: Hanley and McNeil (1983), Radiology 148:839;
obuchowski: Obuchowski, Lieber and Wians (2004), Clinical Chemistry 50:1118, with its constants; Phi2 as an integral
over the correlation: Drezner and Wesolowsky (1990), Journal of Statistical Computation and Simulation 35:101.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import optimize, special

from benchmark.errors import ConfigError, unknown

NODES = 40


@dataclass(frozen=True)
class Plan:
    """A planned comparison: ``n_events`` and ``n_nonevents`` (patients, each once, however many repeats); the
    ``auc`` expected of the model to beat; ``score_correlation`` of the two models within the classes, in [0, 1);
    two-sided ``alpha``; ``variance`` by name. ``ConfigError`` for what is out of range."""

    n_events: int
    n_nonevents: int
    auc: float
    score_correlation: float = 0.5
    alpha: float = 0.05
    variance: str = "binormal"

    def __post_init__(self) -> None:
        for name, value, good, expected in (
            ("n_events", self.n_events, self.n_events >= 2, "2 or more"),
            ("n_nonevents", self.n_nonevents, self.n_nonevents >= 2, "2 or more"),
            ("auc", self.auc, 0.5 <= self.auc < 1, "at least 0.5 and less than 1"),
            ("score_correlation", self.score_correlation, 0 <= self.score_correlation < 1, "at least 0, less than 1"),
            ("alpha", self.alpha, 0 < self.alpha < 1, "between 0 and 1"),
        ):
            if not good:
                raise ConfigError(f"power: {name} is {value}, expected {expected}")
        if self.variance not in VARIANCES:
            raise ConfigError(unknown("variance of an AUC", self.variance, VARIANCES))


def standard_error(plan: Plan, difference: float) -> float:
    """Of the difference between ``plan.auc`` and ``plan.auc + difference``, which must be less than 1."""
    variance = VARIANCES[plan.variance]
    first, second = (variance(auc, plan.n_events, plan.n_nonevents) for auc in (plan.auc, plan.auc + difference))
    r = correlation_of_aucs(plan.auc, plan.auc + difference, plan.score_correlation, plan.n_events, plan.n_nonevents)
    return float(np.sqrt(first + second - 2 * r * np.sqrt(first * second)))


def power_of(plan: Plan, difference: float) -> float:
    """The power to detect that the AUC is ``plan.auc + difference`` rather than ``plan.auc``; NaN if that is not
    between 0 and 1."""
    if not 0 < plan.auc + difference < 1:
        return float("nan")
    z = -float(special.ndtri(plan.alpha / 2))
    shift = difference / standard_error(plan, difference)
    return float(special.ndtr(shift - z) + special.ndtr(-shift - z))


def smallest_difference(plan: Plan, *, power: float = 0.8) -> float:
    """The smallest gain in AUC that is detected with ``power``; NaN if not even an AUC close to 1 would be: the
    cohort is too small for the question. ``ConfigError`` if the power is not between alpha and 1."""
    if not plan.alpha < power < 1:
        raise ConfigError(f"power: found {power}, expected between alpha ({plan.alpha}) and 1")
    largest = 1 - plan.auc - 1e-6
    # the power rises with the difference up to AUCs near 1: the first place of a fine grid that reaches it
    grid = np.linspace(0, largest, 101)[1:]
    reached = np.array([power_of(plan, float(difference)) >= power for difference in grid])
    if not reached.any():
        return float("nan")
    first = int(np.argmax(reached))
    below = float(grid[first - 1]) if first else 1e-9
    return float(optimize.brentq(lambda d: power_of(plan, d) - power, below, float(grid[first]), xtol=1e-12))


def hanley_mcneil(auc: float, n_events: int, n_nonevents: int) -> float:
    """Variance of an AUC of exponential scores."""
    return _of_pairs(auc, auc / (2 - auc), 2 * auc**2 / (1 + auc), n_events, n_nonevents)


def binormal(auc: float, n_events: int, n_nonevents: int) -> float:
    """Variance of an AUC of normal scores with one spread."""
    both = auc**2 + _excess(auc, auc, 0.5)
    return _of_pairs(auc, both, both, n_events, n_nonevents)


def obuchowski(auc: float, n_events: int, n_nonevents: int) -> float:
    """Variance of an AUC, Obuchowski's approximation."""
    a = float(special.ndtri(auc)) * 1.414
    ratio = n_nonevents / n_events
    return float(0.0099 * np.exp(-(a**2) / 2) * (5 * a**2 + 8 + (a**2 + 8) / ratio) / n_events)


VARIANCES: dict[str, Callable[[float, int, int], float]] = {
    "binormal": binormal,
    "hanley-mcneil": hanley_mcneil,
    "obuchowski": obuchowski,
}


def correlation_of_aucs(
    first: float, second: float, score_correlation: float, n_events: int, n_nonevents: int
) -> float:
    """The correlation of two estimated AUCs, from that of the normal scores behind them within each class."""
    same = _excess(first, second, score_correlation)
    half = _excess(first, second, score_correlation / 2)
    covariance = (same + (n_events + n_nonevents - 2) * half) / (n_events * n_nonevents)
    scale = np.sqrt(binormal(first, n_events, n_nonevents) * binormal(second, n_events, n_nonevents))
    return float(covariance / scale)


def _of_pairs(auc: float, q1: float, q2: float, m: int, n: int) -> float:
    return (auc * (1 - auc) + (m - 1) * (q1 - auc**2) + (n - 1) * (q2 - auc**2)) / (m * n)


def _excess(first: float, second: float, correlation: float) -> float:
    """Phi2(h1, h2; t) - A1 A2: the integral of the bivariate density over the correlation from 0 to t, with the
    correlation written as a sine."""
    h, k = float(special.ndtri(first)), float(special.ndtri(second))
    nodes, weights = _gauss()
    end = np.arcsin(correlation)
    angle = end / 2 * (nodes + 1)
    exponent = -(h**2 - 2 * h * k * np.sin(angle) + k**2) / (2 * np.cos(angle) ** 2)
    return float(np.sum(weights * np.exp(exponent)) * end / 2 / (2 * np.pi))


@cache
def _gauss() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(NODES)
