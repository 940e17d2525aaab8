"""The Kaplan-Meier curve: the share of cases that are still without the event, with Greenwood's variance.

    S(t) = prod_(t_j <= t) (1 - d_j / n_j),     sigma^2(t) = sum_(t_j <= t) d_j / (n_j (n_j - d_j)),     se(S) = S sigma
    log       S exp(-+ z sigma), cut at 1
    log-log   S^exp(+- z sigma / log S)
    median    the smallest t with S(t) <= 1/2; where S is 1/2 up to the next event, the middle between the two
    mean up to tau    the area under S from 0 to tau

with d_j events among the n_j cases that are under observation just before t_j (censored at t_j: still there).

Source: Kaplan and Meier (1958), JASA 53:457; Greenwood (1926), Reports on Public Health and Medical Subjects 33;
log-log limits: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.interval import Interval

Scale = Literal["log-log", "log"]
HALF = 1e-12
"""How near to one half S must be to be one half: it is a product of fractions."""


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """Per distinct time, all (n_times,): ``time``, ``n_risk`` just before it, ``n_events`` at it, ``survival`` from it
    on, and ``sigma2``, infinite once S is 0."""

    time: np.ndarray
    n_risk: np.ndarray
    n_events: np.ndarray
    survival: np.ndarray
    sigma2: np.ndarray

    @property
    def se(self) -> np.ndarray:
        """Greenwood's standard error of S, (n_times,); NaN once S is 0."""
        return self.survival * np.sqrt(np.where(self.survival > 0, self.sigma2, np.nan))


def kaplan_meier(time: np.ndarray, event: np.ndarray) -> KaplanMeier:
    """The curve of cases followed up to ``time`` (n_cases,), not negative, with an ``event`` (n_cases,) then, 1, or
    censored, 0. Without a case there are no times; without an event S stays 1."""
    distinct, place = np.unique(time, return_inverse=True)
    n_events = np.bincount(place, event, minlength=len(distinct))
    n_risk = len(time) - np.searchsorted(np.sort(time), distinct)
    left = n_risk - n_events
    parts = np.divide(n_events, n_risk * left, out=np.full(len(distinct), np.inf), where=left > 0)
    return KaplanMeier(distinct, n_risk, n_events, np.cumprod(left / n_risk), np.cumsum(parts))


def survival_interval(curve: KaplanMeier, *, level: float = 0.95, scale: Scale = "log-log") -> Interval:
    """S with its limits, (n_times,) each. The limits are 1 before the first event, and NaN once S is 0."""
    s = curve.survival
    margin = normal_quantile(level) * np.sqrt(np.where(s > 0, curve.sigma2, np.nan))
    if scale == "log":
        return Interval(s, s * np.exp(-margin), np.minimum(1, s * np.exp(margin)))
    log = np.log(s, out=np.full(len(s), np.nan), where=(s > 0) & (s < 1))
    low, high = s ** np.exp(-margin / log), s ** np.exp(margin / log)
    return Interval(s, np.where(s == 1, 1.0, low), np.where(s == 1, 1.0, high))


def at_times(curve: KaplanMeier, values: np.ndarray, times: np.ndarray, *, before: float = 1.0) -> np.ndarray:
    """The step function with ``values`` (n_times,) from each time of the curve on, at ``times`` (m,); ``before`` the
    first."""
    return np.concatenate([[before], values])[np.searchsorted(curve.time, times, "right")]


def numbers_at_risk(curve: KaplanMeier, times: np.ndarray) -> np.ndarray:
    """How many cases are under observation just before ``times`` (m,)."""
    return np.append(curve.n_risk, 0)[np.searchsorted(curve.time, times)]


def median(curve: KaplanMeier) -> float:
    """The median time to the event; NaN if S does not come down to one half."""
    below = np.flatnonzero(curve.survival <= 0.5 + HALF)
    if not len(below):
        return np.nan
    first = below[0]
    later = np.flatnonzero(curve.survival < 0.5 - HALF)
    if curve.survival[first] < 0.5 - HALF:
        return float(curve.time[first])
    # one half from here on: to the next event, or to the end of the follow-up
    return float((curve.time[first] + curve.time[later[0] if len(later) else -1]) / 2)


def restricted_mean(curve: KaplanMeier, tau: float) -> float:
    """The mean time without the event up to ``tau``; NaN if nobody was followed that long and S is not 0 by then."""
    if not len(curve.time) or (tau > curve.time[-1] and curve.survival[-1] > 0):
        return np.nan
    edges = np.concatenate([[0.0], curve.time[curve.time < tau], [tau]])
    return float(at_times(curve, curve.survival, edges[:-1]) @ np.diff(edges))
