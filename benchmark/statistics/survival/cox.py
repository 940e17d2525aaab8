"""Cox's proportional hazards model: what multiplies the rate of the event, with tied times by Efron or by Breslow.

    log L = sum_m [x_m'b - log A_m],     A_m = sum_(j at risk) e^(x_j'b) - f_m sum_(j at the same time) e^(x_j'b)
    f_m = l / d for the l-th (from 0) of d events at one time (Efron), 0 (Breslow)
    b <- b + h I^-1 U,   U = sum_m (x_m - E_m),   I = sum_m V_m,   E_m, V_m: mean and covariance of x under A_m
    Wald  b' I b     score  U(0)' I(0)^-1 U(0)     likelihood ratio  2 (log L(b) - log L(0))     df = columns

Source: Cox (1972), JRSS B 34:187; Efron (1977), JASA 72:557; Breslow (1974), Biometrics 30:89. R's survival has Efron's
ties by default, as here; SAS and many papers Breslow's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from benchmark.statistics.aucs import JointTest, normal_quantile
from benchmark.statistics.interval import Interval

Ties = Literal["efron", "breslow"]
STEPS, HALVINGS = 50, 20
LARGEST = 30.0
"""A log hazard ratio between two cases above which the likelihood has no maximum but at infinity."""


@dataclass(frozen=True, eq=False)
class CoxFit:
    """``coefficients`` (p,), log hazard ratios per unit, and their ``covariance`` (p, p); the log-likelihoods with and
    without them, and the three tests that all are 0. All NaN where there is no finite maximum."""

    coefficients: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    null_log_likelihood: float
    likelihood_ratio: JointTest
    wald: JointTest
    score: JointTest

    @property
    def se(self) -> np.ndarray:
        """(p,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def statistic(self) -> np.ndarray:
        """z of each coefficient, (p,)."""
        return self.coefficients / self.se

    @property
    def p(self) -> np.ndarray:
        """Two-sided p of each coefficient, (p,)."""
        return 2 * special.ndtr(-np.abs(self.statistic))

    @property
    def aic(self) -> float:
        """Akaike's criterion, from the partial likelihood."""
        return 2 * len(self.coefficients) - 2 * self.log_likelihood


@dataclass(frozen=True, eq=False)
class EventTerms:
    """One row per event, (n_events, ...): its ``time``; ``log_share``, its term of log L; ``residual``, x_m - E_m (with
    ties the shares of one time add up to those of its events); ``spread``, V_m."""

    time: np.ndarray
    log_share: np.ndarray
    residual: np.ndarray
    spread: np.ndarray


def cox(time: np.ndarray, event: np.ndarray, X: np.ndarray, *, ties: Ties = "efron") -> CoxFit:
    """The fit of ``X`` (n_cases, p) to cases followed up to ``time`` (n_cases,) with an ``event`` (n_cases,) then, 1,
    or censored, 0. NaN without an event, with a NaN, with dependent or constant columns, and where a column parts the
    events from all cases at risk so that its coefficient is infinite."""
    scale = X.std(0) if len(X) else np.zeros(X.shape[1])
    if not ((scale > 0).all() and np.sum(event) > 0):
        return _nothing(X.shape[1])
    scaled = (X - X.mean(0)) / scale
    null = event_terms(time, event, scaled, np.zeros(X.shape[1]), ties=ties)
    beta, terms = np.zeros(X.shape[1]), null
    for _ in range(STEPS):
        information = terms.spread.sum(0)
        if not np.linalg.cond(information) < 1e12 or np.ptp(scaled @ beta) > LARGEST:
            break
        step = np.linalg.solve(information, terms.residual.sum(0))
        beta, terms = _climbed(time, event, scaled, beta, step, terms, ties)
        if np.abs(step).max() <= 1e-10 * max(1.0, float(np.abs(beta).max())):
            return _fit(beta, scale, terms, null)
    return _nothing(X.shape[1])


def hazard_ratios(fit: CoxFit, *, level: float = 0.95) -> Interval:
    """exp(b) with Wald's limits, (p,) each; NaN if the fit is."""
    margin = normal_quantile(level) * fit.se
    return Interval(*(np.exp(fit.coefficients + shift) for shift in (0, -margin, margin)))


def event_terms(
    time: np.ndarray, event: np.ndarray, X: np.ndarray, beta: np.ndarray, *, ties: Ties = "efron"
) -> EventTerms:
    """The terms of the likelihood and its derivatives at ``beta`` (p,), in the order of time; at least
    one event."""
    order = np.lexsort((np.asarray(event) != 1, time))
    t, happened, x = time[order], np.asarray(event)[order] == 1, X[order]
    log_risk = x @ beta - np.max(x @ beta)
    moments = _moments(np.exp(log_risk), x)
    events = np.flatnonzero(happened)
    first = np.searchsorted(t, t[events])
    at_risk = np.cumsum(moments[::-1], axis=0)[::-1][first]
    started = np.concatenate([[True], np.diff(t[events]) > 0])
    start = np.maximum.accumulate(np.where(started, np.arange(len(events)), 0))
    place = np.cumsum(started) - 1
    deaths = np.bincount(place)[place]
    share = (np.arange(len(events)) - start) / deaths if ties == "efron" else np.zeros(len(events))
    together = np.add.reduceat(moments[events], np.flatnonzero(started), axis=0)[place]
    left = at_risk - share[:, None] * together
    p = X.shape[1]
    mean = left[:, 1 : p + 1] / left[:, :1]
    spread = left[:, p + 1 :].reshape(-1, p, p) / left[:, :1, None] - mean[:, :, None] * mean[:, None, :]
    return EventTerms(t[events], log_risk[events] - np.log(left[:, 0]), x[events] - mean, spread)


def _moments(risk: np.ndarray, x: np.ndarray) -> np.ndarray:
    """``risk`` (n_cases,) times (1, x, x x') of each case in one row."""
    squares = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    return risk[:, None] * np.hstack([np.ones((len(x), 1)), x, squares])


def _climbed(
    time: np.ndarray,
    event: np.ndarray,
    X: np.ndarray,
    beta: np.ndarray,
    step: np.ndarray,
    before: EventTerms,
    ties: Ties,
) -> tuple[np.ndarray, EventTerms]:
    """The step, shortened so that no two cases part by more than 5, and halved until the likelihood does not fall by
    more than rounding."""
    least = before.log_share.sum()
    least -= 1e-12 * max(1.0, abs(least))
    share = 1 / max(1.0, float(np.ptp(X @ step)) / 5)
    for _ in range(HALVINGS):
        moved = beta + share * step
        terms = event_terms(time, event, X, moved, ties=ties)
        if terms.log_share.sum() >= least:
            break
        share /= 2
    return moved, terms


def _fit(beta: np.ndarray, scale: np.ndarray, terms: EventTerms, null: EventTerms) -> CoxFit:
    information = terms.spread.sum(0)
    gradient = null.residual.sum(0)
    likelihood, before = float(terms.log_share.sum()), float(null.log_share.sum())
    return CoxFit(
        beta / scale,
        np.linalg.inv(information) / np.outer(scale, scale),
        likelihood,
        before,
        _test(2 * (likelihood - before), len(beta)),
        _test(beta @ information @ beta, len(beta)),
        _test(gradient @ np.linalg.solve(null.spread.sum(0), gradient), len(beta)),
    )


def _test(chi2: float, df: int) -> JointTest:
    return JointTest(float(chi2), df, float(special.chdtrc(df, chi2)))


def _nothing(p: int) -> CoxFit:
    none = JointTest(np.nan, p, np.nan)
    return CoxFit(np.full(p, np.nan), np.full((p, p), np.nan), np.nan, np.nan, none, none, none)
